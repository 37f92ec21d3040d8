"""The camera: what each band of a product holds of a scene, and its scene classification."""

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from documents.scene import Level
from training.endmembers import BANDS
from training.simulate import sensor
from training.simulate.clouds import FINE
from training.simulate.land import VEGETATION
from training.simulate.scene import Scene
from training.simulate.sky import to_surface
from training.simulate.texture import F32, shrink

U8 = npt.NDArray[np.uint8]

STRIP = 600
"""Rows of 10 m composed at a time: what bounds the memory of a full tile."""

AOT_ERROR = 0.02
"""示例: standard deviation of the error of the Level-2A processor's estimate of the aerosol optical thickness."""


class Camera:
    """The sensor: reflectance of each band as a product of ``level`` holds it."""

    def __init__(self, scene: Scene, level: Level) -> None:
        self._scene = scene
        self._level = level
        error = np.random.default_rng([scene.seed, 0xA07]).normal(0.0, AOT_ERROR)
        self._assumed_aot = max(scene.aot + float(error), 0.0)

    def reflectance(self, band: str) -> F32:
        """Return ``band`` at its native resolution: top of atmosphere for L1C, surface for L2A.

        The L2A image is the noisy L1C image corrected with a slightly wrong aerosol, which leaves the residual errors
        that real ones have.
        """
        scene, step = self._scene, sensor.factor(band)
        rows, cols = scene.cover.shape
        halo = sensor.HALO_PX * 6
        image = np.empty((rows // step, cols // step), np.float32)
        for index, top in enumerate(range(0, rows, STRIP)):
            bottom = min(top + STRIP, rows)
            first, last = max(top - halo, 0), min(bottom + halo, rows)
            seen = sensor.observe(scene.toa(band, slice(first, last)), band)
            seen = seen[(top - first) // step : (bottom - first) // step]
            rng = np.random.default_rng([scene.seed, BANDS.index(band), index])
            seen = sensor.add_noise(seen, band, scene.geometry.sun_zenith, rng)
            if self._level is Level.L2A:
                seen = to_surface(seen, band, scene.geometry, self._assumed_aot)
            image[top // step : bottom // step] = seen
        return image


class SceneClass(IntEnum):
    """The codes of Sen2Cor's scene classification that are used here (ESA, Sentinel-2 Level-2A algorithm)."""

    SHADOW = 3
    VEGETATION = 4
    BARE = 5
    WATER = 6
    UNCLASSIFIED = 7
    CLOUD_MEDIUM = 8
    CLOUD_HIGH = 9


MAT_COVER = 0.3
"""示例: cover at 20 m from which a mat's NDVI is that of land vegetation (0.8 at full cover) and SCL says so."""


def scene_classification(scene: Scene) -> U8:
    """Return the 20 m scene classification that an L2A product would carry: dense mats are vegetation on the water."""
    codes = np.full(scene.clouds.opacity.shape, SceneClass.WATER, np.uint8)
    land = scene.land_class[::FINE, ::FINE]
    codes[np.isin(land, VEGETATION)] = SceneClass.VEGETATION
    codes[(land > 0) & ~np.isin(land, VEGETATION)] = SceneClass.BARE
    codes[shrink((scene.foam + scene.hulls), FINE) > 0.3] = SceneClass.UNCLASSIFIED
    codes[shrink(scene.cover, FINE) > MAT_COVER] = SceneClass.VEGETATION
    codes[scene.clouds.shaded] = SceneClass.SHADOW
    codes[scene.clouds.opaque] = SceneClass.CLOUD_MEDIUM
    codes[scene.clouds.opacity > 0.6] = SceneClass.CLOUD_HIGH
    return codes
