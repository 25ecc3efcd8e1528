"""Frames that lie on a line between two images: both travel, and the page mixes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np

from aedemo.page.sprites import Source, Sprite, sprite

ZERO, MAX_STEP = 128, 127  # the byte that stands for no difference, and how many steps lie on each side of it


@dataclass(frozen=True)
class Mixture:
    """Frame k is first + weights[k] · (difference - 128), in grey levels; both are one image, lossless."""

    first: Sprite
    difference: Sprite
    weights: tuple[float, ...]

    def to_payload(self, source: Source = attrgetter("src")) -> dict[str, Any]:
        """The size of a frame, both images, and the weights."""
        return {
            "width": self.first.width, "height": self.first.height, "frames": len(self.weights),
            "pixelated": self.first.pixelated, "first": self.first.to_payload(source),
            "difference": self.difference.to_payload(source), "weights": self.weights,
        }  # fmt: skip


def mixture(first: np.ndarray, last: np.ndarray, shares: Sequence[float]) -> Mixture:
    """first + share · (last - first) for each share, of images float (1, C, H, W).

    first: in [0, 1]; last: anything. The difference is rounded to 255 steps, so a frame is off by at most share / 254
    of the largest difference: of normal noise, 40 dB below the noise itself.
    """
    difference = last - first
    largest = max(float(np.abs(difference).max()), 1e-6)
    steps = np.rint(ZERO + MAX_STEP * difference / largest).astype(np.uint8)
    weights = tuple(round(255 * largest * share / MAX_STEP, 6) for share in shares)
    return Mixture(sprite(first), sprite(steps), weights)
