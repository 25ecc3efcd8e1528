"""Plotly figures that keep their zoom, follow light and dark, and mark where the slider stands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aedemo.page.components.markup import element
from aedemo.page.theme import VARIANTS

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True)
class Figure:
    """A Plotly figure and the x of each frame of the slider it follows (none: no marker)."""

    plot: go.Figure
    at: tuple[float | str, ...] = ()

    def to_payload(self) -> dict[str, Any]:
        """`data`, `layout` and `at`, ready for JSON."""
        written = json.loads(self.plot.to_json())
        return {"data": written["data"], "layout": written["layout"], "at": self.at}


@dataclass(frozen=True)
class Curve:
    """One line: `variant` gives its colour (live in dark mode) and PCA its dashes; `name` stands in the legend."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    variant: str
    dash: str | None = None
    faint: bool = False


def curves(
    lines: Sequence[Curve],
    x_title: str,
    y_title: str,
    log_x: bool = False,
    log_y: bool = False,
    ticks: Sequence[float] | None = None,
    at: Sequence[float] = (),
) -> Figure:
    """Lines over one axis; titles carry the unit. `ticks` are the x written out, as the M that exist; `at` see Figure.

    A log axis leaves out x = 0: give such a point a place of its own before, or use a linear axis.
    """
    import plotly.graph_objects as go

    figure = go.Figure(layout={"template": None})
    for line in lines:
        dash = line.dash or ("dash" if line.variant == "pca" else "solid")
        figure.add_scatter(
            x=list(map(float, line.x)),
            y=list(map(float, line.y)),
            name=line.name,
            mode="lines" if line.faint else "lines+markers",
            line={"color": VARIANTS[line.variant].day, "dash": dash, "width": 1.2 if line.faint else 2.2},
            marker={"size": 6},
            opacity=0.55 if line.faint else 1,
            meta={"variant": line.variant},
            hovertemplate=f"%{{y:.4g}}<extra>{line.name}</extra>",
        )
    figure.update_layout(
        xaxis={"title": {"text": x_title}, "type": "log" if log_x else "linear"},
        yaxis={"title": {"text": y_title}, "type": "log" if log_y else "linear"},
        hovermode="x unified",
        showlegend=len(lines) > 1,
    )
    if ticks is not None:
        figure.update_xaxes(tickvals=list(ticks), ticktext=_roomy(ticks, log_x), tickangle=0)
    if log_y:
        marks = _decade_ticks(np.concatenate([np.asarray(line.y, float) for line in lines]))
        figure.update_yaxes(tickvals=marks, ticktext=[f"{mark:g}" for mark in marks])
    return Figure(figure, tuple(float(x) for x in at))


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
    import plotly.graph_objects as go

    grid = np.asarray(values, float)
    figure = go.Figure(layout={"template": None})
    figure.add_heatmap(
        z=grid.tolist(),
        x=[str(label) for label in x_labels],
        y=[str(label) for label in y_labels],
        colorscale="Cividis",
        texttemplate=f"%{{z:.{decimals}f}}",
        hovertemplate=f"{y_title} %{{y}}, {x_title} %{{x}}: %{{z:.{decimals}f}} {unit}<extra></extra>",
        colorbar={"title": {"text": unit}, "thickness": 10, "outlinewidth": 0},
    )
    figure.update_layout(
        xaxis={"title": {"text": x_title}, "type": "category", "showgrid": False},
        yaxis={"title": {"text": y_title}, "type": "category", "showgrid": False, "autorange": "reversed"},
    )
    return Figure(figure, tuple(str(x) for x in at))


def bars(names: Sequence[str], shares: Sequence[float], colours: Sequence[str], x_title: str) -> Figure:
    """Lying bars, the first name on top; shares in [0, 1] are written in percent."""
    import plotly.graph_objects as go

    figure = go.Figure(layout={"template": None})
    percent = [100 * float(share) for share in shares]
    figure.add_bar(
        x=percent,
        y=list(names),
        orientation="h",
        marker={"color": list(colours), "line": {"color": VARIANTS["picture"].day, "width": 1}},
        text=[f"{value:.0f} %" if value >= 0.5 else "" for value in percent],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:.2f} %<extra></extra>",
    )
    figure.update_layout(
        xaxis={"title": {"text": x_title}, "range": [0, 112], "tickvals": [0, 25, 50, 75, 100]},
        yaxis={"title": {"text": "class"}, "type": "category", "autorange": "reversed", "showgrid": False},
    )
    return Figure(figure)


def figure(name: str, label: str, slider: str | None = None, height: int = 300) -> str:
    """The place of a figure; `label` is what a screen reader says of it, `slider` the one whose position it marks."""
    return element(
        "div",
        element("div", class_="ae-plot"),
        element("div", class_="ae-marker", hidden=True, aria_hidden="true"),
        class_="ae-figure",
        style=f"height:{height}px",
        role="group",
        aria_label=label,
        data_part="figure",
        data_name=name,
        data_slider=slider,
    )
