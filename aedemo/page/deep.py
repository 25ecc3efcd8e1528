"""The Deep tab: deep beside PCA at each bottleneck, the two latent planes at M = 2, the way to another image."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aedemo.explore.deep import DeepView, deep
from aedemo.explore.interpolation import STEPS, interpolation
from aedemo.explore.minima import SeedRun
from aedemo.page.components import (
    Choice,
    Curve,
    Frames,
    LatentMap,
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
    mixed_frames,
    plane,
    row,
    slider,
    text,
)  # fmt: skip
from aedemo.page.planes import EMPTY, fill_planes, plane_cards
from aedemo.page.readouts import (
    BLANK,
    decibels,
    error_unit,
    numbers_for,
    percent,
    published,
    reconstruction_frames,
    slider_values,
)
from aedemo.page.tab import Part, Tab

BOTTLENECK = Slider("deep-bottleneck", "Bottleneck M", "deep")
SHARE = Slider("deep-interpolation", "Interpolation t", "deep", kind="continuous")
SLIDER, INTERPOLATION = BOTTLENECK.name, SHARE.name
TARGET = Choice("target", "Towards", (("", "another image"),))
INTERPOLATIONS = ("interpolation-deep", "interpolation-pca", "interpolation-blend")
START = 30  # where all three are trained
NO_BREAK = "\u00a0"
NETWORKS, SEEDS, SEEDED = ("deep", "deeper"), 3, (2, 30)


def skeleton() -> str:
    """Slider, images and curve, then the planes."""
    return (
        card(slider(BOTTLENECK))
        + row(
            filmstrip("image", "Image", variant="image"),
            filmstrip("deep", "Deep", SLIDER, "deep", reconstruction=True),
            filmstrip("deeper", "Deeper", SLIDER, "deeper", reconstruction=True),
            filmstrip("pca", "PCA", SLIDER, "pca", reconstruction=True),
            narrow="pair",
        )
        + row(
            card(
                figure("error", "Test error against M: deep, deeper network and PCA", SLIDER, height=330),
                text("error-words", quiet=True),
                text("published", quiet=True),
                title="Test error",
            ),
            card(
                *(row(*(_start(variant, seed) for seed in range(SEEDS)), narrow="pair") for variant in NETWORKS),
                text("starts", quiet=True),
                title="Other seeds, other solutions: M = 2",
            ),
            columns=(1, 1.3),
        )
        + plane_cards()
        + card(
            row(choice(TARGET)),
            slider(SHARE),
            row(
                filmstrip("interpolation-deep", "The deep code", INTERPOLATION, "deep", size=260),
                filmstrip("interpolation-pca", "PCA's code", INTERPOLATION, "pca", size=260),
                filmstrip("interpolation-blend", "Cross-fade", INTERPOLATION, "image", size=260),
                narrow="pair",
            ),
            title="Interpolation between two images",
        )
    )


def _start(variant: str, seed: int) -> str:
    """A small plane of one seed, which nothing is decoded in."""
    name = f"start-{variant}-{seed}"
    title = f"{variant.capitalize()}, start {seed + 1}"  # short enough for a small plane
    return row(
        heading(title, variant),
        plane(name, "", title, height=150, small=True),
        text(f"{name}-words", quiet=True),
        columns=1,
    )


def payload(data: str, image: str, seed: int, target: str = "") -> Payload:
    """Both at every M, this image in both planes, and the way from it to another."""
    view, way = deep(data, image, seed), to_another(data, image, seed, target)
    planes = fill_planes({"deep": view.deep_plane, "pca": view.pca_plane}, view.classes, view.patchwise)
    part = error_unit(data)
    small = numbers_for(view.values, view.dimension, data)
    lines = [
        Curve("Deep", view.values, view.deep_error, "deep"),
        Curve("Deeper", view.deeper_values, view.deeper_error, "deeper"),
        Curve("PCA", view.values, view.pca_error, "pca"),
    ]
    return Payload(
        choices=way.choices,
        sliders={SLIDER: slider_values(view.values, START), INTERPOLATION: slider_values(STEPS, 0.5, percent)},
        filmstrips={
            **way.filmstrips,
            "image": frames_of(view.clean, f"{view.dimension} numbers", f"a {part}"),
            "deep": reconstruction_frames(view.deep, small),
            "deeper": _stack(view, small),
            "pca": reconstruction_frames(view.pca, small),
        },
        figures={
            "error": curves(
                lines, "bottleneck M", f"squared error per {part}",
                log_x=True, log_y=True, ticks=view.values, at=view.values,
            )
        },
        planes={**planes.planes, **_starts(view)},
        texts={
            **planes.texts,
            **_starts_words(view, part),
            "error-words": _error_words(view),
            "published": published(data, "pca", "deep", "deeper"),
        },
    )  # fmt: skip


def _error_words(view: DeepView) -> str:
    """From which M on PCA is ahead of the four layers, where there is a smaller M at which it is not."""
    ahead = [pca < deep for deep, pca in zip(view.deep_error, view.pca_error, strict=True)]
    if all(ahead) or not ahead[-1]:
        return ""
    first = len(ahead) - ahead[::-1].index(False)
    return (
        f"From M = {view.values[first]} of {view.dimension} on PCA is ahead of the four layers: the more "
        "dimensions a subspace has, the less a curved surface gains, and PCA finds the best subspace exactly, while a "
        "network is trained for a limited time."
    )


def _stack(view: DeepView, small: list[str]) -> Frames:
    """A frame for each M, grey where the stack was not trained."""
    trained = " and ".join(f"M = {m}" for m in view.deeper_values) or "no M yet"
    shape = view.clean.shape[1:]
    frames, big, words, errors = [], [], [], []
    for m, size in zip(view.values, small, strict=True):
        if m in view.deeper_values:
            place = view.deeper_values.index(m)
            frames.append(view.deeper.frames[place])
            big += decibels(view.deeper.metrics.psnr[place : place + 1])
            words.append(size)
            errors.append(view.deeper.metrics.mse[place])
        else:
            frames.append(np.full(shape, 0.85, np.float32))
            big.append("–")
            words.append(f"trained at {trained}")
            errors.append(1.0)  # of a grey that no model made
    return frames_of(np.stack(frames), big, words, errors)


def _starts(view: DeepView) -> dict[str, LatentMap]:
    """The small planes; empty ones where a seed was not trained."""
    return {
        f"start-{variant}-{seed}": _small_plane(view, found[seed]) if seed < len(found) else EMPTY
        for variant, found in zip(NETWORKS, view.starts, strict=True)
        for seed in range(SEEDS)
    }


def _small_plane(view: DeepView, start: SeedRun) -> LatentMap:
    low, high = start.points.min(0), start.points.max(0)
    margin = 0.06 * np.maximum(high - low, 1e-6)
    (left, bottom), (right, top) = (low - margin).tolist(), (high + margin).tolist()
    colours = start.colours if view.patchwise else None
    return replace(
        EMPTY, points=start.points, groups=start.labels, names=view.classes, x_range=(left, right),
        y_range=(bottom, top), colours=colours,
    )  # fmt: skip


def _starts_words(view: DeepView, part: str) -> dict[str, str]:
    words = f"Each dot is the code of a test {part}. "
    if max(map(len, view.starts)) > 1:
        words += (
            "The same network from other random weights: similar errors, other codes. A linear map of a code changes "
            "nothing, since the next layer can undo it. So each other start also says how much of the first one's "
            "spread is left when the best such map lays its code over the first: 0 % in the same minimum. "
            "Colours as in the planes below."
        )
    else:
        words += "Here one seed was trained: look at MNIST or Fashion-MNIST for what others find."
    texts = {"starts": words}
    for variant, found in zip(NETWORKS, view.starts, strict=True):
        for seed in range(SEEDS):
            errors = "not trained"
            if seed < len(found):
                kept = (f"{error:.3g} at M = {m}" for m, error in found[seed].errors if m in SEEDED)
                left = [] if found[seed].left is None else [f"{percent(found[seed].left)} left"]
                errors = " · ".join(one.replace(" ", NO_BREAK) for one in (*kept, *left))
            texts[f"start-{variant}-{seed}-words"] = errors
    return texts


def to_another(data: str, image: str, seed: int, target: str = "") -> Payload:
    """The latent interpolation from this image to another of the gallery; the seed changes nothing."""
    found = interpolation(data, image, target)
    if found is None:
        missing = {name: frames_of(BLANK, "–", "the gallery's images are not here") for name in INTERPOLATIONS}
        return Payload(choices={TARGET.name: Options((), "")}, filmstrips=missing)
    words = f"M = {found.latent_dim}"
    deep_errors, pca_errors = (np.repeat(error, len(found.steps)) for error in (found.deep_error, found.pca_error))
    return Payload(
        choices={TARGET.name: Options(found.targets, found.target)},
        filmstrips={
            "interpolation-deep": frames_of(found.deep, words, "decoded along the line between two codes", deep_errors),
            "interpolation-pca": frames_of(found.pca, words, "fades, as all that is linear does", pca_errors),
            "interpolation-blend": mixed_frames(
                found.blend, found.steps, "no model", "two images laid over each other"
            ),
        },
    )


TO_ANOTHER = Part("interpolation", to_another, (TARGET.name,), covers=(TARGET.name,))
TAB = Tab("deep", "Deep", skeleton, payload, (BOTTLENECK, SHARE), (TARGET,), seeded=False, parts=(TO_ANOTHER,))
