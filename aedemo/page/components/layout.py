"""Cards, rows, headings and slots of text: how a tab view is put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from aedemo.page.components.markup import element, tint, words


def card(*children: str, title: str | None = None) -> str:
    """A white sheet around its children."""
    heading = element("h2", words(title)) if title else ""
    return element("section", heading, *children, class_="ae-card")


def row(
    *children: str,
    columns: int | Sequence[float] | None = None,
    narrow: Literal["stack", "pair"] = "stack",
) -> str:
    """Children side by side, in as many lines as they need.

    columns: how many of one width, or the fraction of each; one for each child that is not hidden where None.
    narrow: what happens below 640 pixels: one column, or two.
    """
    shares = [1.0] * columns if isinstance(columns, int) else list(columns or ())
    tracks = " ".join(f"minmax(0,{share:g}fr)" for share in shares)
    look = {"style": f"--tracks:{tracks}"} if shares else {}
    inner = element("div", *children, class_="ae-row" if shares else "ae-row even", **look)
    return element("div", inner, class_=f"ae-rows {narrow}")


def table(
    columns: Sequence[str], lines: Sequence[tuple[str, Sequence[str]]], minimum: int = 100, slots: bool = False
) -> str:
    """A grid with headings: `columns` are made by `heading`, each line is (its label, its cells).

    slots: the labels are slots made by `text`, not plain text.

    It scrolls sideways inside itself when the window is narrower than its columns.
    """
    cells = [element("span"), *columns]
    for label, line in lines:
        if len(line) != len(columns):
            raise ValueError(f"the line {label!r} has {len(line)} cells; there are {len(columns)} columns")
        shown = (
            element("div", label, class_="ae-line") if slots else element("p", words(label), class_="ae-quiet ae-line")
        )
        cells += [shown, *line]
    style = f"--tracks:minmax(108px,0.7fr) repeat({len(columns)},minmax({minimum}px,1fr))"
    inner = element("div", *cells, class_="ae-row ae-table", style=style)
    return element("div", inner, class_="ae-rows scroll", tabindex=0)


def heading(title: str, variant: str | None = None) -> str:
    """A bar in the variant's colour and a name under it, as over a filmstrip."""
    return element("p", words(title), class_="ae-heading", style=tint(variant), data_variant=variant)


def text(
    name: str, slider: str | None = None, quiet: bool = False, large: Literal["number", "claim"] | None = None
) -> str:
    """A paragraph that the payload fills (`texts`): one string, or one for each frame of the slider.

    large: "number" for a readout, "claim" for the one sentence that a tab is about.
    """
    look = "ae-quiet" if quiet else f"ae-{large}" if large else None
    return element("p", class_=look, data_widget="text", data_name=name, data_slider=slider)
