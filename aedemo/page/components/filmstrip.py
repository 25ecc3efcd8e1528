"""The filmstrip: all frames of one slider as one picture, and the words of each frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from aedemo.page.components.markup import element, tint, words
from aedemo.page.images import Sprite, signed, sprite


@dataclass(frozen=True)
class Strip:
    """One track: its frames, a large and a small line of words for each frame (or one for all, or none)."""

    sprite: Sprite
    big: tuple[str, ...] = ()
    small: tuple[str, ...] = ()

    def to_payload(self) -> dict[str, Any]:
        """The sprite's numbers and the words beside each other, ready for JSON."""
        written = asdict(self)
        return written.pop("sprite") | written


def strip(
    pictures: np.ndarray,
    big: str | Sequence[str] = (),
    small: str | Sequence[str] = (),
    pixelated: bool | None = None,
) -> Strip:
    """A track from float (F, C, H, W) in [0, 1]; F = 1 is one picture at each position of the slider.

    big, small: readouts, one a frame, or one for all.
    """
    return Strip(sprite(pictures, pixelated), _each(big), _each(small))


def error_strip(
    errors: np.ndarray,
    limit: float,
    big: str | Sequence[str] = (),
    small: str | Sequence[str] = (),
    pixelated: bool | None = None,
) -> Strip:
    """A track of signed errors, float (F, C, H, W): blue at -limit, white at 0, red at +limit."""
    return strip(signed(errors, limit), big, small, pixelated)


def filmstrip(
    name: str,
    title: str,
    slider: str | None = None,
    variant: str | None = None,
    size: int | None = None,
    bare: bool = False,
    answer: bool = False,
    part: str = "filmstrip",
    picks: str | None = None,
    clean: str | None = None,
    later: bool = False,
) -> str:
    """`<figure class="filmstrip" data-track="{name}" data-frame="0">`: bar, title, picture, two readouts.

    slider: the slider it follows; None for a picture that stands still.
    size: the largest width of the picture in pixels; as wide as its cell where None.
    bare: picture and readouts only, for grids with headings of their own; the title is still read aloud.
    answer: this is what the tab's model answers: shown beside the sheet too while somebody draws on a phone.
    later: it arrives after the rest, from an address that the payload names; hidden where it names none.
    part: the part of the page's script that fills it; picks, clean: what "patches" reads, see patches.py.
    """
    heading = "" if bare else element("figcaption", words(title), class_="ae-heading")
    return element(
        "figure",
        heading,
        element("div", element("canvas", width=1, height=1), class_="ae-picture", role="img", aria_label=title),
        element("p", class_="ae-number", data_line="big"),
        element("p", class_="ae-quiet", data_line="small"),
        class_="filmstrip ae-strip bare" if bare else "filmstrip ae-strip",
        style=_style(variant, size),
        data_part=part,
        data_name=name,
        data_track=name,
        data_title=title,
        data_slider=slider,
        data_frame=0,
        data_answer=answer,
        data_picks=picks,
        data_clean=clean,
        data_later=later,
        hidden=later,
    )


def _each(lines: str | Sequence[str]) -> tuple[str, ...]:
    return (lines,) if isinstance(lines, str) else tuple(lines)


def _style(variant: str | None, size: int | None) -> str | None:
    parts = [tint(variant), f"--size:{size}px" if size else None]
    return ";".join(part for part in parts if part) or None
