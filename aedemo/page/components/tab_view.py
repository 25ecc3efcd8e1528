"""The tab view: one gr.HTML a tab, whose skeleton stands still and is filled by one payload."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from operator import attrgetter
from typing import Any

import gradio as gr

from aedemo.page.components.choice import Options
from aedemo.page.components.figure import Figure
from aedemo.page.components.filmstrip import Frames
from aedemo.page.components.histogram import Histogram
from aedemo.page.components.images import Tiles
from aedemo.page.components.markup import element
from aedemo.page.components.network import Diagram
from aedemo.page.components.plane import LatentMap
from aedemo.page.components.plane_replay import PlaneReplay
from aedemo.page.components.slider import Axis
from aedemo.page.sprites import Source


@dataclass(frozen=True)
class Payload:
    """All that a tab view shows, by the names in its skeleton. What is left out keeps what it showed before.

    texts: one string, or one for each frame of the slider that the slot follows.
    networks: the diagrams that one place can show, of which the first is shown at the start
    later: by the names of filmstrips and replays that arrive after the rest, the part of the tab that makes them
    message: a plain sentence for a banner on top; None takes the banner away.
    """

    sliders: Mapping[str, Axis] = field(default_factory=dict)
    filmstrips: Mapping[str, Frames] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)
    histograms: Mapping[str, Histogram] = field(default_factory=dict)
    planes: Mapping[str, LatentMap] = field(default_factory=dict)
    replays: Mapping[str, PlaneReplay] = field(default_factory=dict)
    images: Mapping[str, Tiles] = field(default_factory=dict)
    texts: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    choices: Mapping[str, Options] = field(default_factory=dict)
    networks: Mapping[str, Sequence[Diagram]] = field(default_factory=dict)
    later: Mapping[str, str] = field(default_factory=dict)
    message: str | None = None

    def to_dict(self, source: Source = attrgetter("src")) -> dict[str, Any]:
        """An object of objects by their names, ready for JSON; source: what is written for each image."""
        return {
            "sliders": {name: asdict(item) for name, item in self.sliders.items()},
            "filmstrips": {name: item.to_payload(source) for name, item in self.filmstrips.items()},
            "figures": {name: item.to_payload() for name, item in self.figures.items()},
            "histograms": {name: item.to_payload() for name, item in self.histograms.items()},
            "planes": {name: item.to_payload(source) for name, item in self.planes.items()},
            "replays": {name: item.to_payload(source) for name, item in self.replays.items()},
            "images": {name: item.to_payload(source) for name, item in self.images.items()},
            "texts": dict(self.texts),
            "choices": {name: asdict(item) for name, item in self.choices.items()},
            "networks": {name: [one.to_payload(source) for one in found] for name, found in self.networks.items()},
            "later": dict(self.later),
            "message": self.message,
        }

    def to_json(self) -> str:
        """The payload as the HTTP endpoints have it: each image is a data-URI."""
        return json.dumps(self.to_dict(), separators=(",", ":"))


def tab_view(name: str, skeleton: str) -> gr.HTML:
    """A tab's skeleton of HTML, which stands still; the page's script fills it with documents that it asks for itself.

    A plain gr.HTML and no class of our own: of a subclass Gradio writes a .pyi file into the sources at import.
    """
    banner = element("p", class_="ae-message", role="alert", hidden=True)
    banner += element("p", "Computing …", class_="ae-busy", aria_hidden="true")
    return gr.HTML(banner + skeleton, apply_default_css=False, elem_id=f"view-{name}", elem_classes=["ae-tab-view"])
