"""The Masked tab: masked, reconstruction, reconstruction with the visible patches, PCA's fill-in, original."""

from __future__ import annotations

import numpy as np

from aedemo.corruption import MASK_KINDS, MASK_KNOB, MASK_RATIOS
from aedemo.explore.masked import BY_HAND, MaskedView, masked
from aedemo.page import encoder
from aedemo.page.components import (
    Choice,
    Curve,
    Options,
    Payload,
    Slider,
    card,
    choice,
    curves,
    figure,
    filmstrip,
    masked_strip,
    patches,
    row,
    slider,
    strip,
    text,
)  # fmt: skip
from aedemo.page.readouts import START_RATIO, decibels, percent, stops
from aedemo.page.tab import Tab

RATIO = Slider("masked-mask-ratio", "Mask ratio", "masked", kind="knob")
SLIDER = RATIO.name
TRAINED_AT = Choice("ratio", "Trained at", tuple((f"{r:g}", percent(r)) for r in MASK_RATIOS), f"{START_RATIO:g}")

DASHES = ("dot", "dash", "longdash", "dashdot")  # of the runs that are not shown, one for each of MASK_RATIOS
KINDS = (*((kind.name, kind.title) for kind in MASK_KINDS.values()), (BY_HAND, "By hand"))
KIND, HAND = Choice("mask", "Mask", KINDS), Choice("hand", "Mask by hand", (), made=True)


def skeleton() -> str:
    """Slider, five pictures, the errors apart, the curve."""
    return (
        card(
            row(
                slider(RATIO),
                choice(KIND),
                choice(TRAINED_AT),
                columns=(1.5, 1.3, 1),
            )
        )
        + row(
            patches("masked", "What it sees", SLIDER, picks=(KIND.name, HAND.name), clean="clean"),
            filmstrip("answer", "Reconstruction", SLIDER, "masked"),
            filmstrip("joined", "Visible put back", SLIDER, "masked", answer=True),
            filmstrip("pca", "PCA's fill-in", SLIDER, "pca", answer=True),
            filmstrip("clean", "Original", variant="picture"),
            narrow="pair",
        )
        + row(
            card(
                text("masked-error", SLIDER),
                text("visible-error", SLIDER),
                text("pca-error", SLIDER),
                text("why", quiet=True),
                title="Error on this picture",
            ),
            card(
                figure("curve", "Test error on removed patches against mask ratio", SLIDER, height=300),
                text("curve-words", quiet=True),
                title="Error on patches removed at random from test pictures",
            ),
            columns=(1, 1.6),
        )
        + encoder.skeleton()
    )


def payload(data: str, picture: str, seed: int, ratio: str, mask: str = "random", hand: str = "") -> Payload:
    """One picture at each mask ratio, with the run trained at one.

    mask: random, block, grid, or hand, and then `hand` is the mask: hexadecimal digits, one bit a patch, row by row.
    """
    view = masked(data, picture, seed, float(ratio), mask, hand)
    figures, texts = encoder.parts(data, picture, float(ratio))
    seen = [f"{view.patches - n} of {view.patches} patches" for n in view.removed]
    return Payload(
        choices={
            "ratio": Options(tuple((f"{r:g}", percent(r)) for r in view.ratios_trained), f"{view.trained_at:g}"),
            "mask": Options(KINDS, view.kind),
        },
        sliders={SLIDER: stops(view.ratios, START_RATIO, percent)},
        strips={
            "masked": masked_strip(view.masked, view.grid, view.masks, seen, "Click or drag over it to change it."),
            "answer": strip(view.answer.frames, decibels(view.answer.quality.psnr)),
            "joined": strip(view.with_visible.frames, decibels(view.with_visible.quality.psnr)),
            "pca": strip(view.pca.frames, decibels(view.pca.quality.psnr), f"{view.pca_components} components"),
            "clean": strip(view.clean),
        },
        figures={"curve": _curve(view), **figures},
        texts={
            **texts,
            "masked-error": _errors("On removed patches", view.masked_error),
            "visible-error": _errors("On visible patches", view.visible_error),
            "pca-error": _errors("PCA's fill-in, on removed patches", view.pca_error),
            "curve-words": _curve_words(view),
            "why": "Squared error per value. The visible patches are drawn worse than one expects, since no error was "
            "counted there in training.",
        },
    )


def _errors(what: str, values: np.ndarray) -> tuple[str, ...]:
    return tuple(f"{what}: {'–' if np.isnan(v) else f'{v:.4f}'}" for v in values)


def _curve_words(view: MaskedView) -> str:
    """Where the curve of the shown run is lowest: below the ratio it was trained at, more to see may be worse."""
    errors = view.curves[view.ratios_trained.index(view.trained_at)]
    lowest = 1 + int(np.argmin(errors[1:]))  # at ratio 0 nothing is removed
    words = f"Trained at {percent(view.trained_at)}, it errs least at {percent(MASK_KNOB[lowest])}"
    if lowest == 1:
        return f"{words}."
    return f"{words}. With fewer patches removed the task is easier, but the network never saw so many of them."


def _curve(view: MaskedView):
    inner = slice(1, None)  # at ratio 0 nothing is removed
    ratios = [100 * r for r in MASK_KNOB[inner]]
    lines = []
    for trained, errors in zip(view.ratios_trained, view.curves, strict=True):
        shown = trained == view.trained_at
        dash = None if shown else DASHES[MASK_RATIOS.index(trained)]
        lines.append(Curve(f"trained at {percent(trained)}", ratios, errors[inner], "masked", dash, faint=not shown))
    lines.append(Curve("PCA's fill-in", ratios, view.curve_pca[inner], "pca"))
    lines.append(Curve("mean of the visible", ratios, view.curve_mean[inner], "picture", "dot"))
    return curves(lines, "mask ratio (%)", "squared error per value", log_y=True, at=[100 * r for r in view.ratios])


TAB = Tab("masked", "Masked", skeleton, payload, (RATIO,), (TRAINED_AT, KIND, HAND))
