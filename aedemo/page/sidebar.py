"""The sidebar: data set, gallery, user images, seed.

The page keeps what is chosen; the server keeps nothing of a person. Their own images take another way: opening.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np

from aedemo.page.components.choice import segments
from aedemo.page.components.markup import element, void, words
from aedemo.page.sprites import sprite
from aedemo.uploads.drawing import PAD_SIDE

GRIPS = ("n", "e", "s", "w", "nw", "ne", "se", "sw")  # of the frame, as compasses have them
LOGO = "ae<b>demo</b>"
SEEDS = 20  # the seed's slider runs from 0 to this on a page that runs
# Named one by one and not image/*, so that a phone hands over its HEIC photographs as JPEG.
ACCEPTED = "image/png,image/jpeg,image/webp,image/gif,image/bmp,image/tiff,image/avif,.tif,.tiff"


@dataclass(frozen=True)
class Thumbnail:
    """An image to choose: float (C, H, W) in [0, 1], as the tabs show it. `id` is what `gallery:<id>` names."""

    id: str
    title: str
    source: str
    image: np.ndarray


@dataclass(frozen=True)
class SidebarSource:
    """What the sidebar needs from below the page.

    data_sets: (name, title) in the order shown; the first is shown first, with its first image.
    squares: those whose models see a square of an image, and not any rectangle
    seeds: the slider of seeds runs from 0 to this
    gallery: name -> images, all of one shape; ValueError with a sentence where they cannot be had.
    """

    data_sets: tuple[tuple[str, str], ...]
    gallery: Callable[[str], Sequence[Thumbnail]]
    squares: frozenset[str] = frozenset()
    seeds: int = SEEDS


def gallery_response(source: SidebarSource, data: str) -> str:
    """The gallery of a data set for the page, as JSON; or its message and no images."""
    try:
        thumbnails = source.gallery(data)
    except ValueError as error:
        return _response(data=data, items=[], sprite=None, message=str(error))
    items = [(item.id, item.title, item.source) for item in thumbnails]
    sheet = sprite(np.stack([item.image for item in thumbnails]), exact=False).to_payload() if items else None
    return _response(data=data, items=items, sprite=sheet, message=None)


def _response(**parts: Any) -> str:
    return json.dumps(parts, separators=(",", ":"))


def sidebar(source: SidebarSource) -> gr.HTML:
    """The sidebar as one gr.HTML; the page's script asks for a data set's gallery itself."""
    return gr.HTML(
        skeleton(source.data_sets, source.squares, source.seeds), apply_default_css=False, elem_id="ae-sidebar"
    )


def skeleton(data_sets: Sequence[tuple[str, str]], squares: Iterable[str] = (), seeds: int = SEEDS) -> str:
    """The sidebar's HTML, empty of images."""
    first = data_sets[0][0]
    seed = void("input", type="range", id="seed", min=0, max=seeds, step=1, value=0, autocomplete="off")
    return element(
        "aside",
        element("p", LOGO, class_="ae-logo"),
        element("div", element("canvas", width=1, height=1), class_="ae-large", role="img", aria_label="The image"),
        drawing(),
        camera(),
        sending(),
        element("p", class_="ae-sidebar-message", role="alert", hidden=True),
        own_image(),
        element(
            "fieldset",
            element("div", segments("data", data_sets, first), class_="ae-segments"),
            class_="ae-data",
            aria_label="Data set",
        ),
        buttons(("upload", "Upload"), ("draw", "Draw"), ("camera", "Camera")),
        element("div", class_="ae-thumbs", role="group", aria_label="Gallery"),
        buttons(("next", "Next"), ("random", "Random")),
        void("input", type="file", accept=ACCEPTED, hidden=True, aria_label="An image of your own"),
        element(
            "div",
            element("label", "Seed", for_="seed"),
            element("div", seed, class_="ae-track"),
            element("output", "0", class_="ae-number", for_="seed"),
            class_="ae-slider ae-seed",
        ),
        element("p", class_="ae-source"),
        class_="ae-sidebar-inner",
        data_first=first,
        data_squares=" ".join(sorted(squares)),
    )


def buttons(*named: tuple[str, str]) -> str:
    """A row of buttons, each (what it does, its words)."""
    made = (element("button", words(title), type="button", data_do=name) for name, title in named)
    return element("div", *made, class_="ae-buttons")


def sending() -> str:
    """How much of a file is on its way."""
    bar = void("progress", max=1, value=0, aria_label="Sending your image") + "</progress>"
    return element(
        "div", bar, element("output", aria_live="off"), buttons(("cancel", "Cancel")), class_="ae-sending", hidden=True
    )


def own_image() -> str:
    """What was brought, with a frame to move and resize over it, what the models see of it, and the steps between."""
    grips = (element("i", data_grip=name) for name in GRIPS)
    frame = element(
        "div", *grips, class_="ae-frame", tabindex=0, role="slider", aria_roledescription="frame",
        aria_label="The part of your image that the models see. Drag it or its corners; arrow keys move it,"
        " Shift and arrow keys or plus and minus resize it.",
        aria_valuemin=0, aria_valuemax=100, aria_valuenow=100,
    )  # fmt: skip
    shade = element("div", element("div"), class_="ae-shade")
    marks = element("div", class_="ae-candidates", role="group", aria_label="Other places where something stands out")
    seen = element(
        "figure",
        element("canvas", width=1, height=1, role="img", aria_label="What the models see"),
        element("figcaption", "Input"),
        class_="ae-seen",
    )
    acts = buttons(("guess", "Guess again"), ("whole", "Whole image"))
    return element(
        "div",
        element("div", element("canvas", width=1, height=1), shade, frame, marks, class_="ae-original"),
        element("div", seen, acts, class_="ae-beside"),
        element("div", class_="ae-notes ae-buttons", role="status"),
        element("div", class_="ae-steps", role="list", aria_label="What was done to your image"),
        class_="ae-user-image",
        hidden=True,
    )


def drawing() -> str:
    """Drawing pad, and its tools."""
    sheet = element(
        "canvas",
        width=PAD_SIDE,
        height=PAD_SIDE,
        class_="ae-pad",
        tabindex=0,
        role="img",
        aria_label="Drawing pad",
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
