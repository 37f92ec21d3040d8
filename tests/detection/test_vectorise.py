from datetime import UTC, datetime

import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from odc.geo.geobox import GeoBox
from shapely.geometry import MultiPolygon, Point, Polygon

from detection.segment import CoverMap
from detection.vectorise import components, drop_specks, make_patch, nearest_place, outline_of
from documents.geodesy import pixel_areas, reproject
from documents.patches import Kind
from documents.site import Site

GRID = GeoBox((40, 40), Affine(10, 0, 400_000, 0, -10, 4_030_000), "epsg:32651")
TIME = datetime(2026, 6, 18, 2, 35, 51, tzinfo=UTC)


def cover_map(cover: np.ndarray, ulva: float = 1.0) -> CoverMap:
    called = np.flatnonzero(cover > 0)
    n = len(called)
    return CoverMap(
        GRID,
        cover.astype(np.float32),
        np.ones(cover.shape, np.uint8),
        called,
        np.full(n, 0.9, np.float32),
        np.full(n, True),
        cover.ravel()[called].astype(np.float32) * 0.49,
        np.full(n, ulva, np.float32),
    )


def block(value: float = 0.5) -> np.ndarray:
    cover = np.zeros((40, 40))
    cover[10:16, 20:25] = value
    return cover


covers = arrays(np.bool_, (40, 40), elements=st.booleans()).map(lambda mask: mask * 0.4)


@settings(max_examples=40)
@given(covers)
def test_outlines_enclose_exactly_the_pixels(cover: np.ndarray):
    """The area of the outline is that of its pixels, but for the touch of two corners."""
    data = cover_map(cover)
    for component in components(data)[:3]:
        outline = reproject(outline_of(component, GRID), 4326, 32651)
        assert outline.is_valid
        assert outline.area == pytest.approx(100 * len(component.rows), rel=0.35, abs=60)
        for row, col in zip(component.rows, component.cols, strict=True):
            assert outline.buffer(0.5).contains(Point(400_005 + 10 * col, 4_029_995 - 10 * row))


def test_a_block_s_outline_is_its_edge():
    (component,) = components(cover_map(block()))
    outline = reproject(outline_of(component, GRID), 4326, 32651)
    assert outline.area == pytest.approx(3000, rel=0.005)
    assert outline.bounds == pytest.approx((400_200, 4_029_840, 400_250, 4_029_900), abs=0.2)


def test_a_hole_stays_a_hole():
    cover = block()
    cover[12:14, 22] = 0
    (component,) = components(cover_map(cover))
    (polygon,) = outline_of(component, GRID).geoms
    assert len(polygon.interiors) == 1


def test_specks_are_dropped_from_the_map_as_well():
    cover = block()
    cover[30, 30] = cover[30, 31] = 0.7
    data = cover_map(cover)
    kept = components(data)
    assert len(kept) == 1
    drop_specks(data, kept)
    assert data.cover[30, 30] == 0
    assert (data.cover > 0).sum() == 30


def test_a_patch_adds_up(site: Site):
    data = cover_map(block(0.3))
    patch = make_patch(components(data)[0], data, site, TIME)
    area = pixel_areas(GRID, np.arange(10, 16), np.arange(20, 25)).sum()
    assert patch.coverage_area_km2 == pytest.approx(0.3 * area / 1e6, rel=1e-3)
    assert patch.pixels == 30
    assert patch.mean_cover == pytest.approx(0.3)
    assert patch.biomass.mid_t == pytest.approx(0.3 * 0.49 * 9.05 * area / 1000, rel=0.01)
    assert patch.biomass.low_t < patch.biomass.mid_t < patch.biomass.high_t
    assert patch.kind is Kind.ULVA
    polygon = MultiPolygon([Polygon(rings[0], rings[1:]) for rings in patch.polygons])
    assert polygon.buffer(1e-6).contains(Point(patch.centre))


@pytest.mark.parametrize(
    ("value", "ulva", "kind"),
    [(0.5, 0.95, Kind.ULVA), (0.5, 0.02, Kind.SARGASSUM), (0.5, 0.5, Kind.UNKNOWN), (0.1, 0.99, Kind.UNKNOWN)],
)
def test_the_kind_is_named_only_where_the_cover_tells(site: Site, value: float, ulva: float, kind: Kind):
    data = cover_map(block(value), ulva)
    assert make_patch(components(data)[0], data, site, TIME).kind is kind


def test_the_id_comes_from_the_content(site: Site):
    first, second = cover_map(block()), cover_map(np.roll(block(), 3, axis=1))
    one, again = (make_patch(components(first)[0], first, site, TIME).id for _ in range(2))
    other = make_patch(components(second)[0], second, site, TIME).id
    assert one == again != other


def test_the_nearest_place_is_named_with_bearing(site: Site):
    name, distance, bearing = nearest_place((121.705, 36.80), [p for p in site.places if p.name == "银滩"])
    assert name == "银滩"
    assert distance == pytest.approx(2663, abs=10)
    assert bearing == pytest.approx(180, abs=1)
    assert nearest_place((0, 0), ()) == ("—", 0.0, 0.0)
