"""The Denoising tab: noisy, denoised, PCA's reconstruction and clean, and the map of trained-at against tested-at."""

from __future__ import annotations

import numpy as np

from aedemo import checkpoints
from aedemo.corruption import NOISES
from aedemo.explore.denoising import (
    NONLOCAL_NOISE,
    DenoisingView,
    denoised_by_nonlocal_means,
    denoising,
    trained_levels,
)
from aedemo.explore.threads import beside, together
from aedemo.models import VARIANTS
from aedemo.page.components import (
    Choice,
    Curve,
    Diagram,
    Figure,
    Frames,
    Options,
    Payload,
    Slider,
    card,
    choice,
    curves,
    figure,
    filmstrip,
    frames_of,
    heatmap,
    mixed_frames,
    network,
    row,
    slider,
    text,
)  # fmt: skip
from aedemo.page.networks import diagram
from aedemo.page.overlap import OVERLAPPING, options, overlaps, patches_choice
from aedemo.page.readouts import decibels, published, reconstruction_frames, slider_values
from aedemo.page.tab import Part, Tab

NOISE = Slider(
    "denoising-noise",
    VARIANTS["denoising"].slider,
    "denoising",
    "continuous",
    offer=lambda chosen: NOISES[chosen["KIND"]].test_levels(),
)
SLIDER, NETWORK = NOISE.name, "denoising-network"
KIND = Choice("kind", "Kind of noise", tuple((n.name, n.title) for n in reversed(NOISES.values())), start="gaussian")
MATCHED = "0.3"
PATCHES = patches_choice("denoising", OVERLAPPING)
NONLOCAL = "nonlocal-means"
TRAINED_AT = Choice(
    "trained_at",
    "Trained at",
    tuple((f"{v:g}", f"{v:g}") for v in NOISES["gaussian"].levels),
    MATCHED,
    offer=lambda chosen: trained_levels(checkpoints.load(chosen["DATA"], "denoising"), chosen["KIND"]),
)


def skeleton() -> str:
    """Choices, slider, images, map and curves."""
    return (
        card(
            row(choice(KIND), choice(TRAINED_AT), choice(PATCHES)),
            network(NETWORK),
            slider(NOISE),
        )
        + row(
            filmstrip("noisy", "Noisy", SLIDER, "image"),
            filmstrip("denoised", "Denoised", SLIDER, "denoising", reconstruction=True),
            filmstrip("pca", "PCA, best size", SLIDER, "pca", reconstruction=True),
            filmstrip(NONLOCAL, "NL means", SLIDER, "image", later=True),
            filmstrip("clean", "Clean", variant="image"),
            narrow="pair",
        )
        + row(
            card(
                figure(
                    "map",
                    "PSNR on test images, trained at against tested at",
                    height=320,
                    moves=(SLIDER, TRAINED_AT.name),
                ),
                text("map-words", quiet=True),
                title="Trained at, tested at",
            ),
            card(
                figure("curves", "PSNR on test images against noise level", SLIDER, height=320),
                text("curve-words", quiet=True),
                title="This denoiser against the others",
            ),
        )
        + card(
            figure("whole", "PSNR on whole test photographs against noise level", SLIDER, height=320),
            text("whole-words", quiet=True),
            title="Whole photographs: what overlapping patches gain",
        )
        + card(text("published", quiet=True))
    )


