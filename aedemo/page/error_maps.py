"""Error maps as numbers, which the page gives colours: exact, in steps of a grey level."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np

from aedemo.page.sprites import Source, Sprite, shown_as_pixels

GREY = 255  # levels from black to white, which the images themselves are shown in
MAX_LEVEL = 127  # grey levels: what one signed byte holds


@dataclass(frozen=True)
class ErrorMaps:
    """values: int8 (F, H, W) in grey levels, as `packed` writes them; limit: of full colour, in grey levels."""

    values: Sprite
    limit: float

    def to_payload(self, source: Source = attrgetter("src")) -> dict[str, Any]:
        """The values' numbers and the limit beside each other."""
        return self.values.to_payload(source) | {"limit": self.limit}


def error_maps(errors: np.ndarray, limit: float) -> ErrorMaps:
    """Signed errors, float (F, C, H, W), averaged over channels; images compared share one limit.

    Whole grey levels, up to ±127: what is shown is off by half a level at most. NaN counts as 0.
    """
    if not limit > 0:
        raise ValueError(f"limit is {limit}; a positive number is needed")
    mean = np.nan_to_num(errors.mean(axis=1, dtype=np.float32) * GREY)
    levels = np.rint(np.clip(mean, -MAX_LEVEL, MAX_LEVEL)).astype(np.int8)  # (F, H, W)
    count, height, width = levels.shape
    values = Sprite(packed(levels), "application/zlib", width, height, 1, count, shown_as_pixels(errors))
    return ErrorMaps(values, GREY * limit)


def packed(levels: np.ndarray) -> bytes:
    """int8 (F, H, W) without loss, for error-maps.js to read.

    Each frame after the first is the difference from the one before; of these, each value is the difference from what
    its neighbours on the left and above suggest (the median of left, above, and left + above - the one between, as in
    LOCO-I, Weinberger et al. 2000); all modulo 256, in the format of zlib, whose search for repetitions finds none.
    """
    changes = np.diff(levels, axis=0, prepend=np.zeros_like(levels[:1])).astype(np.int16)
    around = np.pad(changes, ((0, 0), (1, 0), (1, 0)))
    left, above, between = around[:, 1:, :-1], around[:, :-1, 1:], around[:, :-1, :-1]
    guess = np.clip(left + above - between, np.minimum(left, above), np.maximum(left, above))
    writer = zlib.compressobj(strategy=zlib.Z_RLE, memLevel=9)
    return writer.compress((changes - guess).astype(np.uint8).tobytes()) + writer.flush()
