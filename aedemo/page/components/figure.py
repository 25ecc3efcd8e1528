"""Plotly figures that keep their zoom, follow light and dark, and mark where the slider stands."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from aedemo.page.components.downloads import downloads
from aedemo.page.components.markup import element
from aedemo.page.theme import COLOURS, colour


@dataclass(frozen=True)
class Figure:
    """A figure in Plotly's JSON, which plotly.js draws in the page: https://plotly.com/javascript/reference/.

    traces, layout: its parts; at: the x of each frame of the slider it follows (none: no marker).
    Plain dicts, since one of plotly.py's own figures takes 10 ms to build, in which it checks what never changes; the
    tests let plotly.py check every figure of the page.
    """

    traces: Sequence[Mapping[str, Any]] = ()
    layout: Mapping[str, Any] = field(default_factory=dict)
    at: tuple[float | str, ...] = ()

    def to_payload(self) -> dict[str, Any]:
        """`data`, `layout` and `at`, ready for JSON."""
        return {"data": list(self.traces), "layout": dict(self.layout), "at": self.at}


@dataclass(frozen=True)
class Curve:
    """One line: `variant` gives its colour (live in dark mode) and PCA its dashes; `name` stands in the legend.

    x: numbers, or names, which stand at equal distances
    joined: whether a line joins the points; not between the few runs that there are
    """

    name: str
    x: Sequence[float] | Sequence[str]
    y: Sequence[float]
    variant: str
    dash: str | None = None
    faint: bool = False
    joined: bool = True

    @property
    def names(self) -> bool:
        """Whether the places are names."""
        return len(self.x) > 0 and isinstance(self.x[0], str)

    def trace(self) -> dict[str, Any]:
        """The line as Plotly takes it."""
        dash = self.dash or ("dash" if self.variant == "pca" else "solid")
        return {
            "type": "scatter",
            "x": list(self.x) if self.names else _numbers(self.x),
            "y": _numbers(self.y),
            "name": self.name,
            "mode": "lines" if self.faint else "lines+markers" if self.joined else "markers",
            "line": {"color": colour(self.variant).light, "dash": dash, "width": 1.2 if self.faint else 2.2},
            "marker": {"size": 6 if self.joined else 10},
            "opacity": 0.55 if self.faint else 1,
            "meta": {"variant": self.variant},
            "hovertemplate": f"%{{y:.4g}}<extra>{self.name}</extra>",
        }


def curves(
    lines: Sequence[Curve],
    x_title: str,
    y_title: str,
    log_x: bool = False,
    log_y: bool = False,
    ticks: Sequence[float] | None = None,
    at: Sequence[float] | Sequence[str] = (),
    x_axis: Mapping[str, Any] | None = None,
    y_axis: Mapping[str, Any] | None = None,
) -> Figure:
    """Lines over one axis; titles carry the unit. `ticks` are the x written out, as the M that exist; `at` see Figure.

    A log axis leaves out x = 0: give such a point a place of its own before, or use a linear axis.
    x_axis, y_axis: what else Plotly is told of an axis.
    """
    kind = "category" if any(line.names for line in lines) else "log" if log_x else "linear"
    x: dict[str, Any] = {"title": {"text": x_title}, "type": kind}
    y: dict[str, Any] = {"title": {"text": y_title}, "type": "log" if log_y else "linear"}
    if ticks is not None:
        x |= {"tickvals": _numbers(ticks), "ticktext": _roomy(ticks, log_x), "tickangle": 0}
    if log_y:
        marks = _decade_ticks(np.concatenate([np.asarray(line.y, float) for line in lines]))
        y |= {"tickvals": marks, "ticktext": [f"{mark:g}" for mark in marks]}
    layout = {"xaxis": x | dict(x_axis or {}), "yaxis": y | dict(y_axis or {})}
    layout |= {"hovermode": "x unified", "showlegend": len(lines) > 1}
    return Figure([line.trace() for line in lines], layout, tuple(at if kind == "category" else map(float, at)))


def _numbers(values: Sequence[float]) -> list[float | None]:
    """For JSON, which knows no infinity and nothing that is not a number: Plotly leaves a gap there."""
    return [value if math.isfinite(value) else None for value in map(float, values)]


def _roomy(ticks: Sequence[float], log: bool) -> list[str]:
    """The words of the ticks; on a log axis those that would touch the one before stay without."""
    written, last = [], -np.inf
    for tick in ticks:
        place = np.log10(tick) if log and tick > 0 else np.inf
        keep = not log or place - last > 0.25
        written.append(f"{tick:g}" if keep else "")
        last = place if keep else last
    return written


def _decade_ticks(values: np.ndarray) -> list[float]:
    """1, 2, 5 of each decade that positive `values` reach: Plotly's own ticks write bare 2s and 5s between decades."""
    positive = values[np.isfinite(values) & (values > 0)]
    if not positive.size:
        return []
    low, high = np.floor(np.log10(positive.min())), np.ceil(np.log10(positive.max()))
    return [float(f"{step}e{int(decade)}") for decade in np.arange(low, high + 1) for step in (1, 2, 5)]


