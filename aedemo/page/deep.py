"""The Deep tab: deep beside PCA at each bottleneck, the two latent planes at M = 2, the way to another picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aedemo.explore.deep import DeepView, deep
from aedemo.explore.interpolation import STEPS, interpolation
from aedemo.explore.minima import Start
from aedemo.page.components import (
    Choice,
    Curve,
    LatentMap,
    Options,
    Payload,
    Slider,
    Strip,
    card,
    choice,
    curves,
    figure,
    filmstrip,
    heading,
    mixed_strip,
    plane,
    row,
    slider,
    strip,
    text,
)  # fmt: skip
from aedemo.page.planes import EMPTY, fill_planes, plane_cards
from aedemo.page.readouts import BLANK, a_picture, answer_strip, decibels, numbers_for, percent, published, stops
from aedemo.page.tab import Part, Tab

BOTTLENECK = Slider("deep-bottleneck", "Bottleneck M", "deep")
SHARE = Slider("deep-walk", "Share of the other", "deep", kind="knob")
SLIDER, WALK = BOTTLENECK.name, SHARE.name
TOWARDS = Choice("towards", "Towards", (("", "another picture"),))
WALKS = ("walk-deep", "walk-pca", "walk-fade")
START = 30  # where all three are trained
NO_BREAK = "\u00a0"
NETWORKS, SEEDS, SEEDED = ("deep", "stack"), 3, (2, 30)


def skeleton() -> str:
    """Slider, pictures and curve, then the planes."""
    return (
        card(slider(BOTTLENECK))
        + row(
            filmstrip("picture", "Picture", variant="picture"),
            filmstrip("deep", "Deep", SLIDER, "deep", answer=True),
            filmstrip("stack", "Deeper stack", SLIDER, "stack", answer=True),
            filmstrip("pca", "PCA", SLIDER, "pca", answer=True),
            narrow="pair",
        )
        + row(
            card(
                figure("error", "Test error against M: deep, deeper stack and PCA", SLIDER, height=330),
                text("error-words", quiet=True),
                text("published", quiet=True),
                title="Test error",
            ),
            card(
                *(row(*(_start(variant, seed) for seed in range(SEEDS)), narrow="pair") for variant in NETWORKS),
                text("starts", quiet=True),
                title="Other seeds, other minima: M = 2",
            ),
            columns=(1, 1.3),
        )
        + plane_cards()
        + card(
            row(choice(TOWARDS)),
            slider(SHARE),
            row(
                filmstrip("walk-deep", "The deep code", WALK, "deep", size=260),
                filmstrip("walk-pca", "PCA's code", WALK, "pca", size=260),
                filmstrip("walk-fade", "Cross-fade", WALK, "picture", size=260),
                narrow="pair",
            ),
            title="From this picture to another",
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


def payload(data: str, picture: str, seed: int, towards: str = "") -> Payload:
    """Both at every M, this picture in both planes, and the way from it to another."""
    view, way = deep(data, picture, seed), to_another(data, picture, seed, towards)
    planes = fill_planes({"deep": view.deep_plane, "pca": view.pca_plane}, view.classes, view.patchwise)
    part = a_picture(data)
    small = numbers_for(view.values, view.dimension, data)
    lines = [
        Curve("Deep", view.values, view.deep_error, "deep"),
        Curve("Deeper stack", view.stack_values, view.stack_error, "stack"),
        Curve("PCA", view.values, view.pca_error, "pca"),
    ]
    return Payload(
        choices=way.choices,
        sliders={SLIDER: stops(view.values, START), WALK: stops(STEPS, 0.5, percent)},
        strips={
            **way.strips,
            "picture": strip(view.clean, f"{view.dimension} numbers", f"a {part}"),
            "deep": answer_strip(view.deep, small),
            "stack": _stack(view, small),
            "pca": answer_strip(view.pca, small),
        },
        figures={
            "error": curves(
                lines, "bottleneck M", f"squared error a {part}",
                log_x=True, log_y=True, ticks=view.values, at=view.values,
            )
        },
        planes={**planes.planes, **_starts(view)},
        texts={
            **planes.texts,
            **_starts_words(view, part),
            "error-words": _error_words(view),
            "published": published(data, "pca", "deep", "stack"),
        },
    )  # fmt: skip


def _error_words(view: DeepView) -> str:
    """From which M on PCA is ahead of the four layers, where there is a smaller M at which it is not."""
    ahead = [pca < deep for deep, pca in zip(view.deep_error, view.pca_error, strict=True)]
    if all(ahead) or not ahead[-1]:
        return ""
    first = len(ahead) - ahead[::-1].index(False)
    return (
        f"From M = {view.values[first]} of {view.dimension} on PCA is ahead of the four layers: the more flat "
        "directions there are, the less is left to bend for, and PCA finds the best ones exactly, where a network is "
        "trained for a while."
    )


def _stack(view: DeepView, small: list[str]) -> Strip:
    """A frame for each M, grey where the stack was not trained."""
    trained = " and ".join(f"M = {m}" for m in view.stack_values) or "no M yet"
    shape = view.clean.shape[1:]
    frames, big, words, errors = [], [], [], []
    for m, size in zip(view.values, small, strict=True):
        if m in view.stack_values:
            place = view.stack_values.index(m)
            frames.append(view.stack.frames[place])
            big += decibels(view.stack.quality.psnr[place : place + 1])
            words.append(size)
            errors.append(view.stack.quality.mse[place])
        else:
            frames.append(np.full(shape, 0.85, np.float32))
            big.append("–")
            words.append(f"trained at {trained}")
            errors.append(1.0)  # of a grey that no model made
    return strip(np.stack(frames), big, words, errors)


def _starts(view: DeepView) -> dict[str, LatentMap]:
    """The small planes; empty ones where a seed was not trained."""
    return {
        f"start-{variant}-{seed}": _small_plane(view, found[seed]) if seed < len(found) else EMPTY
        for variant, found in zip(NETWORKS, view.starts, strict=True)
        for seed in range(SEEDS)
    }


def _small_plane(view: DeepView, start: Start) -> LatentMap:
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
        words += "Here one seed was trained: look at MNIST or Fashion for what others find."
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


def to_another(data: str, picture: str, seed: int, towards: str = "") -> Payload:
    """The latent interpolation from this image to another of the gallery; the seed changes nothing."""
    found = interpolation(data, picture, towards)
    if found is None:
        missing = {name: strip(BLANK, "–", "the gallery's pictures are not here") for name in WALKS}
        return Payload(choices={TOWARDS.name: Options((), "")}, strips=missing)
    words = f"M = {found.latent_dim}"
    deep_errors, pca_errors = (np.repeat(error, len(found.steps)) for error in (found.deep_error, found.pca_error))
    return Payload(
        choices={TOWARDS.name: Options(found.targets, found.target)},
        strips={
            "walk-deep": strip(found.deep, words, "decoded along the line between two codes", deep_errors),
            "walk-pca": strip(found.pca, words, "fades, as all that is linear does", pca_errors),
            "walk-fade": mixed_strip(found.blend, found.steps, "no model", "two pictures laid over each other"),
        },
    )


TO_ANOTHER = Part("interpolation", to_another, (TOWARDS.name,), covers=(TOWARDS.name,))
TAB = Tab("deep", "Deep", skeleton, payload, (BOTTLENECK, SHARE), (TOWARDS,), seeded=False, parts=(TO_ANOTHER,))
