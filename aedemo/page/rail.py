"""The rail: data set, gallery, upload, seed. The page keeps what is chosen; the server keeps nothing of a person."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import gradio as gr
import numpy as np

from aedemo.page.components.choice import segments
from aedemo.page.components.markup import element, void, words
from aedemo.page.components.scene import numbered
from aedemo.page.images import png, sprite

SEEDS = 20  # the seed's slider runs from 0 to this


@dataclass(frozen=True)
class Thumbnail:
    """A picture to choose: float (C, H, W) in [0, 1], as the tabs show it. `id` is what `gallery:<id>` names."""

    id: str
    title: str
    source: str
    picture: np.ndarray


@dataclass(frozen=True)
class RailSource:
    """What the rail needs of the rest of the house.

    data_sets: (name, title) in the order shown; the first is shown first, with its first picture.
    gallery: name -> pictures, all of one shape; ValueError with a sentence where they cannot be had.
    read: path of an uploaded file, name of the data set -> float (C, H, W) in [0, 1] of that data set's shape;
        ValueError with a sentence where it is no picture.
    """

    data_sets: tuple[tuple[str, str], ...]
    gallery: Callable[[str], Sequence[Thumbnail]]
    read: Callable[[str, str], np.ndarray]


def gallery_answer(source: RailSource, data: str) -> str:
    """The gallery of a data set for the page, as JSON; or its message and no pictures."""
    try:
        thumbnails = source.gallery(data)
    except ValueError as error:
        return _answer(data=data, items=[], sprite=None, message=str(error))
    items = [(item.id, item.title, item.source) for item in thumbnails]
    sheet = asdict(sprite(np.stack([item.picture for item in thumbnails]))) if items else None
    return _answer(data=data, items=items, sprite=sheet, message=None)


def upload_answer(source: RailSource, path: str | None, data: str) -> str:
    """An uploaded file as a picture of the data set: its data-URI is its identity from now on."""
    try:
        if not path:
            raise ValueError("No file arrived.")
        picture = source.read(path, data)
    except ValueError as error:
        return _answer(data=data, message=str(error))
    opened = {
        "picture": png(picture),
        "sprite": asdict(sprite(picture[None])),
        "title": "Your picture",
        "source": "Your own picture. Nothing you bring leaves this session.",
    }
    return _answer(data=data, opened=opened, message=None)


def _answer(**parts: Any) -> str:
    return numbered(json.dumps(parts, separators=(",", ":")))


def rail(source: RailSource) -> gr.HTML:
    """The rail as one gr.HTML; its events `gallery` and `open` ask for a data set's pictures and hand over a file."""
    return gr.HTML(
        value=None,
        html_template="${skeleton}",
        js_on_load="(function start() { window.aedemo?.mountRail ? aedemo.mountRail(element, trigger, watch, props,"
        " upload) : setTimeout(start, 20); })(); // events: 'gallery', 'open'",
        apply_default_css=False,
        elem_id="ae-rail",
        skeleton=skeleton(source.data_sets),
    )


def skeleton(data_sets: Sequence[tuple[str, str]]) -> str:
    """The rail's HTML, empty of pictures."""
    first = data_sets[0][0]
    buttons = (("upload", "Upload"), ("next", "Next"), ("random", "Random"))
    seed = void("input", type="range", id="seed", min=0, max=SEEDS, step=1, value=0, autocomplete="off")
    return element(
        "aside",
        '<p class="ae-logo">ae<b>demo</b></p>',
        element("div", element("canvas", width=1, height=1), class_="ae-large", role="img", aria_label="The picture"),
        element(
            "fieldset",
            element("div", segments("data", data_sets, first), class_="ae-segments"),
            class_="ae-data",
            aria_label="Data set",
        ),
        element("div", class_="ae-thumbs", role="group", aria_label="Gallery"),
        element(
            "div",
            *(element("button", words(title), type="button", data_do=name) for name, title in buttons),
            class_="ae-buttons",
        ),
        void("input", type="file", accept="image/*", hidden=True, aria_label="A picture of your own"),
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
