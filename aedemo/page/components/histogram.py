"""The histogram: bars of a distribution and a line for one value, both following a slider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aedemo.page.components.markup import element, words

if TYPE_CHECKING:
    from aedemo.explore.your_image import ErrorHistogram


@dataclass(frozen=True)
class Histogram:
    """Frames of bars, one for each position of the slider or one for all; heights in [0, 1] of the highest.

    marks: in [0, 1], where the line stands on the axis; ends: the words at both ends of the axis
    """

    bars: tuple[tuple[float, ...], ...]
    marks: tuple[float, ...]
    ends: tuple[tuple[str, str], ...]
    variant: str

    @classmethod
    def of(cls, histograms: Sequence[ErrorHistogram], variant: str) -> Histogram:
        """From edges (B + 1,), shares (B,) and a value each."""
        bars, marks, ends = [], [], []
        for found in histograms:
            low, high = np.log(found.edges[[0, -1]])
            bars.append(tuple(np.round(found.shares / found.shares.max(), 4).tolist()))
            marks.append(round(float((np.log(max(found.error, found.edges[0])) - low) / (high - low)), 4))
            ends.append((f"{found.edges[0]:.2g}", f"{found.edges[-1]:.2g}"))
        return cls(tuple(bars), tuple(marks), tuple(ends), variant)

    def to_payload(self) -> dict[str, Any]:
        """Ready for JSON."""
        return vars(self)


def histogram(name: str, label: str, slider: str | None = None, axis: str = "squared error, logarithmic") -> str:
    """The place of a histogram; `label` is what a screen reader says of it. Bars are made by its script."""
    return element(
        "div",
        element("div", element("div", class_="ae-bars"), element("i", class_="ae-here"), class_="ae-bars-frame"),
        element("div", element("span"), element("span", words(axis)), element("span"), class_="ae-ends"),
        class_="ae-histogram",
        role="img",
        aria_label=label,
        data_widget="histogram",
        data_name=name,
        data_slider=slider,
    )
