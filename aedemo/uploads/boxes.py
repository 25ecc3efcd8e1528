"""Connected pieces of a mask, and which of them belong together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from skimage.measure import label, regionprops


@dataclass(frozen=True)
class Box:
    """A rectangle around pieces: rows top to bottom - 1, columns left to right - 1; their labels and pixels."""

    top: int
    left: int
    bottom: int
    right: int
    labels: tuple[int, ...]
    area: int

    @property
    def extent(self) -> float:
        """Its diagonal."""
        return float(np.hypot(self.bottom - self.top, self.right - self.left))

    def joined(self, other: Box) -> Box:
        """The smallest box around both."""
        top, left = min(self.top, other.top), min(self.left, other.left)
        bottom, right = max(self.bottom, other.bottom), max(self.right, other.right)
        return Box(top, left, bottom, right, self.labels + other.labels, self.area + other.area)

    def gaps(self, other: Box) -> tuple[int, int]:
        """How far it is to another box, down and across; negative where they overlap."""
        down = max(self.top, other.top) - min(self.bottom, other.bottom)
        return down, max(self.left, other.left) - min(self.right, other.right)

    def off_middle(self, size: tuple[int, int]) -> float:
        """How far its middle is from that of an image of that size (H, W): 0, and 1 in the middle of a side."""
        height, width = size
        return float(np.hypot((self.top + self.bottom) / height - 1, (self.left + self.right) / width - 1))


def pieces(mask: np.ndarray) -> tuple[np.ndarray, list[Box]]:
    """The connected pieces of mask (H, W): their labels (H, W), 0 where there is none, and a box for each."""
    labels = label(mask)
    return labels, [Box(*region.bbox, (region.label,), int(region.area)) for region in regionprops(labels)]


def gather(thing: Box, others: list[Box], belongs: Callable[[Box, Box], bool]) -> tuple[Box, list[Box]]:
    """The thing with all others that belong to it, or to what belongs to it already; and those that do not."""
    while near := [other for other in others if belongs(other, thing)]:
        for other in near:
            thing = thing.joined(other)
        others = [other for other in others if other not in near]
    return thing, others