def heatmap(
    values: np.ndarray,
    x_labels: Sequence[str],
    y_labels: Sequence[str],
    x_title: str,
    y_title: str,
    unit: str,
    decimals: int = 1,
    at: Sequence[str] = (),
) -> Figure:
    """A map of numbers (rows, columns), written in each cell; both axes are categories in the given order."""
    trace = {
        "type": "heatmap",
        "z": [_numbers(row) for row in np.asarray(values, float)],
        "x": [str(label) for label in x_labels],
        "y": [str(label) for label in y_labels],
        "colorscale": "Cividis",
        "texttemplate": f"%{{z:.{decimals}f}}",
        "hovertemplate": f"{y_title} %{{y}}, {x_title} %{{x}}: %{{z:.{decimals}f}} {unit}<extra></extra>",
        "colorbar": {"title": {"text": unit}, "thickness": 10, "outlinewidth": 0},
    }
    layout = {
        "xaxis": {"title": {"text": x_title}, "type": "category", "showgrid": False},
        "yaxis": {"title": {"text": y_title}, "type": "category", "showgrid": False, "autorange": "reversed"},
    }
    return Figure([trace], layout, tuple(map(str, at)))


def bars(names: Sequence[str], shares: Sequence[float], colours: Sequence[str], x_title: str) -> Figure:
    """Lying bars, the first name on top; shares in [0, 1] are written in percent."""
    percent = [100 * float(share) for share in shares]
    trace = {
        "type": "bar",
        "x": percent,
        "y": list(names),
        "orientation": "h",
        "marker": {"color": list(colours), "line": {"color": COLOURS["image"].light, "width": 1}},
        "text": [f"{value:.0f} %" if value >= 0.5 else "" for value in percent],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "%{y}: %{x:.2f} %<extra></extra>",
    }
    layout = {
        "xaxis": {"title": {"text": x_title}, "range": [0, 125], "tickvals": [0, 25, 50, 75, 100]},
        "yaxis": {"title": {"text": "class"}, "type": "category", "autorange": "reversed", "showgrid": False},
    }
    return Figure([trace], layout)


def figure(name: str, label: str, slider: str | None = None, height: int = 300, moves: tuple[str, ...] = ()) -> str:
    """The place of a figure, and buttons that save it; `label` is what a screen reader says of it.

    slider: the one whose position it marks, and which a click moves.
    moves: the controls that a click moves instead: the one whose labels are the columns of a map, and that of its rows.
    """
    drawn = element(
        "div",
        element("div", class_="ae-plot"),
        element("div", class_="ae-marker", hidden=True, aria_hidden="true"),
        class_="ae-figure",
        style=f"height:{height}px",
        role="group",
        aria_label=label,
        data_widget="figure",
        data_name=name,
        data_slider=slider,
        data_moves=" ".join(moves) or None,
    )
    return drawn + downloads(name, f"aedemo-{name}")
