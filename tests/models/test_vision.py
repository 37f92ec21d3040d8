import importlib
import sys

import pytest

from models import vision


def test_torchvision_has_what_the_segmenter_needs():
    assert vision.torchvision.models.mobilenet_v3_small is not None
    assert vision.torchvision.ops.sigmoid_focal_loss is not None


def test_any_other_error_of_the_import_is_passed_on(monkeypatch: pytest.MonkeyPatch):
    def fail(name: str) -> None:
        raise RuntimeError("something else is broken")

    monkeypatch.setattr(importlib, "import_module", fail)
    with pytest.raises(RuntimeError, match="something else"):
        vision.import_torchvision()


def test_where_the_plain_import_works_nothing_is_defined(monkeypatch: pytest.MonkeyPatch):
    module = object()
    monkeypatch.setattr(importlib, "import_module", lambda name: module)
    before = dict(sys.modules)
    kept = len(vision._KEPT)
    assert vision.import_torchvision() is module
    assert sys.modules == before
    assert len(vision._KEPT) == kept
