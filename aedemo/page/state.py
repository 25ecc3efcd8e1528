"""What a link says: the whole state of the page as one typed list.

The address bar, the link that Share copies, what a teacher locks and the steps of the guided tour are all made from it;
a control comes into it by standing in its tab's row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from aedemo.page.components import PLANE_VIEWS, Choice
from aedemo.page.sidebar import SEEDS
from aedemo.page.tab import Tab

CONTROLS = ("tab", "data", "image", "seed", "slider", "choice")  # the kinds that can be locked or hidden, all at once


@dataclass(frozen=True)
class Entry:
    """One thing that a link may say, as `key=value`.

    kind: what it moves, one of CONTROLS, "unit", one of a code, or "replay", which opens at a step; or how the page is
        shown: "plane", the latent planes of a tab, "view", one of `values`, and "list", any of them
    tab: the tab that a slider, a choice, a unit, a replay or a plane belongs to
    values: those there are; empty where they depend on what is shown, as a slider's places do on the data set
    start: what holds where a link says nothing
    """

    key: str
    kind: Literal["tab", "data", "image", "seed", "slider", "choice", "unit", "replay", "plane", "view", "list"]
    tab: str = ""
    values: tuple[str, ...] = ()
    start: str = ""


def entries(tabs: Sequence[Tab], data_sets: Sequence[str], steps: int, seeds: int = SEEDS) -> tuple[Entry, ...]:
    """The list, from the rows of the tabs, the data sets that have models, the number of steps of the tour and the
    largest seed."""
    names = tuple(tab.name for tab in tabs)
    page = (
        Entry("tab", "tab", values=names, start=names[0]),
        Entry("data", "data", values=tuple(data_sets), start=data_sets[0]),
        Entry("image", "image"),
        Entry("seed", "seed", values=_count(0, seeds), start="0"),
    )
    sliders = [Entry(control.name, "slider", tab.name) for tab in tabs for control in tab.sliders]
    choices = [
        Entry(control.name, "choice", tab.name, _known(tab, control), control.default)
        for tab in tabs
        for control in tab.choices
    ]
    units = [Entry(tab.network, "unit", tab.name) for tab in tabs if tab.network]
    replays = [Entry(tab.replay, "replay", tab.name) for tab in tabs if tab.replay]
    planes = [entry for tab in tabs for entry in _planes(tab)]
    held = (*CONTROLS, *(entry.key for entry in sliders + choices + planes))
    shown = (
        Entry("step", "view", values=_count(0, steps - 1)),
        Entry("projector", "view", values=("1",)),
        Entry("lock", "list", values=held),
        Entry("hide", "list", values=held),
    )
    return (*page, *sliders, *choices, *units, *replays, *planes, *shown)


def _count(first: int, last: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(first, last + 1))


def _planes(tab: Tab) -> list[Entry]:
    """Points or tiles, and the classes that are shown, "" for all; which there are, the data set decides."""
    values = tuple(value for value, _ in PLANE_VIEWS)
    views = [Entry(tab.plane_view, "plane", tab.name, values, values[0])] if tab.plane_view else []
    return [*views, *([Entry(tab.plane_classes, "plane", tab.name)] if tab.plane_classes else [])]


def _known(tab: Tab, control: Choice) -> tuple[str, ...]:
    """What a choice may be; empty where the data set of the image decides."""
    return () if tab.payload else tuple(value for value, _ in control.options)
