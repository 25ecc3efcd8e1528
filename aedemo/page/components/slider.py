"""The slider: it says which frame is shown; all that names it follows in the browser, with no request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from aedemo.page.components.markup import element, tint, void, words


@dataclass(frozen=True)
class Axis:
    """The frames a slider runs through: a label each, and the frame shown first (later the person's own stays)."""

    labels: tuple[str, ...]
    start: int = 0


def axis(labels: Sequence[object], start: int = 0) -> Axis:
    """An Axis from anything that `str` writes as it should be read: (1, 2, 3) or ("0 %", "5 %")."""
    if not 0 <= start < max(1, len(labels)):
        raise ValueError(f"start is {start}; 0 to {len(labels) - 1} are the frames")
    return Axis(tuple(str(label) for label in labels), start)


def slider(
    name: str, label: str, variant: str | None = None, start: int = 0, kind: Literal["trained", "knob"] = "trained"
) -> str:
    """A labelled range input inside `<div id="{name}">`, in its variant's colour, its value large on the right.

    kind: "trained" shows a stop for each run that exists; "knob" is a plain, continuous track.
    The frames and their labels come with the payload (`Axis`).
    """
    control = void(
        "input", type="range", min=0, max=max(start, 0), step=1, value=start, id=f"{name}-input", autocomplete="off"
    )
    return element(
        "div",
        element("label", words(label), for_=f"{name}-input"),
        element("div", control, element("div", class_="ae-stops", aria_hidden="true"), class_="ae-track"),
        element("output", class_="ae-number", for_=f"{name}-input"),
        id=name,
        class_="ae-slider",
        style=tint(variant),
        data_part="slider",
        data_name=name,
        data_kind=kind,
    )
