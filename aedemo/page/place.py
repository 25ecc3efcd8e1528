"""The tab for one's own picture: how each model ranks it among test pictures, which it is near to, where it lies."""

from __future__ import annotations

import numpy as np

from aedemo.explore.place import ASKED, OFF_MANIFOLD, UNUSUAL, PlaceView, Standing, place
from aedemo.page.components import (
    Payload,
    Slider,
    Strip,
    Tiles,
    card,
    filmstrip,
    heading,
    pictures,
    row,
    slider,
    strip,
    table,
    text,
    tiles,
)  # fmt: skip
from aedemo.page.planes import fill_planes, plane_cards
from aedemo.page.readouts import BLANK, START_BOTTLENECK, decibels, run_words, stops
from aedemo.page.tab import Tab
from aedemo.page.theme import VARIANTS

BOTTLENECK = Slider("place-bottleneck", "Bottleneck M", "deep")
SLIDER = BOTTLENECK.name
SEVEN = tuple(ASKED)
UNKNOWN = "–"


def skeleton() -> str:
    """The verdict, a column a variant, the planes."""
    answers = [
        filmstrip(f"answer-{v}", f"{VARIANTS[v].title}: its answer", _follows(v), bare=True, answer=True) for v in SEVEN
    ]
    ranks = [text(f"rank-{v}", _follows(v), large="number") for v in SEVEN]
    near = [pictures(f"near-{v}", f"{VARIANTS[v].title}: nearest codes", _follows(v), v, size=44) for v in SEVEN]
    lines = [("Its answer", answers), ("Drawn worse than", ranks), ("Nearest codes", near)]
    return (
        card(slider(BOTTLENECK))
        + row(
            filmstrip("picture", "This picture", variant="picture", size=150),
            card(
                text("verdict", SLIDER, large="claim"),
                text("how", quiet=True),
                title="Does it look like what the models were trained on?",
            ),
            columns=(1, 5),
        )
        + card(table([heading(VARIANTS[v].title, v) for v in SEVEN], lines), text("legend", quiet=True))
        + plane_cards("place-")
    )


def _follows(variant: str) -> str | None:
    return SLIDER if variant in ("pca", "linear", "shallow", "deep") else None


def payload(data: str, picture: str, seed: int) -> Payload:
    """Ranks and neighbours at every M; a variant that cannot answer stays blank and says so."""
    view = place(data, picture, seed)
    planes = fill_planes(view.planes, view.classes, view.patchwise, "place-")
    found = {standing.variant: standing for standing in view.standings}
    texts, strips, near = dict(planes.texts), {"picture": strip(view.clean)}, {}
    for variant in SEVEN:
        standing = found.get(variant)
        texts[f"rank-{variant}"] = _ranks(standing)
        strips[f"answer-{variant}"] = _answers(standing)
        near[f"near-{variant}"] = _neighbours(standing, view)
    texts |= _words(view)
    return Payload(
        sliders={SLIDER: stops(view.values, START_BOTTLENECK)},
        strips=strips,
        pictures=near,
        planes=planes.planes,
        texts=texts,
        message=" ".join(dict.fromkeys(view.missing)) or None,
    )


def _words(view: PlaceView) -> dict[str, str | tuple[str, ...]]:
    kind = "photographs of the gallery" if view.patchwise else "test pictures"
    pooled = (
        ", a dense model's code being the means over the patches of z's positive and of its negative part"
        if view.patchwise
        else ""
    )
    return {
        "verdict": tuple(_verdict(view, frame) for frame in range(len(view.values))),
        "how": f"A picture is a stranger to a model that draws it worse than {OFF_MANIFOLD:g} % of the test pictures.",
        "legend": f"Drawn worse than: the share of test pictures that the model draws with a smaller squared error. "
        f"Nearest codes: the {kind} whose codes are nearest{pooled}.",
    }


def _answers(standing: Standing | None) -> Strip:
    if standing is None:
        return strip(BLANK, "–", "not trained")
    return strip(
        standing.answer.frames,
        decibels(standing.answer.quality.psnr),
        [run_words(standing.variant, s) for s in standing.settings],
    )


def _ranks(standing: Standing | None) -> tuple[str, ...]:
    if standing is None:
        return (UNKNOWN,)
    return tuple(UNKNOWN if np.isnan(rank) else percent_of(rank) for rank in standing.rank)


def percent_of(rank: float) -> str:
    """A rank as words: no more digits than a sample of some hundred pictures can carry."""
    return "all" if rank >= 100 else "none" if rank <= 0 else f"{min(99.9, rank):.1f} %"


def _neighbours(standing: Standing | None, view: PlaceView) -> Tiles:
    """The pictures that are near at some M, and of those the ones near at each."""
    if standing is None or not standing.nearest.size:
        return tiles(BLANK, [[(0, "not here")]])
    used, place_of = np.unique(standing.nearest, return_inverse=True)
    names = [view.references.names[index] for index in used]
    shown = [[(int(k), names[k]) for k in frame] for frame in place_of.reshape(standing.nearest.shape)]
    return tiles(view.references.pictures[used].numpy(), shown)


def _verdict(view: PlaceView, frame: int) -> str:
    strangers, unusual = int(view.strangers[frame]), int(view.unusual[frame])
    judges, m = view.judges, view.values[frame]
    if not judges:
        return "No model has stored how well it draws the test pictures, so none can say."
    if 2 * strangers >= judges:
        return (
            f"This does not look like anything the models were trained on: at M = {m}, {strangers} of {judges} draw it "
            f"worse than {OFF_MANIFOLD:g} % of the test pictures."
        )
    if 2 * unusual >= judges:
        return (
            f"Hardly: at M = {m}, it is a stranger to {strangers or 'none'} of {judges} models, but {unusual} draw it "
            f"worse than {UNUSUAL:g} % of the test pictures."
        )
    if strangers:
        return f"Mostly yes: at M = {m}, it is a stranger to {strangers} of {judges} models only."
    return f"Yes: at M = {m}, none of {judges} models draws it worse than {OFF_MANIFOLD:g} % of the test pictures."


TAB = Tab("place", "Your picture", skeleton, payload, (BOTTLENECK,), seeded=False)
