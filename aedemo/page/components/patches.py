"""A filmstrip of masked frames whose patches a person hides and shows: a click, a stroke, or arrow keys and Space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np

from aedemo.page.components.filmstrip import Frames, filmstrip, frames_of
from aedemo.page.sprites import Source


@dataclass(frozen=True)
class Patches(Frames):
    """A filmstrip and its masks: grid (rows, columns) of patches; masks: one per frame, see explore.masked.to_hex."""

    grid: tuple[int, int] = (1, 1)
    masks: tuple[str, ...] = ()

    def to_payload(self, source: Source = attrgetter("src")) -> dict[str, Any]:
        """The filmstrip with its grid and masks, ready for JSON."""
        return super().to_payload(source) | {"grid": self.grid, "masks": self.masks}


def masked_frames(
    images: np.ndarray,
    errors: Sequence[float],
    clean: np.ndarray,
    grid: tuple[int, int],
    masks: Sequence[str],
    big: Sequence[str],
    small: str,
) -> Patches:
    """A filmstrip of masked frames, float (F, C, H, W) in [0, 1], that can be changed by hand.

    errors, clean: as in `filmstrip`.
    """
    filmstrip = frames_of(images, big, small, errors, clean)
    return Patches(filmstrip.sprite, filmstrip.big, filmstrip.small, grid=grid, masks=tuple(masks))


def patches(name: str, title: str, slider: str, picks: tuple[str, str], clean: str) -> str:
    """The filmstrip. picks: the two choices that a change by hand sets, the kind of mask and the mask itself.

    clean: the filmstrip whose image shows when a patch is shown again.
    """
    return filmstrip(name, title, slider, "image", widget="patches", picks=" ".join(picks), clean=clean)