def payload(
    data: str, image: str, seed: int, kind: str, trained_at: str, denoising_patches: str = OVERLAPPING
) -> Payload:
    """One image under rising noise; a level that this kind was not trained at falls back on the nearest.

    denoising_patches: "side-by-side" or "overlapping", which makes a difference to photographs alone.
    """
    if kind not in NOISES:
        raise ValueError(f"kind of noise is {kind!r}; choose one of {', '.join(NOISES)}")
    noise = NOISES[kind]
    level = min(noise.levels, key=lambda trained: abs(trained - float(trained_at)))
    view = denoising(data, image, seed, kind, level, overlaps(PATCHES, denoising_patches))
    levels = tuple((f"{v:g}", f"{noise.symbol} = {v:g}") for v in view.trained_levels)
    diagrams = beside(_network, view, data, kind)
    components = [f"{k} component{'s' if k > 1 else ''}" for k in view.components]
    return Payload(
        choices={
            "trained_at": Options(levels, f"{level:g}"),
            PATCHES.name: options(PATCHES, denoising_patches, view.overlapping),
        },
        sliders={SLIDER: slider_values(view.levels, level, lambda v: f"{v:g}")},
        networks={NETWORK: (diagrams.result(),)},
        filmstrips=together(
            {
                "noisy": lambda: _noisy(view, kind),
                "denoised": lambda: reconstruction_frames(view.denoised, [f"trained at {noise.symbol} = {level:g}"]),
                "pca": lambda: reconstruction_frames(view.pca, components),
                "clean": lambda: frames_of(view.clean),
            }
        ),
        later={NONLOCAL: NONLOCAL} if view.overlapping is not None and kind == NONLOCAL_NOISE else {},
        figures={
            "map": _map(view, noise.symbol),
            "curves": _curves(view, noise.symbol),
            "whole": _whole(view, noise.symbol),
        },
        texts={
            "map-words": "PSNR in dB on test images. Each row is one denoiser, each column one level of noise. "
            "A click shows them. " + _units_words(view),
            "published": published(data, "denoising_wide", "pca", naming=True),
            "curve-words": "PCA keeps as many components as are best for each level on training images."
            + ("" if view.overlapping is None else " Both figures are measured on single patches."),
            "whole-words": _whole_words(view),
        },
    )


def _network(view: DenoisingView, data: str, kind: str) -> Diagram:
    shown, seen = ("noisy", "denoised"), view.noisy.frames
    return diagram(data, "denoising", ((kind, view.trained_at),), seen, SLIDER, shown, target="clean")


def _noisy(view: DenoisingView, kind: str) -> Frames:
    """The one additive noise at each level, or the pixels set to zero."""
    words = decibels(view.noisy.metrics.psnr)
    if NOISES[kind].additive:
        return mixed_frames(view.noisy.frames, np.divide(view.levels, view.levels[-1]), words)
    return frames_of(view.noisy.frames, words, errors=np.minimum(view.denoised.metrics.mse, view.pca.metrics.mse))


def nonlocal_means(data: str, image: str, seed: int) -> Payload:
    """What scikit-image makes of the same noisy frames: the filmstrip that arrives after the rest."""
    words = ["non-local means with the true σ (scikit-image)"]
    return Payload(filmstrips={NONLOCAL: reconstruction_frames(denoised_by_nonlocal_means(data, image, seed), words)})


def _units_words(view: DenoisingView) -> str:
    """How many units their codes have; older versions trained some runs wider than the others."""
    return f"Their codes have {' or '.join(f'{units:,}' for units in sorted(set(view.units)))} units."


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
    lines.append(Curve("noisy input", view.levels[inner], view.psnr_noisy[inner], "image", "dot"))
    return curves(lines, f"noise {symbol}", "PSNR (dB)", at=view.levels)


def _whole(view: DenoisingView, symbol: str) -> Figure:
    whole = view.whole
    if whole is None:
        return Figure()
    lines = [
        Curve("denoiser, overlapping", whole.levels, whole.overlapping, "denoising"),
        Curve("denoiser, side by side", whole.levels, whole.side_by_side, "denoising", "dot"),
        Curve("PCA, overlapping", whole.levels, whole.pca_overlapping, "pca"),
    ]
    if whole.nonlocal_means is not None:
        lines.append(Curve("non-local means", whole.levels, whole.nonlocal_means, "image", "dashdot"))
    return curves(lines, f"noise {symbol}", "PSNR (dB)", ticks=whole.levels, at=view.levels)


def _whole_words(view: DenoisingView) -> str:
    whole = view.whole
    if whole is None:
        return ""
    gain = whole.overlapping - whole.side_by_side
    words = (
        f"Mean error on {whole.count} test photographs, of the denoiser trained at {view.trained_at:g}. Where patches "
        f"overlap, each pixel is the mean of up to 16 reconstructions, whose errors partly cancel: "
        f"{gain.min():+.1f} to {gain.max():+.1f} dB here. "
    )
    if whole.nonlocal_means is None:
        return words + "Non-local means are made for Gaussian noise, so they are not shown for this one."
    return words + "Non-local means (Buades, Coll and Morel 2005), from scikit-image, learn nothing; they are told σ."


TAB = Tab(
    "denoising",
    "Denoising",
    skeleton,
    payload,
    (NOISE,),
    (KIND, TRAINED_AT, PATCHES),
    network=NETWORK,
    parts=(Part(NONLOCAL, nonlocal_means),),
)
