"""The numbers of an image as its file holds them, and how they become shades from 0 to 1."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from aedemo.uploads.colour import Encoding

TINY = float(np.finfo(np.float32).tiny)
SMALL_PART = 1 / 4  # of their range: values that use less than this are stretched


@dataclass(frozen=True)
class Samples:
    """A decoded and reduced image, not yet scaled.

    values: float32 (h, w, C), the means of blocks; multiplied by alpha where there is one
    alpha: float32 (h, w, 1) in [0, 1], or None
    bits: of each value; floats: 0. Values of up to 8 bits are never stretched
    low, high: the numbers shown as black and white if the whole range is used; of whole numbers of 32 and more bits and
        of floats, a range that grows with the values
    inverted: zero is white
    orientation: how the image still has to be turned, as EXIF counts
    encoding: what its colours mean (colour.py)
    """

    values: np.ndarray
    alpha: np.ndarray | None = None
    bits: int = 8
    low: float = 0.0
    high: float = 1.0
    inverted: bool = False
    orientation: int = 1
    encoding: Encoding = field(default_factory=Encoding)


def range_of(bits: int, signed: bool) -> tuple[float, float]:
    """The numbers that are black and white in whole numbers of so many bits; the least that they may be, above 16."""
    if bits > 16:
        return (-65535.0 if signed else 0.0), 65535.0
    return (-(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1) if signed else (0.0, 2.0**bits - 1)


def scale(samples: Samples, stretch: bool) -> tuple[np.ndarray, str | None, bool]:
    """Shades (h, w, C) in [0, 1], what to say of the scale, if anything, and whether it was stretched.

    stretch: values of more than 8 bits that use a small part of their range are shown from black to white.
    """
    usual = ends = samples.low, samples.high
    if samples.bits not in range(1, 9):
        used = used_range(samples)
        usual = ends = _usual(samples, *used)
        if stretch:
            ends = _stretched(samples.bits, usual, used)
    low, high = ends
    shades = _colours(samples)
    if ends != (0, 1):
        shades = shades / 2 - low / 2  # halves, since the range from low to high may be no float32
        shades /= high / 2 - low / 2
        np.clip(shades, 0, 1, out=shades)
    if samples.inverted:
        shades, low, high = 1 - shades, high, low
    words = f"{low:,.6g} is shown as black and {high:,.6g} as white"
    if ends != usual:
        return shades, f"Values use a small part of their range: {words}.", True
    return shades, None if ends == (samples.low, samples.high) else f"{words}.", False


def used_range(samples: Samples) -> tuple[float, float]:
    """The lowest and the highest value of pixels that do not mostly show through; zeros where there are none."""
    values = _colours(samples)
    seen = values if samples.alpha is None else values[samples.alpha[..., 0] > 0.5]
    return (float(seen.min()), float(seen.max())) if seen.size else (0.0, 0.0)


def _colours(samples: Samples) -> np.ndarray:
    return samples.values if samples.alpha is None else samples.values / np.maximum(samples.alpha, 1e-6)


def _usual(samples: Samples, lowest: float, highest: float) -> tuple[float, float]:
    """The numbers shown as black and white without a stretch."""
    low, high = samples.low, samples.high
    if low < 0 <= lowest:  # signed numbers of which none is negative: zero is black
        low = 0.0
    if samples.bits == 0 or (samples.bits > 16 and low < 0):
        low, high = min(0.0, lowest), max(high, highest)
    elif samples.bits > 16:
        high = max(high, _white(highest))
    return low, high


def _stretched(bits: int, usual: tuple[float, float], used: tuple[float, float]) -> tuple[float, float]:
    """The numbers shown as black and white where those in use are a small part of the usual ones.

    12-bit values in 16 bits have 4095 as white, since they are whole numbers of fewer bits; other values, and those far
    from zero, go from the lowest to the highest.
    """
    low, high = usual
    if bits and low == 0 <= used[0] and 1 <= used[1] < (high + 1) * SMALL_PART:
        high = _white(used[1])
    if TINY < used[1] - used[0] < (high - low) * SMALL_PART:
        low, high = used
    return low, high


def _white(highest: float) -> float:
    """The largest whole number with as many bits as this one."""
    return 2.0 ** math.ceil(math.log2(highest + 1) - 1e-6) - 1  # as a float32, 2³² - 1 is 2³²


def reduce_rows(parts: Iterable[np.ndarray], factor: int) -> np.ndarray:
    """Rows that come as float32 (n, W, C) -> the means over blocks of factor × factor, (h, w, C)."""
    return np.concatenate([_block_means(part, factor) for part in _regrouped(parts, factor)])


def _regrouped(parts: Iterable[np.ndarray], factor: int) -> Iterator[np.ndarray]:
    """The same rows, in parts of a multiple of `factor`; the last may have fewer."""
    rest = None
    for part in parts:
        part = part if rest is None else np.concatenate([rest, part])
        whole = len(part) // factor * factor
        if whole:
            yield part[:whole]
        rest = part[whole:]
    if rest is not None and len(rest):
        yield rest


def _block_means(part: np.ndarray, factor: int) -> np.ndarray:
    channels = (Image.fromarray(np.ascontiguousarray(part[..., c])) for c in range(part.shape[2]))
    return np.stack([np.asarray(channel.reduce(factor)) for channel in channels], axis=2)
