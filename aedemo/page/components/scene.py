"""The scene: one gr.HTML a tab, whose skeleton stands still and whose value is one payload that fills all of it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import gradio as gr

from aedemo.page.components.choice import Options
from aedemo.page.components.figure import Figure
from aedemo.page.components.filmstrip import Strip
from aedemo.page.components.histogram import Histogram
from aedemo.page.components.markup import element
from aedemo.page.components.pictures import Tiles
from aedemo.page.components.plane import LatentMap
from aedemo.page.components.slider import Axis


@dataclass(frozen=True)
class Payload:
    """All that a scene shows, by the names in its skeleton. What is left out keeps what it showed before.

    texts: one string, or one for each frame of the slider that the slot follows.
    later: by the names of filmstrips that arrive after the rest, the address that makes them: the page posts picture,
        data set and seed there.
    message: a plain sentence for a banner on top; None takes the banner away.
    """

    sliders: Mapping[str, Axis] = field(default_factory=dict)
    strips: Mapping[str, Strip] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)
    histograms: Mapping[str, Histogram] = field(default_factory=dict)
    planes: Mapping[str, LatentMap] = field(default_factory=dict)
    pictures: Mapping[str, Tiles] = field(default_factory=dict)
    texts: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    choices: Mapping[str, Options] = field(default_factory=dict)
    later: Mapping[str, str] = field(default_factory=dict)
    message: str | None = None

    def to_json(self) -> str:
        """The payload as the page and the HTTP endpoints have it: an object of objects by their names."""
        return json.dumps(
            {
                "sliders": {name: asdict(item) for name, item in self.sliders.items()},
                "strips": {name: item.to_payload() for name, item in self.strips.items()},
                "figures": {name: item.to_payload() for name, item in self.figures.items()},
                "histograms": {name: item.to_payload() for name, item in self.histograms.items()},
                "planes": {name: item.to_payload() for name, item in self.planes.items()},
                "pictures": {name: item.to_payload() for name, item in self.pictures.items()},
                "texts": dict(self.texts),
                "choices": {name: asdict(item) for name, item in self.choices.items()},
                "later": dict(self.later),
                "message": self.message,
            },
            separators=(",", ":"),
        )


# Two equal values in a row would not reach the page: Gradio compares them. So each answer carries a number of its own.
_answers = itertools.count(1)


def numbered(answer: str) -> str:
    """A JSON object as text, with the number of the answer put in front."""
    return f'{{"answer":{next(_answers)},{answer[1:]}'


def scene(name: str, skeleton: str, seeded: bool = True) -> gr.HTML:
    """A tab's skeleton of HTML and its one event, `ask`, for which the page sends its picture and choices.

    The skeleton travels as a property and is pasted by the template once: it holds no `${value}`, so a new value
    leaves its elements, and with them sliders and zoom, as they are. The value is a JSON string and not an object,
    because Gradio compares old and new by writing both as JSON, which is dear for an object and cheap for a string.
    seeded: whether the seed changes what it shows.
    A plain gr.HTML and no class of our own: of a subclass Gradio writes a .pyi file into the sources at import.
    """
    banner = element("p", class_="ae-message", role="alert", hidden=True)
    banner += element("p", "Computing …", class_="ae-busy", aria_hidden="true")
    return gr.HTML(
        value=None,
        html_template="${skeleton}",
        js_on_load=f"(function start() {{ window.aedemo ? aedemo.mountScene({json.dumps(name)}, element, "
        f"() => trigger('ask'), watch, props, {json.dumps(seeded)}) : setTimeout(start, 20); }})();",
        apply_default_css=False,
        elem_id=f"scene-{name}",
        elem_classes=["ae-scene"],
        skeleton=banner + skeleton,
    )
