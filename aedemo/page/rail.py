"""The rail: data set, gallery, pictures of one's own, seed.

The page keeps what is chosen; the server keeps nothing of a person: a file travels with the request that reads it and
is never written down.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any

import gradio as gr
import numpy as np

from aedemo.explore.gallery import SEEN
from aedemo.page.components.choice import segments
from aedemo.page.components.markup import element, void, words
from aedemo.page.images import png, smaller, sprite, tile
from aedemo.pictures import to_data_uri

LOGO = "ae<b>demo</b>"
SEEDS = 20  # the seed's slider runs from 0 to this
SHEET = 280  # side of the sheet to draw on, in pixels: ten of them for each of MNIST's
# Named one by one and not image/*, so that a phone hands over its HEIC photographs as JPEG.
ACCEPTED = "image/png,image/jpeg,image/webp,image/gif,image/bmp,image/tiff,image/avif,.tif,.tiff"


@dataclass(frozen=True)
class Thumbnail:
    """A picture to choose: float (C, H, W) in [0, 1], as the tabs show it. `id` is what `gallery:<id>` names."""

    id: str
    title: str
    source: str
    picture: np.ndarray


@dataclass(frozen=True)
class Opened:
    """A picture that somebody brought, as the rail shows it.

    original: float (3, H, W) in [0, 1]; seen: float (C, side, side), what the models see
    steps: (what was done, the picture then) on the way from one to the other, pictures float (C, h, w)
    movable: True where the square that the models see can be moved over the original
    """

    original: np.ndarray
    seen: np.ndarray
    steps: tuple[tuple[str, np.ndarray], ...]
    movable: bool


@dataclass(frozen=True)
class RailSource:
    """What the rail needs of the rest of the house.

    data_sets: (name, title) in the order shown; the first is shown first, with its first picture.
    gallery: name -> pictures, all of one shape; ValueError with a sentence where they cannot be had.
    open: a file as a data-URI, name of the data set, where its square is cut (across, down) -> Opened; ValueError with
        a sentence where it is no picture.
    """

    data_sets: tuple[tuple[str, str], ...]
    gallery: Callable[[str], Sequence[Thumbnail]]
    open: Callable[[str, str, tuple[float, float]], Opened]


def gallery_answer(source: RailSource, data: str) -> str:
    """The gallery of a data set for the page, as JSON; or its message and no pictures."""
    try:
        thumbnails = source.gallery(data)
    except ValueError as error:
        return _answer(data=data, items=[], sprite=None, message=str(error))
    items = [(item.id, item.title, item.source) for item in thumbnails]
    sheet = asdict(sprite(np.stack([item.picture for item in thumbnails]))) if items else None
    return _answer(data=data, items=items, sprite=sheet, message=None)


def open_answer(
    source: RailSource,
    cores: AbstractContextManager,
    data: str,
    picture: str = "",
    across: float = 0.5,
    down: float = 0.5,
    file: bytes | None = None,
) -> str:
    """Somebody's own picture for the page, as JSON: a data-URI, or over HTTP a file.

    cores: entered while a file is read, since each takes memory. `picture` in the answer is its identity from now on:
    what the models see, as text.
    """
    try:
        with cores:
            opened = source.open(brought(picture, file), data, (across, down))
    except ValueError as error:
        return _answer(data=data, opened=None, message=str(error))
    names = [name for name, _ in opened.steps]
    tiles = np.stack([tile(step) for _, step in opened.steps])
    shown = {
        "picture": SEEN + png(opened.seen),
        "sprite": asdict(sprite(opened.seen[None])),
        "original": asdict(sprite(smaller(opened.original)[None], pixelated=False)),
        "steps": {**asdict(sprite(tiles, pixelated=True)), "names": names},
        "movable": opened.movable,
    }
    return _answer(data=data, opened=shown, message=None)


def brought(picture: str, file: bytes | None = None) -> str:
    """The picture of a request as one text: the file as a data-URI where one came with it."""
    return picture if file is None else to_data_uri(file)


# Two equal values in a row would not reach the page: Gradio compares them. So each answer carries a number of its own.
_answers = itertools.count(1)


def _answer(**parts: Any) -> str:
    return json.dumps({"answer": next(_answers), **parts}, separators=(",", ":"))


def rail(source: RailSource) -> gr.HTML:
    """The rail as one gr.HTML; its events `gallery` and `open` ask for a data set's pictures and hand over a file."""
    return gr.HTML(
        value=None,
        html_template="${skeleton}",
        js_on_load="(function start() { window.aedemo?.mountRail ? aedemo.mountRail(element, trigger, watch, props)"
        " : setTimeout(start, 20); })(); // events: 'gallery', 'open'",
        apply_default_css=False,
        elem_id="ae-rail",
        skeleton=skeleton(source.data_sets),
    )


