"""Images in a wrap-around grid with captions, which may change with a slider: the filters of the active units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np

from aedemo.page.components.markup import element, tint
from aedemo.page.sprites import Source, Sprite, sprite


@dataclass(frozen=True)
class Tiles:
    """A sprite of all images there are; for each frame, the (index, caption) of those it shows, in order.

    values: of images that are chosen by a click, what each sets, in the order of `shown`; chosen: the one that is
    """

    sprite: Sprite
    shown: tuple[tuple[tuple[int, str], ...], ...]
    values: tuple[tuple[str, ...], ...] = ()
    chosen: str = ""

    def to_payload(self, source: Source = attrgetter("src")) -> dict[str, Any]:
        """The sprite's numbers and what is shown beside each other, ready for JSON."""
        picked = {"values": self.values, "chosen": self.chosen} if self.values else {}
        return self.sprite.to_payload(source) | {"shown": self.shown} | picked


def tiles(
    images: np.ndarray, shown: Sequence[Sequence[tuple[int, str]]] | None = None, pixelated: bool | None = None
) -> Tiles:
    """Tiles from float (F, C, H, W) in [0, 1]; where `shown` is None, all of them in every frame, without captions."""
    if shown is None:
        shown = [[(index, "") for index in range(len(images))]]
    frames = tuple(tuple((int(index), str(caption)) for index, caption in frame) for frame in shown)
    worst = max((index for frame in frames for index, _ in frame), default=0)
    if worst >= len(images):
        raise ValueError(f"shown names image {worst}; there are {len(images)}")
    return Tiles(sprite(images, pixelated), frames)


def images(
    name: str,
    label: str,
    slider: str | None = None,
    variant: str | None = None,
    size: int = 56,
    picks: str | None = None,
) -> str:
    """The grid; `size` is the width of an image in pixels, `label` what a screen reader says of all of them.

    picks: the choice that a click on one of them sets
    """
    return element(
        "div",
        class_="ae-images",
        style=";".join(part for part in (tint(variant), f"--size:{size}px") if part),
        role="group",
        aria_label=label,
        data_widget="images",
        data_name=name,
        data_slider=slider,
        data_picks=picks,
    )
