"""The choice between patches side by side and overlapping ones, which four tabs offer for photographs."""

from __future__ import annotations

from aedemo.page.components import Choice, Options

SIDE_BY_SIDE, OVERLAPPING = "side-by-side", "overlapping"
TITLES = ((SIDE_BY_SIDE, "side by side"), (OVERLAPPING, "overlapping"))


def patches_choice(tab: str, start: str = SIDE_BY_SIDE) -> Choice:
    """The choice of a tab, which its payload function takes as `<tab>_patches`."""
    return Choice(f"{tab}_patches", "Patches", TITLES, start)


def overlaps(control: Choice, value: str) -> bool:
    """What was chosen; "" is as the tab begins. Raises ValueError for anything that is not offered."""
    chosen = value or control.default
    if chosen not in dict(TITLES):
        raise ValueError(f"patches are {value!r}; choose one of {', '.join(dict(TITLES))}")
    return chosen == OVERLAPPING


def options(control: Choice, value: str, overlapping: bool | None) -> Options:
    """The two, and the one chosen; hidden where the models see whole images (overlapping is None)."""
    return Options(TITLES, value or control.default, hidden=overlapping is None)