def skeleton(data_sets: Sequence[tuple[str, str]]) -> str:
    """The rail's HTML, empty of pictures."""
    first = data_sets[0][0]
    seed = void("input", type="range", id="seed", min=0, max=SEEDS, step=1, value=0, autocomplete="off")
    return element(
        "aside",
        element("p", LOGO, class_="ae-logo"),
        element("div", element("canvas", width=1, height=1), class_="ae-large", role="img", aria_label="The picture"),
        drawing(),
        camera(),
        own_picture(),
        element(
            "fieldset",
            element("div", segments("data", data_sets, first), class_="ae-segments"),
            class_="ae-data",
            aria_label="Data set",
        ),
        buttons(("upload", "Upload"), ("draw", "Draw"), ("camera", "Camera")),
        element("div", class_="ae-thumbs", role="group", aria_label="Gallery"),
        buttons(("next", "Next"), ("random", "Random")),
        void("input", type="file", accept=ACCEPTED, hidden=True, aria_label="A picture of your own"),
        element(
            "div",
            element("label", "Seed", for_="seed"),
            element("div", seed, class_="ae-track"),
            element("output", "0", class_="ae-number", for_="seed"),
            class_="ae-slider ae-seed",
        ),
        element("p", class_="ae-rail-message", role="alert", hidden=True),
        element("p", class_="ae-source"),
        class_="ae-rail-inner",
        data_first=first,
    )


def buttons(*named: tuple[str, str]) -> str:
    """A row of buttons, each (what it does, its words)."""
    made = (element("button", words(title), type="button", data_do=name) for name, title in named)
    return element("div", *made, class_="ae-buttons")


def own_picture() -> str:
    """What was brought, with the square that can be moved over it, and the steps from there to what the models see."""
    frame = element(
        "div", class_="ae-frame", tabindex=0, role="application",
        aria_label="What the models see of your picture. Drag it, or move it with the arrow keys.",
    )  # fmt: skip
    return element(
        "div",
        element("div", element("canvas", width=1, height=1), frame, class_="ae-original"),
        element("div", class_="ae-steps", role="list", aria_label="What was done to your picture"),
        class_="ae-own",
        hidden=True,
    )


def drawing() -> str:
    """A sheet to draw on, and its tools."""
    sheet = element(
        "canvas", width=SHEET, height=SHEET, class_="ae-sheet", tabindex=0, role="img", aria_label="A sheet to draw on"
    )
    size = void("input", type="range", id="pen-size", min=4, max=48, step=2, value=22, aria_label="Width of the pen")
    tools = element("div", segments("tool", (("pen", "Pen"), ("eraser", "Eraser")), "pen"), class_="ae-segments")
    acts = buttons(("undo", "Undo"), ("clear", "Clear"), ("done", "Done"))
    echoes = element("div", class_="ae-steps ae-echoes", aria_hidden="true")  # a copy of what the tab says
    tools = element("div", tools, size, class_="ae-tools")
    return element("div", sheet, tools, acts, echoes, class_="ae-drawing", hidden=True)


def camera() -> str:
    """What the camera sees, and a button to take it; on a page without https the phone's own camera is asked."""
    video = element("video", autoplay=True, playsinline=True, muted=True, aria_label="What the camera sees")
    phone = void("input", type="file", accept="image/*", capture="environment", hidden=True, aria_label="Camera")
    return element("div", video, buttons(("take", "Take"), ("close", "Close")), phone, class_="ae-camera", hidden=True)
