"""The network diagram: input image, layers, the code as bars that can be dragged, layers, reconstruction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from aedemo.page.components.markup import element
from aedemo.page.sprites import Source, Sprite

if TYPE_CHECKING:
    from aedemo.explore.network import Bar
    from aedemo.models.layers import Layer


@dataclass(frozen=True)
class DiagramFrame:
    """The network at one position of the slider.

    run: its file's name; title: "Deep, M = 10"; words: the layers one after the other, for a screen reader
    bars, units, mask: see explore/network.py; discarded: layers that were thrown away after training
    """

    run: str
    title: str
    words: str
    layers: Sequence[Layer]
    bars: Sequence[Bar] = ()
    units: str = ""
    mask: str = ""
    discarded: Sequence[Layer] = ()

    def to_payload(self) -> dict[str, Any]:
        """Ready for JSON; what is empty is left out."""
        found = {
            "run": self.run,
            "title": self.title,
            "words": self.words,
            "layers": [_layer(layer) for layer in self.layers],
            "bars": [_bar(bar) for bar in self.bars],
            "units": self.units,
            "mask": self.mask,
            "discarded": [_layer(layer) for layer in self.discarded],
        }
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True)
class Diagram:
    """One network, in a frame for each position of its slider, or one for all.

    variant: its name; tint: whose colour it wears; slider: the one it follows, "" for none
    input, output, target: filmstrips of the tab, by their names, whose images it shows; target: the clean image, where
        the input is a noisy one; "" for none
    error: the filmstrip of the reconstruction's error map, "" for none; it and `output` follow a bar that is dragged
    patch: the input and the reconstructions, where they are a patch of what those filmstrips show
    place: the first row and column of that patch there, in pixels
    traversal: the filmstrip of one unit's activations, a Traversal, which `output` and `error` follow too; "" for none
    point: the test input of the latent maps that the code belongs to; "" for the image that the page shows
    """

    variant: str
    tint: str
    slider: str
    input: str
    output: str
    frames: Sequence[DiagramFrame] = field(repr=False)
    target: str = ""
    patch: tuple[Sprite, Sprite] | None = None
    place: tuple[int, int] | None = None
    point: str = ""
    error: str = ""
    traversal: str = ""

    def to_payload(self, source: Source = attrgetter("src")) -> dict[str, Any]:
        """Ready for JSON."""
        names = ("variant", "tint", "slider", "input", "output", "target", "point", "error", "place", "traversal")
        return {
            **{name: getattr(self, name) for name in names},
            "frames": [frame.to_payload() for frame in self.frames],
            "patch": None if self.patch is None else [one.to_payload(source) for one in self.patch],
        }


def _layer(layer: Layer) -> list:
    return [layer.kind, layer.size, layer.activation, layer.count]


def _bar(bar: Bar) -> list:
    """The unit and its value, and where it can be dragged: the ends, and which of the steps is its own."""
    handle = [] if bar.handle is None else [_short(bar.handle.low), _short(bar.handle.high), bar.handle.own]
    return [bar.unit, _short(bar.value), *handle]


def _short(value: float) -> float:
    return float(f"{value:.3g}")


def network(name: str) -> str:
    """The place of a diagram; the networks come with the payload, and its script draws and describes them."""
    return element("div", class_="ae-network", role="group", data_widget="network", data_name=name)
