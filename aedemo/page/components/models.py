"""Models side by side: a tile each, in as many lines as the window needs."""

from __future__ import annotations

from collections.abc import Sequence

from aedemo.page.components.markup import element, words


def models(title: str, tiles: Sequence[str]) -> str:
    """A line of tiles under its title; they wrap where there is no room for all of them."""
    shown = (element("div", tile, class_="ae-model") for tile in tiles)
    heading = element("h2", words(title), class_="ae-quiet")
    return heading + element("div", *shown, class_="ae-models", style=f"--count:{len(tiles)}")


def metrics(shown: str, *more: str, name: str) -> str:
    """A number, and more of them where the pointer rests, the focus stands or a finger taps."""
    number = element("div", shown, class_="ae-number", tabindex=0, role="note", aria_describedby=f"tip-{name}")
    tip = element("div", *more, class_="ae-tip", role="tooltip", id=f"tip-{name}")
    return element("div", number, tip, class_="ae-metrics")
