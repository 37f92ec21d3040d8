"""The spectra agree with the field's sheet."""

from collections.abc import Mapping

import pytest

from training import endmembers
from training.endmembers import BANDS, CLEAR_WATER, SARGASSUM, ULVA, Spectrum, floating_index


def afai(spectrum: Spectrum) -> float:
    return floating_index(spectrum, "B04", "B06", "B8A")


SPECTRA = [name for name, value in vars(endmembers).items() if isinstance(value, Mapping) and "B08" in value]


@pytest.mark.parametrize("name", [name for name in SPECTRA if name != "WAVELENGTH_NM"])
def test_spectra_are_reflectances_in_every_band(name: str) -> None:
    value = getattr(endmembers, name)
    assert tuple(sorted(value)) == tuple(sorted(BANDS))
    assert all(0.0 <= value[band] <= 1.0 for band in BANDS)


def test_ulva_has_the_stated_index_at_full_cover() -> None:
    assert afai(ULVA) == pytest.approx(0.22, abs=0.01)
    assert floating_index(ULVA, "B04", "B08", "B11") == pytest.approx(0.49, abs=0.01)


def test_sargassum_is_extrapolated_to_its_published_scale() -> None:
    assert afai(SARGASSUM) - afai(CLEAR_WATER) == pytest.approx(endmembers.SARGASSUM_AFAI_PER_COVER, abs=1e-6)
    assert 0.5 < endmembers.SARGASSUM_MIXED_COVER < 0.8


def test_foam_is_whiter_than_algae_and_has_no_red_edge() -> None:
    assert endmembers.FOAM["B04"] == pytest.approx(endmembers.FRESH_FOAM_RED)
    assert endmembers.FOAM["B08"] < endmembers.FOAM["B04"]
