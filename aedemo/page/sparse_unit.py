"""One unit of the sparse code, opened by a click on its filter: what it adds, when it is active, what excites it."""

from __future__ import annotations

from aedemo import datasets
from aedemo.explore.unit import UnitView, sparse_unit
from aedemo.page.components import (
    Choice,
    Histogram,
    Payload,
    Slider,
    Traversal,
    axis,
    card,
    filmstrip,
    histogram,
    images,
    mixed_frames,
    row,
    slider,
    text,
    tiles,
)  # fmt: skip
from aedemo.page.components.markup import element, words
from aedemo.page.readouts import decibels
from aedemo.page.tab import Part

UNIT = Choice("unit", "Unit", ())
ACTIVATION = Slider("sparse-unit", "Activation", "sparse", kind="continuous")
SLIDER, STRIP = ACTIVATION.name, "traversal"
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def skeleton() -> str:
    """The card of the unit that is open."""
    return card(
        text("unit-title", large="number"),
        slider(ACTIVATION),
        row(
            *(
                element("div", element("p", words(title), class_="ae-quiet"), shown)
                for title, shown in (
                    ("Its filter", images("unit-filter", "The filter of this unit", variant="sparse", size=80)),
                    ("Reconstruction", filmstrip(STRIP, "With this activation", SLIDER, "sparse", bare=True)),
                    ("Excited most by", images("exciting", "What excites this unit most", size=24)),
                )
            ),
            columns=3,
            narrow="pair",
        ),
        histogram("unit-histogram", "How often the unit is active, by its activation", SLIDER, "activation"),
        text("unit-words", quiet=True),
    )


def payload(data: str, image: str, seed: int, unit: str = "") -> Payload:
    """One unit on one image; unit: "λ:index", "" for the strongest in this image."""
    return opened(data, image, unit)[1]


def opened(data: str, image: str, unit: str) -> tuple[str, Payload]:
    """The name of the unit that is shown, "" for none, and what is shown of it."""
    try:
        view = sparse_unit(data, image, unit)
    except datasets.DataSetUnavailable as error:  # its test images: the rest of the tab needs none
        return "", Payload(texts={"unit-title": "", "unit-words": str(error)})
    return view.name, _shown(view, data)


def _shown(view: UnitView, data: str) -> Payload:
    top = max(view.values)
    captions = [(k, f"{value:.2f}") for k, value in enumerate(view.exciting_by)]
    heights = tuple((view.counts / max(1, view.counts.max())).round(4).tolist())
    marks = tuple(round(value / top, 4) for value in view.values)
    return Payload(
        sliders={SLIDER: axis([f"{value:.2f}" for value in view.values], view.own, fresh=True)},
        filmstrips={STRIP: _traversal(view, top, data)},
        images={
            "unit-filter": tiles(0.5 + 0.5 * view.filter, [[(0, "")]]),
            "exciting": tiles(view.exciting, [captions]),
        },
        histograms={"unit-histogram": Histogram((heights,), marks, (("0", f"{top:.2f}"),), "sparse")},
        texts={"unit-title": f"Unit {_symbol(view)} at λ = {view.weight:g}", "unit-words": _words(view, data)},
    )


def _traversal(view: UnitView, top: float, data: str) -> Traversal:
    """The image with the unit at each activation."""
    mixed = mixed_frames(view.traversal, [value / top for value in view.values], decibels(view.psnr))
    where = " in all patches, side by side" if datasets.get(data).patchwise else ""
    words = tuple(f"{_symbol(view)} set to {value:.2f}{where}" for value in view.values)
    return Traversal(mixed.sprite, mixed.big, position=view.position, words=words)


def _symbol(view: UnitView) -> str:
    """As the bars of the network diagram call it, counting from 1: z₁₇₃."""
    return f"z{view.unit + 1}".translate(SUBSCRIPTS)


def _words(view: UnitView, data: str) -> str:
    active = f"active in {view.examples - view.inactive:,} of {view.examples:,}"
    if datasets.get(data).patchwise:
        return (
            f"Activation {view.activation:.2f} on average over the patches of this image; the slider sets it in all of "
            f"them. The unit is {active} patches of the photographs in the gallery."
        )
    return f"Activation {view.activation:.2f} in this image. The unit is {active} test images."


PART = Part("unit", payload, (UNIT.name,), covers=(UNIT.name,))
