"""The replay of a plane: codes of test inputs, and decoded places among them, after ever more gradient steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np

from aedemo.page.components.markup import element, words
from aedemo.page.components.training import transport
from aedemo.page.sprites import Source, Sprite
from aedemo.page.theme import CLASSES

LEVELS = 2000  # of a coordinate: finer than the pixels of a plane


@dataclass(frozen=True)
class PlaneReplay:
    """Snapshots after rising numbers of gradient steps.

    steps (S,); errors (S,), and reference, the error of PCA's; codes (S, P, 2); ranges (S, 2, 2), the lowest and the
    highest of both coordinates; groups (P,) int into names
    words: a sentence on all of it
    sheets: S frames, each of `rows` × `rows` decoded places, evenly spread over the ranges, the highest z₂ on top
    """

    steps: Sequence[int]
    errors: Sequence[float]
    reference: float
    codes: np.ndarray
    ranges: np.ndarray
    groups: np.ndarray
    names: tuple[str, ...]
    sheets: Sprite
    rows: int
    words: str

    def to_payload(self, source: Source = attrgetter("src")) -> dict[str, Any]:
        """Ready for JSON: codes as whole numbers from 0 to `levels` between the ends of their ranges."""
        low, high = self.ranges[:, None, :, 0], self.ranges[:, None, :, 1]
        levels = np.clip(LEVELS * (self.codes - low) / np.maximum(high - low, 1e-12), 0, LEVELS)
        return {
            "steps": [int(step) for step in self.steps],
            "errors": [_short(error) for error in self.errors],
            "reference": _short(self.reference),
            "levels": LEVELS,
            "codes": levels.round().astype(int).reshape(len(self.steps), -1).tolist(),
            "ranges": [[[_short(end) for end in ends] for ends in both] for both in self.ranges],
            "groups": self.groups.astype(int).tolist(),
            "names": self.names,
            "colors": [CLASSES[index % len(CLASSES)] for index in range(len(self.names))],
            "sheets": self.sheets.to_payload(source),
            "rows": self.rows,
            "words": self.words,
        }


def _short(value: float) -> float:
    """Four significant digits."""
    return float(f"{value:.4g}")


def plane_replay(name: str, title: str, note: str, variant: str) -> str:
    """A card that is opened by its title, and asks for the replay when it is; hidden where there is none.

    note: what is written over the player; variant: gives the error its colour
    """
    figures = (
        _figure("code", "Code of test images"),
        _figure("decoded", "Decoded at 10 × 10 places in it"),
        _figure("error", "Test error; dashed: PCA with M = 2"),
    )
    inner = (
        element("p", words(note), class_="ae-quiet"),
        element("div", transport(), class_="ae-transport"),
        element("div", *figures, class_="ae-replayed"),
        element("div", class_="ae-legend", role="group", aria_label="Legend", data_legend_of=name),
        element("p", class_="ae-quiet", data_says="words"),
        element("p", class_="ae-quiet", role="status", data_says="trouble", hidden=True),
    )
    return element(
        "section",
        element("details", element("summary", words(title)), element("div", *inner), class_="ae-replay"),
        class_="ae-card",
        data_widget="plane-replay",
        data_name=name,
        data_later=True,
        data_variant=variant,
        hidden=True,
    )


def _figure(draws: str, title: str) -> str:
    canvas = element("canvas", width=1, height=1, data_draws=draws, role="img", aria_label=title)
    return element("figure", element("figcaption", words(title), class_="ae-quiet"), element("div", canvas))
