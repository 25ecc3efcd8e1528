"""The last part of the Masked tab: the decoder is thrown away, and the encoder names what is in the image."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aedemo import datasets
from aedemo.corruption import percent
from aedemo.explore.encoder import EncoderView, Learned, encoder
from aedemo.page.components import Curve, Figure, bars, card, curves, figure, network, row, text
from aedemo.page.theme import CLASSES

TITLES = {"finetuned": "fine-tuned", "probe": "linear probe", "scratch": "from scratch"}
NETWORK = "classifier-network"
FIGURES = ("probabilities", "labels", "by-ratio")
WORDS = ("named", "named-words", "labels-words", "by-ratio-words")  # empty, and their cards away, without a classifier
COLOURS = {"finetuned": ("masked", None), "probe": ("masked", "dot"), "scratch": ("image", "dash")}
TRANSFER = (
    "Reconstruction was only the pre-training task. Without the decoder, the encoder reads the whole image, and a "
    "fresh head learns to classify it."
)
MAE = (
    "In the literature: on ImageNet, with a ViT-L of 300 million weights, a linear probe reaches 73.5 % accuracy after "
    "pre-training at 75 %, and 54.6 % at the lowest ratio. Fine-tuned, the accuracy is 84.9 % at 75 %, and nearly that "
    "from 40 % to 80 % (He et al. 2022, section 4.1 and figure 5). Context, not a comparison."
)


def skeleton() -> str:
    """Bars for this image, accuracy against labels, accuracy against the ratio that the encoder was trained at."""
    return card(network(NETWORK), text("transfer"), title="Throw the decoder away") + row(
        card(
            text("named", large="number"),
            figure("probabilities", "Probability of each class for this image", height=300),
            text("named-words", quiet=True),
            title="Which of its classes does it name?",
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


def parts(data: str, image: str, ratio: float) -> tuple[dict[str, Figure], dict[str, str]]:
    """The figures and texts of this part, for the encoder trained at a ratio."""
    view = encoder(data, image, ratio)
    if view is None:
        missing = f"None was fine-tuned on {datasets.get(data).title} yet: aedemo train classifier --data {data}"
        texts = {"transfer": f"{TRANSFER} {missing}"} | dict.fromkeys(WORDS, "")
        return dict.fromkeys(FIGURES, Figure()), texts
    names = datasets.get(data).classes
    colours = [CLASSES[names.index(name) % len(CLASSES)] for name in view.classes]
    probabilities = bars(view.classes, view.probabilities, colours, "probability (%)")
    return dict(zip(FIGURES, (probabilities, _by_labels(view), _by_ratio(view)), strict=True)), _texts(view)


def _by_labels(view: EncoderView) -> Figure:
    lines = []
    for protocol in view.protocols:
        colour, dash = COLOURS[protocol.protocol]
        percents = [100 * mean for mean in protocol.means]
        if percents:
            lines.append(
                Curve(TITLES[protocol.protocol], [_count(count) for count in protocol.labels], percents, colour, dash)
            )
    axis = {"categoryorder": "array", "categoryarray": [_count(count) for count in view.labels]}
    return curves(lines, "labels per class", "test accuracy (%)", x_axis=axis)


def _count(labels: int | None) -> str:
    return "all" if labels is None else f"{labels}"


def _by_ratio(view: EncoderView) -> Figure:
    if len(view.ratios) == 1:
        return Figure()
    few, ratios = view.few, [100 * ratio for ratio in view.ratios]
    lines = []
    for protocol, (some, full) in zip(("finetuned", "probe"), view.by_ratio, strict=True):
        colour, dash = COLOURS[protocol]
        lines.append(Curve(f"{TITLES[protocol]}, all", ratios, 100 * full, colour, dash))
        if few is not None:
            lines.append(Curve(f"{TITLES[protocol]}, {few} per class", ratios, 100 * some, "image", dash))
    axis = {"range": [0, 100]}
    return curves(lines, "mask ratio of training (%)", "test accuracy (%)", ticks=ratios, x_axis=axis)


def _texts(view: EncoderView) -> dict[str, str]:
    order = np.argsort(view.probabilities)[::-1]
    first, second = ((view.classes[k], 100 * view.probabilities[k]) for k in order[:2])
    few = view.few
    spans = {
        TITLES[protocol.protocol]: _span(protocol.at(few))
        for protocol in view.protocols
        if protocol.protocol != "probe" and protocol.at(few)
    }
    with_labels = "with all labels" if few is None else f"with {few} labels per class"
    compared = f"; {with_labels} {', '.join(f'{span} {name}' for name, span in spans.items())}" if spans else ""
    return {
        "transfer": TRANSFER,
        "named": f"{first[0]}, {first[1]:.0f} %",
        "named-words": f"{_then(*second)}The encoder, trained at {percent(view.kept)}, sees the whole image, "
        "nothing removed; all its weights were fine-tuned with fresh output layers, with all labels. It names "
        f"{100 * view.accuracy:.1f} % of the test images correctly. Any image gets one of these classes, "
        "also one that shows none of them.",
        "labels-words": f"The encoder trained at {percent(view.ratio)}, beside the same network from random weights. "
        f"{_seeds(view)}{compared}. {_steps(view)}",
        "by-ratio-words": f"{_by_which(view)}{MAE}",
    }


def _seeds(view: EncoderView) -> str:
    """Over how many seeds the means are, of each protocol where they differ or are still being trained."""
    if view.complete:
        return f"Means over {_seed_count(view.protocols[0])}"
    counts = ", ".join(f"{TITLES[protocol.protocol]} {_seed_count(protocol)}" for protocol in view.protocols)
    return f"Not all is trained yet. Means over the seeds there are: {counts}"


def _seed_count(protocol: Learned) -> str:
    low, high = protocol.seeds
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
        return f"The probe is best here on the encoder trained at {both}. {_pretraining(view)}"
    others = " and ".join(datasets.get(name).title for name in view.compared)
    elsewhere = f"For more ratios look at {others}. " if others else ""
    return f"This encoder was trained at {percent(view.ratio)} alone. {elsewhere}"


def _pretraining(view: EncoderView) -> str:
    """Where the encoders were not pre-trained for as many steps, the ratio is not all that differs."""
    if len(set(view.pretraining)) == 1:
        return ""
    at = {steps: [] for steps in sorted(view.pretraining)}
    for ratio, steps in zip(view.ratios, view.pretraining, strict=True):
        at[steps].append(percent(ratio))
    parts = (f"{steps:,} steps at {', '.join(ratios)}" for steps, ratios in at.items())
    return f"More than the ratio differs: pre-training took {'; '.join(parts)}. "


def _then(name: str, percent: float) -> str:
    return f"Then {name}, {percent:.0f} %. " if percent >= 0.5 else ""


def _span(accuracies: Sequence[float]) -> str:
    """ "79.1 to 80.2 %", "79.1 %" of one seed."""
    low, high = (f"{100 * share:.1f}" for share in (min(accuracies), max(accuracies)))
    return f"{low} %" if len(accuracies) == 1 else f"{low} to {high} %"
