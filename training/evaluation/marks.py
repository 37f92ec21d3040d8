"""Classes that nobody has labelled, on simulated scenes without algae: surf, rafts, ponds, shores, glint, seams."""

import dataclasses
import math
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from documents.coast import Coast
from documents.scene import Level
from documents.site import Site
from training.evaluation.alarms import LIMIT, allowed
from training.evaluation.imagery import BANDS, Progress, find, write_image
from training.evaluation.table import Cell, Table
from training.simulate.camera import Camera
from training.simulate.extent import Extent, scene_grid
from training.simulate.land import POND
from training.simulate.product import SENSING_TIME
from training.simulate.scene import Scene, compose
from training.simulate.sensor import resample
from training.simulate.shore import COARSE
from training.simulate.texture import enlarge, fractal, smoothstep

Float = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

FIRST_SEED = 9101

SHORE_M = 100.0
"""Land within this distance of the water is land at the shoreline."""

GLINT = 0.03
"""Reflectance of the brightest streaks of glint that are added: below what the masks take for glint. 示例."""

SWELL_GAIN = 3.0
"""How much rougher than usual the sea is. 示例."""

SEAM_STEP = 0.002
"""Standard deviation, in reflectance and in each band by itself, of the step between two detectors. 示例."""

SEAM_SLANT_DEG = 12.0
"""The track's inclination to the columns of a tile at middle latitudes. 示例."""


def bare_scene(site: Site, coast: Coast, seed: int, progress: Progress) -> Scene:
    """Return the simulated scene of ``seed`` without algae, its sea rougher and with streaks of glint."""
    _, grid = scene_grid(Extent.DEMO, site, coast)
    scene = compose(coast, grid, seed, SENSING_TIME, progress)
    rng = np.random.default_rng([seed, 0x911])
    streaks = smoothstep(fractal(scene.water.glint.shape, rng, largest=60.0, slope=1.8, stretch=4.0), 0.5, 2.0)
    water = dataclasses.replace(scene.water, glint=scene.water.glint + np.float32(GLINT) * streaks)
    return dataclasses.replace(
        scene, cover=np.zeros_like(scene.cover), water=water, swell=scene.swell * np.float32(SWELL_GAIN)
    )


def class_masks(scene: Scene, seam: Mask) -> Mapping[str, Mask]:
    """Return where each class is (rows, cols at 10 m)."""
    glint = enlarge(scene.water.glint, COARSE)
    return {
        "surf, breakers and wakes": scene.foam > 0.02,
        "ships": scene.hulls > 0.05,
        "rafts": scene.rafts > 0.05,
        "ponds": scene.land_class == POND,
        "land at the shoreline": scene.shore.land & (scene.shore.offshore_m > -SHORE_M),
        "all land": scene.shore.land,
        "glint": (glint > np.float32(0.4 * GLINT)) & ~scene.shore.land,
        "detector seams": seam,
        "clouds' edges and shadows": _near_cloud(scene),
        "all of the sea": ~scene.shore.land,
    }


def _near_cloud(scene: Scene) -> Mask:
    factor = scene.cover.shape[0] // scene.clouds.opacity.shape[0]
    return np.asarray((enlarge(scene.clouds.opacity, factor) > 0.02) | (enlarge(scene.clouds.shadow, factor) > 0.05))


def add_seams(values: Float, seed: int) -> Mask:
    """Add, in place, the steps of two detector seams to ``values`` (bands, rows, cols); return where they run."""
    rng = np.random.default_rng([seed, 0x5EA])
    rows, cols = np.mgrid[: values.shape[1], : values.shape[2]].astype(np.float32)
    beside = np.zeros(values.shape[1:], bool)
    for place in (0.3, 0.7):
        across = cols + math.tan(math.radians(SEAM_SLANT_DEG)) * rows - np.float32(place * values.shape[2])
        values += rng.normal(0.0, SEAM_STEP, (len(values), 1, 1)).astype(np.float32) * (across > 0)
        beside |= np.abs(across) < 3.0
    return beside


def marks_table(site: Site, coast: Coast, seeds: int, weights: Path, progress: Progress) -> Table:
    """Return called pixels of every class over ``seeds`` scenes, by turns L1C and L2A."""
    called: dict[str, int] = {}
    totals: dict[str, int] = {}
    for index in range(seeds):
        seed, level = FIRST_SEED + index, (Level.L1C, Level.L2A)[index % 2]
        progress(f"scene {seed} {level}", index / seeds)
        scene = bare_scene(site, coast, seed, lambda _message, _share: None)
        camera = Camera(scene, level)
        values = np.stack([resample(camera.reflectance(band), band) for band in BANDS])
        masks = class_masks(scene, add_seams(values, seed))
        with tempfile.TemporaryDirectory() as temporary:
            image = Path(temporary) / "bare.tif"
            write_image(image, values, scene.grid, SENSING_TIME, level)
            found = find(image, weights, lambda _message, _share: None)
        for name, mask in masks.items():
            called[name] = called.get(name, 0) + int((found.called & mask).sum())
            totals[name] = totals.get(name, 0) + int(mask.sum())
    rows: list[tuple[Cell, ...]] = [
        (name, total, called[name], allowed(total), "yes" if called[name] <= allowed(total) else "no")
        for name, total in totals.items()
        if total
    ]
    return Table(
        "simulated-classes",
        f"Simulated scenes without algae ({seeds}, L1C and L2A by turns): pixels the network calls",
        (
            f"Allowed: one pixel or {LIMIT:.1%}. Detection runs without a coastline: land is what the image shows.",
            "The peers' thresholds are for Rayleigh-corrected images and are not asked here.",
        ),
        ("class", "pixels", "called", "allowed", "holds"),
        tuple(rows),
    )
