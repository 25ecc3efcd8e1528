"""The slider: it says which frame is shown; all that names it follows in the browser, with no request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from aedemo.page.components.choice import Offer
from aedemo.page.components.markup import element, tint, void, words


@dataclass(frozen=True)
class Axis:
    """The frames a slider runs through: a label each, and the frame shown first (later the person's own stays).

    invitation: stands beside the handle until the slider was moved for the first time
    fresh: begins at `start` each time, since its values mean something else, as of another unit
    """

    labels: tuple[str, ...]
    start: int = 0
    invitation: str = ""
    fresh: bool = False


def axis(labels: Sequence[object], start: int = 0, invitation: str = "", fresh: bool = False) -> Axis:
    """An Axis from anything that `str` writes as it should be read: (1, 2, 3) or ("0 %", "5 %")."""
    if not 0 <= start < max(1, len(labels)):
        raise ValueError(f"start is {start}; 0 to {len(labels) - 1} are the frames")
    return Axis(tuple(str(label) for label in labels), start, invitation, fresh)


@dataclass(frozen=True)
class Slider:
    """A control of a tab: declared once, used in the skeleton, in the tab's row and in links.

    name: its element's id, which no other control of the page has.
    kind: "trained" shows a stop for each run that exists; "continuous" is a plain, continuous track.
    offer: the values of its frames, for the tab's program; None where no program has them.
    """

    name: str
    label: str
    variant: str | None = None
    kind: Literal["trained", "continuous"] = "trained"
    offer: Offer | None = None

    def offered(self, chosen: Mapping[str, object]) -> Sequence:
        """The values that a program may have here; none where the view makes no use of it."""
        return self.offer(chosen) if self.offer else ()


def slider(control: Slider) -> str:
    """A labelled range input inside `<div id="{name}">`, in its variant's colour, its value large on the right.

    The frames and their labels come with the payload (`Axis`).
    """
    name = control.name
    track = void("input", type="range", min=0, max=0, step=1, value=0, id=f"{name}-input", autocomplete="off")
    return element(
        "div",
        element("label", words(control.label), for_=f"{name}-input"),
        element("div", track, element("div", class_="ae-stops", aria_hidden="true"), class_="ae-track"),
        element("p", element("i"), element("span"), class_="ae-invitation", hidden=True),
        element("output", class_="ae-number", for_=f"{name}-input"),
        id=name,
        class_="ae-slider",
        style=tint(control.variant),
        data_widget="slider",
        data_name=name,
        data_kind=control.kind,
    )
