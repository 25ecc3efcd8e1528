"""A drawing as the strokes it was made of, and its pixels: what the page's drawing pad shows, made by the server.

Strokes are smaller than pixels, and some browsers change the pixels that a page reads back from a canvas.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageColor, ImageDraw
from torch import Tensor

PAD_SIDE = 280  # pixels of the drawing pad: ten of them for each of MNIST's
MAX_POINTS, MAX_WIDTH = 20_000, 100
OVERSAMPLING = 8  # pixels a side that are averaged into one: edges as smooth as a canvas draws them
WRONG = "This is no drawing: send strokes, each with its width, its points and whether it erases, and two colours."


@dataclass(frozen=True)
class Stroke:
    """A line with round ends through `points` (x, y) of the pad, `width` pixels wide; an eraser draws the ground."""

    points: tuple[tuple[float, float], ...]
    width: float
    eraser: bool = False


@dataclass(frozen=True)
class Drawing:
    """Strokes in their order, and the colours of ground and ink as `#rrggbb`."""

    strokes: tuple[Stroke, ...]
    ground: str
    ink: str

    @classmethod
    def from_json(cls, given: Any) -> Drawing:
        """The drawing that the page sends; ValueError where it is none."""
        try:
            strokes = tuple(map(_stroke, given["strokes"]))
            drawing = cls(strokes, given["ground"], given["ink"])
            colours = [re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in (drawing.ground, drawing.ink)]
        except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
            raise ValueError(WRONG) from error
        if not all(colours):
            raise ValueError(WRONG)
        if sum(len(stroke.points) for stroke in strokes) > MAX_POINTS:
            raise ValueError(f"This drawing has more than {MAX_POINTS} points: clear the pad and begin again.")
        return drawing

    def to_image(self) -> Tensor:
        """float32 (3, 280, 280) in [0, 1]."""
        large = Image.new("L", (PAD_SIDE * OVERSAMPLING,) * 2)
        draw = ImageDraw.Draw(large)
        for stroke in self.strokes:
            _draw(draw, stroke)
        covered = torch.from_numpy(np.asarray(large.reduce(OVERSAMPLING), dtype=np.float32) / 255)
        ground, ink = (
            torch.tensor(ImageColor.getrgb(colour))[:, None, None] / 255 for colour in (self.ground, self.ink)
        )
        return ground + (ink - ground) * covered


def _stroke(given: Mapping) -> Stroke:
    points = np.asarray(given["points"], dtype=np.float64).reshape(-1, 2).clip(-PAD_SIDE, 2 * PAD_SIDE)
    width = float(given["width"])
    if not (len(points) and np.isfinite(points).all() and 0 < width <= MAX_WIDTH):
        raise ValueError(WRONG)
    return Stroke(tuple(map(tuple, points.tolist())), width, bool(given["eraser"]))


def _draw(draw: ImageDraw.ImageDraw, stroke: Stroke) -> None:
    """A disc at every point and a rectangle between every two: round ends and round joints."""
    fill = 0 if stroke.eraser else 255
    # Pillow's pixel k lies around k, a canvas's between k and k + 1; and Pillow draws outlines half a pixel outwards.
    points = np.array(stroke.points) * OVERSAMPLING - 0.5
    radius = (stroke.width * OVERSAMPLING - 1) / 2
    for x, y in points:
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)
    for start, end in pairwise(points):
        if length := np.hypot(*(end - start)):
            across = (end - start)[::-1] * (radius / length) * (1, -1)
            corners = (start + across, end + across, end - across, start - across)
            draw.polygon([tuple(corner) for corner in corners], fill=fill)
