"""The latent plane: points of a two-dimensional code, and the picture decoded wherever the pointer stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from aedemo.page.components.markup import element, tint, words
from aedemo.page.images import Sprite, sprite
from aedemo.page.theme import CLASSES


@dataclass(frozen=True)
class LatentMap:
    """Codes (N, 2) with a group each, codes to mark (K, 2), and the decoded grid over the ranges of x and y."""

    points: np.ndarray
    groups: np.ndarray
    names: tuple[str, ...]
    marks: np.ndarray
    grid: Sprite
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    titles: tuple[str, str]
    mark_name: str = "this picture"
    colours: np.ndarray | None = None  # (N, 3) in [0, 1], a colour of its own for each point instead of its group's

    def to_payload(self) -> dict[str, Any]:
        """Ready for JSON; three decimals are below a pixel."""
        return {
            "x": self.points[:, 0].astype(float).round(3).tolist(),
            "y": self.points[:, 1].astype(float).round(3).tolist(),
            "groups": self.groups.astype(int).tolist(),
            "names": self.names,
            "point_colors": None if self.colours is None else _css_colours(self.colours),
            "colors": [CLASSES[index % len(CLASSES)] for index in range(len(self.names))],
            "marks": self.marks.astype(float).round(4).tolist(),
            "mark_name": self.mark_name,
            "x_range": self.x_range,
            "y_range": self.y_range,
            "titles": self.titles,
        }


def latent_map(
    points: np.ndarray,
    groups: np.ndarray,
    names: Sequence[str],
    grid: np.ndarray,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    marks: np.ndarray | None = None,
    titles: tuple[str, str] = ("z₁", "z₂"),
    mark_name: str = "this picture",
    colours: np.ndarray | None = None,
) -> LatentMap:
    """The plane of a code with M = 2.

    points (N, 2) float, groups (N,) int into names; marks (K, 2), one for a picture, many for its patches.
    colours: (N, 3) in [0, 1] where each point has a colour of its own, and groups do not count.
    grid: float (n, n, C, H, W) in [0, 1]; grid[j, i] is decoded at x = linspace(*x_range, n)[i],
        y = linspace(*y_range, n)[j], so row 0 is the lowest y.
    """
    rows, columns = grid.shape[:2]
    if rows != columns or rows < 2:
        raise ValueError(f"grid has {rows} x {columns} cells; a square of at least 2 x 2 is needed")
    sheet = sprite(grid.reshape(rows * columns, *grid.shape[2:]), columns=columns)
    nothing = np.zeros((0, 2), np.float32)
    return LatentMap(
        np.asarray(points), np.asarray(groups), tuple(names), nothing if marks is None else np.atleast_2d(marks),
        sheet, (float(x_range[0]), float(x_range[1])), (float(y_range[0]), float(y_range[1])), titles, mark_name,
        colours,
    )  # fmt: skip


def _css_colours(colours: np.ndarray) -> list[str]:
    levels = (np.clip(colours, 0, 1) * 255).round().astype(np.uint8)
    return ["#" + bytes(level).hex() for level in levels]


def plane(name: str, decoded: str, label: str, height: int = 380) -> str:
    """The plane; `decoded` names the box that shows the picture at its crosshair. Arrow keys move the crosshair."""
    field = element(
        "div",
        element("div", class_="ae-plot"),
        element("canvas", class_="ae-marks", width=1, height=1, aria_hidden="true"),
        element("div", class_="ae-cross", hidden=True, aria_hidden="true"),
        class_="ae-plane",
        style=f"height:{height}px",
        tabindex=0,
        role="group",
        aria_label=f"{label}. Move the pointer, or use the arrow keys, to decode another point.",
        data_part="plane",
        data_name=name,
        data_decoded=decoded,
    )
    return element("div", field, element("div", class_="ae-legend"))


def decoded(name: str, title: str, variant: str | None = None, size: int = 160) -> str:
    """The box beside a plane: the decoded picture at the crosshair, and the code it stands for."""
    style = ";".join(part for part in (tint(variant), f"--size:{size}px") if part)
    return element(
        "figure",
        element("figcaption", words(title), class_="ae-heading"),
        element("div", element("canvas", width=1, height=1), class_="ae-picture", role="img", aria_label=title),
        element("p", class_="ae-number", aria_live="polite", data_line="big"),
        element("p", class_="ae-quiet", data_line="small"),
        class_="ae-strip ae-decoded",
        style=style,
        data_decoded_box=name,
        data_title=title,
    )
