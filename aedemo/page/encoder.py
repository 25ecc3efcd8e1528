"""The last part of the Masked tab: the decoder is thrown away, and the encoder names what is in the picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aedemo import datasets
from aedemo.explore.encoder import EncoderView, Learned, encoder
from aedemo.page.components import Curve, Figure, bars, card, curves, figure, row, text
from aedemo.page.readouts import percent
from aedemo.page.theme import CLASSES

TITLES = {"finetuned": "fine-tuned", "probe": "linear probe", "scratch": "from scratch"}
FIGURES = ("probabilities", "labels", "by-ratio")
WORDS = ("named", "named-words", "labels-words", "by-ratio-words")  # empty, and their cards away, without a classifier
COLOURS = {"finetuned": ("masked", None), "probe": ("masked", "dot"), "scratch": ("picture", "dash")}
PUT_TO_WORK = (
    "Drawing was only the exercise. Without the decoder, the encoder reads the whole picture, and fresh output layers "
    "learn to name what is in it."
)
MAE = (
    "Beside the literature: on ImageNet, with a ViT-L of 300 million weights, a linear probe names 73.5 % of the "
    "pictures rightly after training at 75 %, but 54.6 % at the lowest ratio; fine-tuned it is 84.9 %, and nearly "
    "that between 40 % and 80 % (He et al. 2022, section 4.1 and figure 5). Context, not a comparison."
)


def skeleton() -> str:
    """Bars for this picture, accuracy against labels, accuracy against the ratio that the encoder was trained at."""
    return card(text("put-to-work"), title="Throw the decoder away") + row(
        card(
            text("named", large="number"),
            figure("probabilities", "Probability of each class for this picture", height=300),
            text("named-words", quiet=True),
            title="What is in this picture?",
        ),
        card(
            figure("labels", "Test accuracy against the number of labels", height=300),
            text("labels-words", quiet=True),
            title="What pre-training saves in labels",
        ),
        card(
            figure("by-ratio", "Test accuracy against the mask ratio of training", height=300),
            text("by-ratio-words", quiet=True),
            title="Trained at which ratio?",
        ),
    )


def parts(data: str, picture: str, ratio: float) -> tuple[dict[str, Figure], dict[str, str]]:
    """The figures and texts of this part, for the encoder trained at a ratio."""
    view = encoder(data, picture, ratio)
    if view is None:
        missing = f"None was fine-tuned on {datasets.get(data).title} yet: aedemo train classifier --data {data}"
        texts = {"put-to-work": f"{PUT_TO_WORK} {missing}"} | dict.fromkeys(WORDS, "")
        return dict.fromkeys(FIGURES, Figure()), texts
    names = datasets.get(data).classes
    colours = [CLASSES[names.index(name) % len(CLASSES)] for name in view.classes]
    probabilities = bars(view.classes, view.probabilities, colours, "probability (%)")
    return dict(zip(FIGURES, (probabilities, _by_labels(view), _by_ratio(view)), strict=True)), _texts(view)


def _by_labels(view: EncoderView) -> Figure:
    lines = []
    for way in view.ways:
        colour, dash = COLOURS[way.way]
        percents = [100 * mean for mean in way.means]
        if percents:
            lines.append(Curve(TITLES[way.way], [_count(count) for count in way.labels], percents, colour, dash))
    axis = {"categoryorder": "array", "categoryarray": [_count(count) for count in view.labels]}
    return curves(lines, "labels per class", "test accuracy (%)", x_axis=axis)


def _count(labels: int | None) -> str:
    return "all" if labels is None else f"{labels}"


def _by_ratio(view: EncoderView) -> Figure:
    if len(view.ratios) == 1:
        return Figure()
    few, ratios = view.few, [100 * ratio for ratio in view.ratios]
    lines = []
    for way, (some, full) in zip(("finetuned", "probe"), view.by_ratio, strict=True):
        colour, dash = COLOURS[way]
        lines.append(Curve(f"{TITLES[way]}, all", ratios, 100 * full, colour, dash))
        if few is not None:
            lines.append(Curve(f"{TITLES[way]}, {few} per class", ratios, 100 * some, "picture", dash))
    axis = {"range": [0, 100]}
    return curves(lines, "mask ratio of training (%)", "test accuracy (%)", ticks=ratios, x_axis=axis)


def _texts(view: EncoderView) -> dict[str, str]:
    order = np.argsort(view.probabilities)[::-1]
    first, second = ((view.classes[k], 100 * view.probabilities[k]) for k in order[:2])
    few = view.few
    spans = {TITLES[way.way]: _span(way.at(few)) for way in view.ways if way.way != "probe" and way.at(few)}
    with_labels = "with all labels" if few is None else f"with {few} labels per class"
    compared = f"; {with_labels} {', '.join(f'{span} {name}' for name, span in spans.items())}" if spans else ""
    return {
        "put-to-work": PUT_TO_WORK,
        "named": f"{first[0]}, {first[1]:.0f} %",
        "named-words": f"{_then(*second)}The encoder, trained at {percent(view.kept)}, sees the whole picture, "
        "nothing removed; all its weights were fine-tuned with fresh output layers, with all labels. It names "
        f"{100 * view.accuracy:.1f} % of the test pictures rightly, and knows no other classes than these.",
        "labels-words": f"The encoder trained at {percent(view.ratio)}, beside the same network from random weights. "
        f"{_seeds(view)}{compared}. {_steps(view)}",
        "by-ratio-words": f"{_by_which(view)}{MAE}",
    }


def _seeds(view: EncoderView) -> str:
    """Over how many seeds the means are, of each protocol where they differ or are still being trained."""
    if view.complete:
        return f"Means over {_seed_count(view.ways[0])}"
    counts = ", ".join(f"{TITLES[way.way]} {_seed_count(way)}" for way in view.ways)
    return f"Not all is trained yet. Means over the seeds there are: {counts}"


def _seed_count(way: Learned) -> str:
    low, high = way.seeds
    span = f"{low} to {high}" if low < high else f"{high}"
    return f"{span} seed{'' if high == 1 else 's'}"


def _steps(view: EncoderView) -> str:
    few, scratch, full = view.steps
    from_scratch = "" if few == scratch else f", from scratch {scratch:,}"
    if view.few is None:
        return f"Both learned in {full:,} gradient steps."
    return f"Both learned in {few:,} gradient steps{from_scratch}; with all labels in {full:,}."


def _by_which(view: EncoderView) -> str:
    """Which ratio of training was best for the probe, or where there is more than one to compare."""
    if len(view.ratios) > 1:
        few, full = (percent(view.ratios[row.argmax()]) for row in view.by_ratio[1])
        both = full if view.few is None or few == full else f"{few} with {view.few} labels per class, {full} with all"
        return f"The probe is best here on the encoder trained at {both}. "
    others = " and ".join(datasets.get(name).title for name in view.compared)
    elsewhere = f"For more ratios look at {others}. " if others else ""
    return f"This encoder was trained at {percent(view.ratio)} alone. {elsewhere}"


def _then(name: str, percent: float) -> str:
    return f"Then {name}, {percent:.0f} %. " if percent >= 0.5 else ""


def _span(accuracies: Sequence[float]) -> str:
    """ "79.1 to 80.2 %", "79.1 %" of one seed."""
    low, high = (f"{100 * share:.1f}" for share in (min(accuracies), max(accuracies)))
    return f"{low} %" if len(accuracies) == 1 else f"{low} to {high} %"
