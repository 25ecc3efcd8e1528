"""The page's own scripts and styles, read from the files beside the components, and the place of plotly.js."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from rjsmin import jsmin

from aedemo.page.constants import constants
from aedemo.page.release import release
from aedemo.page.renamed import KEYS, VALUES
from aedemo.page.state import Entry
from aedemo.page.tab import Tab
from aedemo.page.theme import variant_css
from aedemo.page.tour import Step

HERE = Path(__file__).parent / "components"

# page.js defines what the others register with, link.js reads the link, and sprite.js comes before error-maps.js; the
# order of the rest does not matter.
SCRIPTS = (
    "page.js", "link.js", "failure.js", "connection.js", "latest.js", "view.js", "tab-view.js", "sprite.js",
    "error-maps.js", "slider.js", "filmstrip.js", "plot.js", "figure.js", "histogram.js", "plane.js",
    "plane-canvases.js", "plane-classes.js", "plane-pointer.js", "plane-space.js", "choice.js", "images.js",
    "patches.js", "bars.js", "layers.js", "network-images.js", "network.js", "text.js", "lead.js", "downloads.js",
    "tools.js", "tour.js", "tour-answers.js", "tour-worksheet.js", "drawing-pad.js", "camera.js", "upload.js",
    "frame.js", "user-image.js", "sidebar.js", "setting.js", "training-settings.js", "lazy.js",
)  # fmt: skip
# What lazy.js asks for; the classes that others extend come first.
PLAYERS = (
    "player.js", "replay.js", "svg.js", "training-axes.js", "training-space.js", "training-images.js",
    "training-figures.js", "training-compare.js", "training-words.js", "training.js", "plane-replay.js",
)  # fmt: skip
STYLES = (
    "page.css", "layout.css", "slider.css", "filmstrip.css", "figure.css", "histogram.css", "plane.css", "choice.css",
    "images.css", "patches.css", "network.css", "models.css", "sidebar.css", "user-image.css", "downloads.css",
    "tools.css", "tour.css", "projector.css", "contrast.css", "training.css", "plane-replay.css", "print.css",
)  # fmt: skip


def plotly_script() -> Path:
    """plotly.js as the Python package carries it, found without importing plotly."""
    spec = importlib.util.find_spec("plotly")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("plotly is not installed: its plotly.min.js draws the figures")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


@cache
def script(names: tuple[str, ...]) -> str:
    """Files beside the components as one script, without comments and indentation; made once per process.

    rjsmin reads a template inside a template as code, and would take blanks out of it: no file has one, and
    tests/page/test_scripts.py compares every word of them.
    """
    return jsmin("\n".join((HERE / name).read_text("utf-8") for name in names))


def head(
    state: Sequence[Entry], tour: Sequence[Step], tabs: Sequence[Tab], edition: Mapping[str, Any] | None = None
) -> str:
    """What each page needs, for its <head>: inline, no request, the same under any root path.

    state: what links say, for link.js; tour: the steps of the guided tour, for tour.js; tabs: what a view depends on;
    edition: what static.js has to know, None for a page that runs.

    The styles go here and not into `css=`, because Gradio rewrites the selectors of that one.
    """
    styles = variant_css() + "\n".join(
        (HERE / name).read_text("utf-8") for name in (*STYLES, *(["static.css"] if edition else []))
    )
    scripts = script((*SCRIPTS, *(["static.js"] if edition else [])))
    address = "/plotly.min.js" if edition else f"/gradio_api/file={plotly_script().as_posix()}"
    steps = [
        {
            "title": step.title,
            "begin": urlencode(step.begin),
            "move": step.move,
            "right": step.right and asdict(step.right),
        }
        for step in tour
    ]
    views = {
        tab.name: {
            "of_image": tab.payload is not None,
            "seeded": tab.seeded,
            "choices": {choice.name: choice.default for choice in tab.choices},
            "parts": [
                {"name": part.name, "choices": part.choices, "covers": part.covers, "of_image": part.of_image}
                for part in tab.parts
            ],
        }
        for tab in tabs
    }
    entries = [asdict(entry) for entry in state]
    names = {"keys": KEYS, "values": VALUES | KEYS}  # a list of locks names keys
    settings = {"plotly": address, "state": entries, "renamed": names, "tour": steps, "views": views}
    settings |= {"release": release(), "constants": constants()} | ({"edition": edition} if edition else {})
    if "</script" in scripts or "</style" in styles:
        raise ValueError("a script or style of the page closes its own tag")
    return (
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{styles}</style><script>window.aedemoSettings = {json.dumps(settings)};\n{scripts}</script>"
    )
