"""The Masked tab: masked, reconstruction, reconstruction with the visible patches, PCA imputation, original."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aedemo import checkpoints
from aedemo.checkpoints import MASK_SAMPLING_SOURCE
from aedemo.corruption import MASK_KINDS, MASK_RATIOS, TEST_MASK_RATIOS, percent
from aedemo.explore.masked import BY_HAND, MaskedView, masked
from aedemo.explore.threads import beside, together
from aedemo.models import VARIANTS
from aedemo.page import encoder
from aedemo.page.components import (
    Choice,
    Curve,
    Diagram,
    Options,
    Payload,
    Slider,
    card,
    choice,
    curves,
    figure,
    filmstrip,
    frames_of,
    heading,
    masked_frames,
    network,
    patches,
    row,
    slider,
    table,
    text,
)  # fmt: skip
from aedemo.page.components.markup import element, words
from aedemo.page.networks import classifier_diagram, diagram
from aedemo.page.readouts import START_RATIO, reconstruction_frames, slider_values, trained_at
from aedemo.page.tab import Part, Tab

RATIO = Slider(
    "masked-mask-ratio",
    VARIANTS["masked"].slider,
    "masked",
    "continuous",
    offer=lambda chosen: () if chosen["MASK"] == BY_HAND else TEST_MASK_RATIOS,
)
SLIDER, NETWORK = RATIO.name, "masked-network"
RATIOS = tuple((f"{ratio:g}", percent(ratio)) for ratio in MASK_RATIOS)
TRAINED_AT = Choice("ratio", "Trained at", RATIOS, f"{START_RATIO:g}", offer=trained_at("masked"))

RISES = 1.1  # by how much a curve must rise before it is said that it does
DASHES = ("dot", "dash", "longdash", "dashdot")  # of the runs that are not shown, one for each of MASK_RATIOS
KINDS = (*((kind.name, kind.title) for kind in MASK_KINDS.values()), (BY_HAND, "By hand"))
KIND, HAND = Choice("mask", "Mask", KINDS), Choice("hand", "Mask by hand", (), made=True)


def skeleton() -> str:
    """Slider, five images, the errors apart, the curve."""
    return (
        card(
            network(NETWORK),
            slider(RATIO),
            row(choice(KIND), choice(TRAINED_AT)),
        )
        + row(
            filmstrip("joined", "Reconstruction + visible", SLIDER, "masked", reconstruction=True),
            row(
                patches("masked", "What it sees", SLIDER, picks=(KIND.name, HAND.name), clean="clean"),
                filmstrip("reconstruction", "Reconstruction", SLIDER, "masked"),
                filmstrip("pca", "PCA imputation", SLIDER, "pca", reconstruction=True),
                filmstrip("clean", "Original", variant="image"),
                columns=2,
                narrow="pair",
            ),
            columns=2,
        )
        + row(
            card(
                text("masked-error", SLIDER),
                text("visible-error", SLIDER),
                text("pca-error", SLIDER),
                text("why", quiet=True),
                title="Error on this image",
            ),
            card(
                figure("curve", "Test error on removed patches against mask ratio", SLIDER, height=300),
                text("curve-words", quiet=True),
                title="Error on patches removed at random from test images",
            ),
            columns=(1, 1.6),
        )
        + card(_kinds_table(), text("kinds-words", quiet=True), title="Which patches to remove")
        + encoder.skeleton()
    )


def _kinds_table() -> str:
    """A line for each kind of mask in the paper's table: its accuracies, and our errors."""
    columns = ("Theirs, fine-tuned", "Theirs, linear probe", "Our error", "PCA imputation")
    lines = []
    for theirs in checkpoints.MASK_SAMPLING:
        name = _kind_name(theirs.kind, theirs.ratio)
        fixed = [words(f"{100 * accuracy:.1f} %") for accuracy in (theirs.finetuned, theirs.probe)]
        cells = [element("p", cell) for cell in fixed] + [text(f"{name}-{whose}") for whose in ("error", "pca")]
        lines.append((f"{MASK_KINDS[theirs.kind].title}, {percent(theirs.ratio)}", cells))
    return table([heading(column) for column in columns], lines, minimum=84)


def _kind_name(kind: str, ratio: float) -> str:
    return f"kind-{kind}-{100 * ratio:.0f}"


def payload(data: str, image: str, seed: int, ratio: str, mask: str = "random", hand: str = "") -> Payload:
    """One image at each mask ratio, with the run trained at one.

    mask: random, block, grid, or hand, and then `hand` is the mask: hexadecimal digits, one bit a patch, row by row.
    """
    view = masked(data, image, seed, float(ratio), mask, hand)
    classified = beside(encoder.parts, data, image, float(ratio))
    shown = _under_masks(view, data)
    figures, texts = classified.result()
    return replace(
        shown,
        choices={
            "ratio": Options(tuple((f"{r:g}", percent(r)) for r in view.ratios_trained), f"{view.trained_at:g}"),
            **shown.choices,
        },
        networks={**shown.networks, encoder.NETWORK: classifier_diagram(data)},
        filmstrips={**shown.filmstrips, "clean": frames_of(view.clean)},
        figures={"curve": _curve(view), **figures},
        texts={
            **texts,
            **shown.texts,
            "curve-words": _curve_words(view),
            **_kinds(view),
            "why": "Squared error per value. Training does not count the error on visible patches, so it may be the "
            "larger one.",
        },
    )


