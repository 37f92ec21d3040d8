"""Seeded random textures: the raw material of water, clouds, land and algae."""

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import scipy.fft

F32 = npt.NDArray[np.float32]

SpectralWeight = Callable[[F32, F32], F32]
"""From wave numbers (cycles per pixel along rows, along columns) to amplitude."""


def spectral_noise(shape: tuple[int, int], rng: np.random.Generator, weight: SpectralWeight) -> F32:
    """Return seamless Gaussian noise of ``shape`` with mean 0, variance 1 and the amplitude spectrum ``weight``."""
    size = (scipy.fft.next_fast_len(shape[0], real=True), scipy.fft.next_fast_len(shape[1], real=True))
    spectrum = scipy.fft.rfft2(rng.standard_normal(size, dtype=np.float32))
    along_rows = scipy.fft.fftfreq(size[0]).astype(np.float32)[:, None]
    along_cols = scipy.fft.rfftfreq(size[1]).astype(np.float32)[None, :]
    amplitude = weight(along_rows, along_cols).astype(np.float32)
    amplitude[0, 0] = 0.0
    spectrum *= amplitude
    field: F32 = scipy.fft.irfft2(spectrum, s=size).astype(np.float32)[: shape[0], : shape[1]]
    deviation = float(field.std())
    return np.ascontiguousarray(field / deviation if deviation > 0 else field)


def fractal(
    shape: tuple[int, int],
    rng: np.random.Generator,
    *,
    largest: float,
    smallest: float = 2.0,
    slope: float = 1.8,
    stretch: float = 1.0,
) -> F32:
    """Return noise (variance 1) whose amplitude falls as wave number to the power −``slope``.

    Structures run from ``smallest`` to ``largest`` pixels; ``stretch`` lengthens them along the rows' axis.
    """

    def weight(r: F32, c: F32) -> F32:
        k = np.hypot(r * np.float32(stretch), c)
        band = np.exp(-((k * np.float32(smallest) / 2.0) ** 2))
        return np.asarray(band / (k + np.float32(1.0 / largest)) ** slope, np.float32)

    return spectral_noise(shape, rng, weight)


def smoothstep(value: F32, low: float, high: float) -> F32:
    """Return 0 below ``low``, 1 above ``high`` and a smooth cubic between."""
    t = np.clip((value - np.float32(low)) / np.float32(high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), np.float32)


def sigmoid(value: F32) -> F32:
    """Return the logistic function of ``value``."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * value)), np.float32)


def enlarge(coarse: F32, factor: int, rows: slice | None = None) -> F32:
    """Return ``coarse`` interpolated bilinearly to pixels ``factor`` times finer.

    ``rows`` (fine rows, both ends multiples of ``factor``) asks for a strip; strips are the same as the whole cut up.
    """
    height = coarse.shape[0]
    first, last = (0, height) if rows is None else (rows.start // factor, rows.stop // factor)
    above, below = max(first - 1, 0), min(last + 1, height)
    part = np.ascontiguousarray(coarse[above:below])
    size = (part.shape[1] * factor, part.shape[0] * factor)
    fine: F32 = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_LINEAR), np.float32)
    return fine[(first - above) * factor : (last - above) * factor]


def shrink(fine: npt.NDArray[np.floating], factor: int) -> F32:
    """Return the means over blocks of ``factor`` × ``factor`` pixels; the size must be a multiple of ``factor``."""
    rows, cols = fine.shape
    size = (cols // factor, rows // factor)
    return np.asarray(cv2.resize(fine.astype(np.float32, copy=False), size, interpolation=cv2.INTER_AREA), np.float32)
