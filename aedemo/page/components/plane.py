"""The latent plane: points of a two-dimensional code, and the image decoded wherever the pointer stands."""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np

from aedemo.page.components.choice import segments
from aedemo.page.components.markup import element, tint, words
from aedemo.page.sprites import Source, Sprite
from aedemo.page.theme import CLASSES

PLANE_VIEWS = (("points", "Points"), ("tiles", "Decoded tiles"))  # how planes are seen; the first at the start


@dataclass(frozen=True)
class LatentMap:
    """Points of a code in a plane, or in space, with this image's place among them.

    points (N, 2) or (N, 3) float; groups (N,) int into names; marks (K, 2) or (K, 3), one for an image, many for its
    patches. grid: square, n × n images, of which the k-th in row j is decoded at x = linspace(*x_range, n)[k] and
    y = linspace(*y_range, n)[j], so row 0 is the lowest y; of points in space one for each point; None where nothing is
    decoded.
    colours: (N, 3) in [0, 1] where each point has a colour of its own, and groups do not count.
    picked: the index of the point that was chosen, if any; picks: whether one can be, and whether all planes of the tab
        that say so show the same test inputs, every `every`-th of them
    over: (N, 2) where another network puts the same inputs; input_name: what each of them is
    """

    points: np.ndarray
    groups: np.ndarray
    names: tuple[str, ...]
    marks: np.ndarray
    grid: Sprite | None
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    titles: tuple[str, ...] = ("z₁", "z₂")
    mark_name: str = "this image"
    colours: np.ndarray | None = None
    picked: int | None = None
    picks: bool = True
    every: int = 1
    over: np.ndarray | None = None
    input_name: str = "test image"

    def to_payload(self, source: Source = attrgetter("src")) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "points": _rounded(self.points.T),
            "groups": self.groups.astype(int).tolist(),
            "names": self.names,
            "point_colors": None if self.colours is None else _css_colours(self.colours),
            "colors": [CLASSES[index % len(CLASSES)] for index in range(len(self.names))],
            "marks": [_short(mark) for mark in self.marks],
            "mark_name": self.mark_name,
            "x_range": self.x_range,
            "y_range": self.y_range,
            "titles": self.titles,
            "picked": self.picked,
            "picks": self.picks,
            "every": self.every,
            "over": None if self.over is None else _rounded(self.over.T),
            "input_name": self.input_name,
            "grid_at_points": self.grid is not None and self.points.shape[1] == 3,
            "grid": None if self.grid is None else self.grid.to_payload(source),
        }


def _short(values: np.ndarray) -> list[float]:
    """Four significant digits of each."""
    return [float(f"{value:.4g}") for value in values]


def _rounded(values: np.ndarray) -> list[list[float]]:
    """Four significant digits of the largest, all at once: below a pixel."""
    largest = float(np.abs(values).max(initial=0))
    digits = 4 - math.ceil(math.log10(largest)) if largest > 0 else 0
    return np.round(values.astype(float), digits).tolist()


def _css_colours(colours: np.ndarray) -> list[str]:
    levels = (np.clip(colours, 0, 1) * 255).round().astype(np.uint8)
    return ["#" + bytes(level).hex() for level in levels]


def plane(
    name: str,
    decoded: str,
    label: str,
    height: int = 380,
    picks: str | None = None,
    small: bool = False,
    legend: str = "",
) -> str:
    """The plane; `decoded` names the box that shows the image at its crosshair. Arrow keys move the crosshair.

    picks: the choice that becomes the index of a point that is clicked, or reached and confirmed with Enter.
    small: points alone, without axes, crosshair or legend; the nearest test input is named under it.
    legend: the name of the legend under it; "" where `plane_legend` says where it stands, or there is none.
    """
    field = element(
        "div",
        element("div", class_="ae-plot"),
        element("canvas", class_="ae-dots", width=1, height=1, aria_hidden="true"),
        element("canvas", class_="ae-marks", width=1, height=1, aria_hidden="true"),
        element("div", class_="ae-cross", hidden=True, aria_hidden="true"),
        class_="ae-plane small" if small else "ae-plane",
        style=f"--height:{height}px",
        tabindex=0,
        role="application",  # which has the arrow keys from a screen reader
        aria_label=label,
        data_widget="plane",
        data_name=name,
        data_title=label,
        data_decoded=decoded,
        data_picks=picks,
    )
    if small:
        return element("div", field, element("p", class_="ae-quiet ae-nearest", aria_live="polite"))
    return element("div", field, plane_legend(name, legend) if legend else "")


def plane_legend(of: str, name: str) -> str:
    """The legend of a plane: its classes, which a press hides or shows in all planes of the tab, and its marks.

    of: the plane; name: by which links keep the classes that are shown; that of all legends of a tab.
    """
    return element(
        "div",
        class_="ae-legend",
        role="group",
        aria_label="Legend",
        data_widget="plane-legend",
        data_name=name,
        data_legend_of=of,
    )


def plane_view(name: str) -> str:
    """The choice between points and tiles for all planes of a tab, which asks the server for nothing."""
    return element(
        "fieldset",
        element("legend", "Show the planes as"),
        element("div", segments(name, PLANE_VIEWS, PLANE_VIEWS[0][0]), class_="ae-segments"),
        class_="ae-choice",
        data_widget="plane-view",
        data_name=name,
    )


def decoded(name: str, title: str, variant: str | None = None, size: int | None = 160) -> str:
    """The box beside a plane: the decoded image at the crosshair, and the code it stands for.

    size: the largest width of the image in pixels; None: as what stands around it says
    """
    style = ";".join(part for part in (tint(variant), f"--size:{size}px" if size else None) if part)
    return element(
        "figure",
        element("figcaption", words(title), class_="ae-heading"),
        element("div", element("canvas", width=1, height=1), class_="ae-image", role="img", aria_label=title),
        element("p", class_="ae-number", aria_live="polite", data_line="big"),
        element("p", class_="ae-quiet", data_line="small"),
        class_="ae-filmstrip ae-decoded",
        style=style,
        data_decoded_box=name,
        data_title=title,
    )
