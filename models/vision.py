"""The one place through which torchvision is imported.

Some wheels of torchvision are built for CUDA and look up the compiled operators ``torchvision::nms`` and
``torchvision::qnms`` when they are imported; beside a CPU build of torch these do not exist and the import fails with
"operator torchvision::nms does not exist". Greentide uses neither operator, so on exactly that error their schemas are
defined and the import is tried again. Where the plain import works (a GPU machine, a matching wheel) nothing is done.
"""

import importlib
import sys
from types import ModuleType

import torch

_KEPT: list[torch.library.Library] = []  # the definitions live as long as the library object does


def import_torchvision() -> ModuleType:
    """Return the module ``torchvision``, importable or cured; any other error is passed on."""
    try:
        return importlib.import_module("torchvision")
    except RuntimeError as error:
        if "operator torchvision::nms does not exist" not in str(error):
            raise
    for name in [name for name in sys.modules if name == "torchvision" or name.startswith("torchvision.")]:
        del sys.modules[name]
    library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")  # type: ignore[no-untyped-call]
    library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")  # type: ignore[no-untyped-call]
    _KEPT.append(library)
    return importlib.import_module("torchvision")


torchvision = import_torchvision()
