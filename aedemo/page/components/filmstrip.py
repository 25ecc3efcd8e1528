"""The filmstrip: all frames of one slider as one image, and the words of each frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np

from aedemo.page.components.markup import element, tint, words
from aedemo.page.error_maps import ErrorMaps, error_maps
from aedemo.page.lossy import Sheets, sheets
from aedemo.page.mixtures import Mixture, mixture
from aedemo.page.sprites import Source, Sprite, shown_as_pixels, sprite


@dataclass(frozen=True)
class Frames:
    """One filmstrip: its frames, a large and a small line of words for each frame (or one for all, or none).

    missing: the frames of which no model made an image; only their words are shown
    """

    sprite: Sprite | Sheets | ErrorMaps | Mixture
    big: tuple[str, ...] = ()
    small: tuple[str, ...] = ()
    missing: tuple[int, ...] = ()

    def to_payload(self, source: Source = attrgetter("src")) -> dict[str, Any]:
        """What the frames are made of and the words beside each other, ready for JSON."""
        return self.sprite.to_payload(source) | {"big": self.big, "small": self.small, "missing": self.missing}


@dataclass(frozen=True)
class Traversal(Frames):
    """A filmstrip of one unit's activations, which the diagram's large reconstruction shows while they are moved.

    position: of the diagram's slider, at which it does: it is of that run; words: what stands under it there, per frame
    """

    position: int = 0
    words: tuple[str, ...] = ()

    def to_payload(self, source: Source = attrgetter("src")) -> dict[str, Any]:
        """The filmstrip with its position and words, ready for JSON."""
        return super().to_payload(source) | {"position": self.position, "words": self.words}


def frames_of(
    images: np.ndarray,
    big: str | Sequence[str] = (),
    small: str | Sequence[str] = (),
    errors: Sequence[float] | None = None,
    clean: np.ndarray | None = None,
) -> Frames:
    """A filmstrip from float (F, C, H, W) in [0, 1]; F = 1 is one image at each position of the slider.

    big, small: readouts, one per frame, or one for all.
    errors: (F,) the mean squared error that each frame shows, beside which the loss of compression is small; lossless
        where None.
    clean: float (1, C, H, W), of which frames have parts that are the same, so that those need not travel.
    """
    frames = sprite(images) if errors is None else sheets(images, errors, clean)
    return Frames(frames, _each(big), _each(small))


def error_frames(
    errors: np.ndarray,
    limit: float,
    big: str | Sequence[str] = (),
    small: str | Sequence[str] = (),
) -> Frames:
    """A filmstrip of signed errors, float (F, C, H, W): blue at -limit, white at 0, red at +limit."""
    return Frames(error_maps(errors, limit), _each(big), _each(small))


def mixed_frames(
    images: np.ndarray,
    shares: Sequence[float],
    big: str | Sequence[str] = (),
    small: str | Sequence[str] = (),
) -> Frames:
    """A filmstrip whose frames, float (F, C, H, W), are blends of the first and the last, at each fraction.

    Of photographs two images travel; small images, shown as pixels, travel as they are.
    """
    mixed = sprite(images) if shown_as_pixels(images) else mixture(images[:1], images[-1:], shares)
    return Frames(mixed, _each(big), _each(small))


def filmstrip(
    name: str,
    title: str,
    slider: str | None = None,
    variant: str | None = None,
    size: int | None = None,
    bare: bool = False,
    reconstruction: bool = False,
    widget: str = "filmstrip",
    picks: str | None = None,
    clean: str | None = None,
    later: bool = False,
) -> str:
    """`<figure class="filmstrip" data-filmstrip="{name}" data-frame="0">`: bar, title, image, two readouts.

    slider: the slider it follows; None for an image that stands still.
    size: the largest width of the image in pixels; as wide as its cell where None.
    bare: image and readouts only, for grids with headings of their own; the title is still read aloud.
    reconstruction: by the tab's model: shown beside the drawing pad too while somebody draws on a phone.
    later: it arrives after the rest, from an address that the payload names; hidden where it names none.
    widget: the widget of the page's script that fills it; picks, clean: what "patches" reads, see patches.py.
    """
    heading = "" if bare else element("figcaption", words(title), class_="ae-heading")
    return element(
        "figure",
        heading,
        element("div", element("canvas", width=1, height=1), class_="ae-image", role="img", aria_label=title),
        element("p", class_="ae-number", data_line="big"),
        element("p", class_="ae-quiet", data_line="small"),
        class_="filmstrip ae-filmstrip bare" if bare else "filmstrip ae-filmstrip",
        style=_style(variant, size),
        data_widget=widget,
        data_name=name,
        data_filmstrip=name,
        data_title=title,
        data_slider=slider,
        data_frame=0,
        data_reconstruction=reconstruction,
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