def under_masks(data: str, image: str, seed: int, ratio: str, mask: str = "random", hand: str = "") -> Payload:
    """What another mask changes: the images and their errors."""
    return _under_masks(masked(data, image, seed, float(ratio), mask, hand), data)


def _under_masks(view: MaskedView, data: str) -> Payload:
    seen = [f"{view.patches - n} of {view.patches} patches" for n in view.removed]
    return Payload(
        choices={"mask": Options(KINDS, view.kind)},
        sliders={SLIDER: slider_values(view.ratios, START_RATIO, percent)},
        networks={NETWORK: (_network(view, data),)},
        filmstrips=together(
            {
                "masked": lambda: masked_frames(
                    view.masked,
                    view.with_visible.metrics.mse,
                    view.clean,
                    view.grid,
                    view.masks,
                    seen,
                    "Click or drag over it to change it.",
                ),
                "reconstruction": lambda: reconstruction_frames(view.reconstruction),
                "joined": lambda: reconstruction_frames(view.with_visible, clean=view.clean),
                "pca": lambda: reconstruction_frames(view.pca, [f"{view.pca_components} components"], view.clean),
            }
        ),
        texts={
            "masked-error": _errors("On removed patches", view.masked_error),
            "visible-error": _errors("On visible patches", view.visible_error),
            "pca-error": _errors("PCA imputation, on removed patches", view.pca_error),
        },
    )


def _network(view: MaskedView, data: str) -> Diagram:
    shown = ("masked", "reconstruction")
    return diagram(data, "masked", (view.trained_at,), view.clean, SLIDER, shown, masks=view.masks)


def _errors(what: str, values: np.ndarray) -> tuple[str, ...]:
    return tuple(f"{what}: {'–' if np.isnan(v) else f'{v:.4f}'}" for v in values)


def _kinds(view: MaskedView) -> dict[str, str]:
    """Our errors under each kind of mask, and what the table compares."""
    texts = {}
    for theirs in checkpoints.MASK_SAMPLING:
        ours = [found for found in view.kinds if (found.kind, found.ratio) == (theirs.kind, theirs.ratio)]
        name = _kind_name(theirs.kind, theirs.ratio)
        texts[f"{name}-error"] = f"{ours[0].error:.4f}" if ours else "–"
        texts[f"{name}-pca"] = f"{ours[0].pca_error:.4f}" if ours else "–"
    texts["kinds-words"] = (
        f"Theirs: accuracy on ImageNet of a ViT-L pre-trained with each kind of mask ({MASK_SAMPLING_SOURCE}). "
        "Ours: squared error per removed value on test images, of the network above, which was trained on random "
        f"masks alone. Context, not a comparison. {_easiest(view)}They predict pixels normalized patch by patch. Here "
        "pixels are predicted as they are: a normalized patch could only be shown with the true mean and spread of "
        "what was hidden, which gives away part of the reconstruction."
    )
    return texts


def _easiest(view: MaskedView) -> str:
    """How hard the kinds are to fill, beside what they taught, where it is as in most data sets."""
    errors = {found.kind: found.error for found in view.kinds if found.ratio == START_RATIO}
    if sorted(errors, key=errors.get) != ["grid", "random", "block"]:
        return ""
    return "A grid is the easiest to fill and a block the hardest; theirs learned most from random masks, in between. "


def _curve_words(view: MaskedView) -> str:
    """Where the curve of the shown run is lowest, and whether more to see makes it worse by a tenth or more."""
    errors = view.curves[view.ratios_trained.index(view.trained_at)]
    lowest = 1 + int(np.argmin(errors[1:]))  # at ratio 0 nothing is removed
    words = f"Trained at {percent(view.trained_at)}, the error is lowest at {percent(TEST_MASK_RATIOS[lowest])}"
    if errors[1] <= RISES * errors[lowest]:
        return f"{words}."
    return (
        f"{words} and {errors[1] / errors[lowest]:.1f} times that at {percent(TEST_MASK_RATIOS[1])}: fewer patches are "
        "missing, but in training the network never saw so many."
    )


def _curve(view: MaskedView):
    inner = slice(1, None)  # at ratio 0 nothing is removed
    ratios = [100 * r for r in TEST_MASK_RATIOS[inner]]
    lines = []
    for trained, errors in zip(view.ratios_trained, view.curves, strict=True):
        shown = trained == view.trained_at
        dash = None if shown else DASHES[MASK_RATIOS.index(trained)]
        lines.append(Curve(f"trained at {percent(trained)}", ratios, errors[inner], "masked", dash, faint=not shown))
    lines.append(Curve("PCA imputation", ratios, view.curve_pca[inner], "pca"))
    lines.append(Curve("mean of the visible pixels", ratios, view.curve_mean[inner], "image", "dot"))
    return curves(lines, "mask ratio (%)", "squared error per value", log_y=True, at=[100 * r for r in view.ratios])


CHOICES = (TRAINED_AT, KIND, HAND)
UNDER_MASKS = Part("masks", under_masks, tuple(choice.name for choice in CHOICES), covers=(KIND.name, HAND.name))
TAB = Tab("masked", "Masked", skeleton, payload, (RATIO,), CHOICES, network=NETWORK, parts=(UNDER_MASKS,))
