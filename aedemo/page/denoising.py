"""The Denoising tab: noisy, denoised, PCA's answer and clean, and the map of trained-at against tested-at."""

from __future__ import annotations

import numpy as np

from aedemo.corruption import NOISES
from aedemo.explore.denoising import DenoisingView, denoising
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
    heatmap,
    row,
    slider,
    strip,
    text,
)  # fmt: skip
from aedemo.page.readouts import answer_strip, decibels, published, stops
from aedemo.page.tab import Tab

NOISE = Slider("denoising-noise", "Noise level", "denoising", kind="knob")
SLIDER = NOISE.name
KIND = Choice("kind", "Kind of noise", tuple((n.name, n.title) for n in reversed(NOISES.values())), start="gaussian")
MATCHED = "0.3"
TRAINED_AT = Choice("trained_at", "Trained at", tuple((f"{v:g}", f"{v:g}") for v in NOISES["gaussian"].levels), MATCHED)


def skeleton() -> str:
    """Choices, slider, four pictures, map and curves."""
    return (
        card(
            row(choice(KIND), choice(TRAINED_AT), columns=(1, 1.6)),
            slider(NOISE),
        )
        + row(
            filmstrip("noisy", "Noisy", SLIDER, "picture"),
            filmstrip("denoised", "Denoised", SLIDER, "denoising", answer=True),
            filmstrip("pca", "PCA at its best", SLIDER, "pca", answer=True),
            filmstrip("clean", "Clean", variant="picture"),
            narrow="pair",
        )
        + row(
            card(
                figure("map", "PSNR on test pictures, trained at against tested at", height=320),
                text("map-words", quiet=True),
                title="Trained at, tested at",
            ),
            card(
                figure("curves", "PSNR on test pictures against noise level", SLIDER, height=320),
                text("curve-words", quiet=True),
                title="This denoiser against the others",
            ),
        )
        + card(text("published", quiet=True))
    )


def payload(data: str, picture: str, seed: int, kind: str, trained_at: str) -> Payload:
    """One picture under rising noise; a level that this kind was not trained at falls back on the nearest."""
    if kind not in NOISES:
        raise ValueError(f"kind of noise is {kind!r}; choose one of {', '.join(NOISES)}")
    noise = NOISES[kind]
    level = min(noise.levels, key=lambda trained: abs(trained - float(trained_at)))
    view = denoising(data, picture, seed, kind, level)
    options = tuple((f"{v:g}", f"{noise.symbol} = {v:g}") for v in view.trained_levels)
    components = [f"{k} component{'s' if k > 1 else ''}" for k in view.components]
    return Payload(
        choices={"trained_at": Options(options, f"{level:g}")},
        sliders={SLIDER: stops(view.levels, level, lambda v: f"{v:g}")},
        strips={
            "noisy": strip(view.noisy.frames, decibels(view.noisy.quality.psnr)),
            "denoised": answer_strip(view.denoised, [f"trained at {noise.symbol} = {level:g}"]),
            "pca": answer_strip(view.pca, components),
            "clean": strip(view.clean),
        },
        figures={"map": _map(view, noise.symbol), "curves": _curves(view, noise.symbol)},
        texts={
            "map-words": "PSNR in dB on test pictures. Each row is one denoiser, each column one level of noise. "
            + _units_words(view, noise.symbol),
            "published": published(data, "denoising", "pca", naming=True),
            "curve-words": "PCA keeps as many components as are best for each level on training pictures.",
        },
    )


def _units_words(view: DenoisingView, symbol: str) -> str:
    """How wide their codes are: of all alike, and of those that differ."""
    usual, widths = min(view.units), zip(view.trained_levels, view.units, strict=True)
    wider = [f"{units:,} at {symbol} = {level:g}" for level, units in widths if units > usual]
    return "; ".join([f"Their codes have {usual:,} units", *wider]) + "."


def _map(view: DenoisingView, symbol: str):
    """Trained at (rows) against tested at, at the same levels (columns)."""
    tested = [int(np.argmin(np.abs(np.array(view.levels) - level))) for level in view.trained_levels]
    labels = [f"{level:g}" for level in view.trained_levels]
    return heatmap(
        view.psnr_map[:, tested], labels, labels, f"tested at {symbol}", f"trained at {symbol}", "dB", decimals=1
    )


def _curves(view: DenoisingView, symbol: str):
    shown = view.trained_levels.index(view.trained_at)
    inner = slice(1, None)  # without noise nothing is wrong, and the PSNR of doing nothing is infinite
    lines = [Curve("denoiser", view.levels[inner], view.psnr_map[shown, inner], "denoising")]
    lines.append(Curve("PCA", view.levels[inner], view.psnr_pca[inner], "pca"))
    lines.append(Curve("doing nothing", view.levels[inner], view.psnr_noisy[inner], "picture", "dot"))
    return curves(lines, f"noise {symbol}", "PSNR (dB)", at=view.levels)


TAB = Tab("denoising", "Denoising", skeleton, payload, (NOISE,), (KIND, TRAINED_AT))
