"""The Deep tab: the two latent planes at M = 2, deep beside PCA at each bottleneck, the way to another image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from aedemo.corruption import percent
from aedemo.explore.deep import DeepView, deep
from aedemo.explore.gallery import gallery
from aedemo.explore.interpolation import STEPS, interpolation
from aedemo.models import VARIANTS
from aedemo.page import plane_replays
from aedemo.page.components import (
    Choice,
    Curve,
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
    heading,
    mixed_frames,
    network,
    row,
    slider,
    text,
)  # fmt: skip
from aedemo.page.networks import diagram
from aedemo.page.planes import PLANES, MapPanel, fill_planes, plane_pair
from aedemo.page.readouts import (
    BLANK,
    all_bottlenecks,
    decibels,
    error_unit,
    numbers_for,
    published,
    reconstruction_frames,
    slider_values,
)
from aedemo.page.seeds import seed_maps, seed_planes, seed_words
from aedemo.page.tab import Part, Tab


def _targets(chosen: Mapping[str, object]) -> tuple[str, ...]:
    """The images to go to, first the one that the page goes to by itself."""
    data, image = chosen["DATA"], chosen["IMAGE"]
    others = tuple(item.id for item in gallery(data) if item.id != image)
    found = interpolation(data, f"gallery:{image}") if image in {item.id for item in gallery(data)} else None
    return (found.target, *(name for name in others if name != found.target)) if found else others


BOTTLENECK = Slider("deep-bottleneck", VARIANTS["deep"].slider, "deep", offer=all_bottlenecks)
SHARE = Slider("deep-interpolation", "Interpolation t", "deep", "continuous", lambda chosen: STEPS)
SLIDER, INTERPOLATION = BOTTLENECK.name, SHARE.name
NETWORK, VIEW, CLASSES = "deep-network", "deep-planes", "deep-classes"
TARGET = Choice("target", "Towards", (("", "another image"),), offer=_targets)
INTERPOLATIONS = ("interpolation-deep", "interpolation-pca", "interpolation-blend")
START = 30  # where all three are trained


def skeleton() -> str:
    """Slider and planes, images and curve, the seeds, the way to another image."""
    left, right = (
        MapPanel(f"plane-{name}", title, decodes, name, heading(title, name), text(f"plane-{name}-words", quiet=True))
        for (name, title), decodes in zip(PLANES, ("Deep decodes", "PCA decodes"), strict=True)
    )
    return (
        card(network(NETWORK), slider(BOTTLENECK))
        + card(
            plane_pair(left, right, VIEW, CLASSES), title="Where two numbers put test images, and what they decode to"
        )
        + plane_replays.card()
        + row(
            filmstrip("image", "Image", variant="image"),
            filmstrip("deep", "Deep", SLIDER, "deep", reconstruction=True),
            filmstrip("pca", "PCA", SLIDER, "pca", reconstruction=True),
            filmstrip("deeper", "Deeper", SLIDER, "deeper", reconstruction=True),
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
                *seed_planes(),
                title="Other seeds, other solutions: M = 2",
            ),
            columns=(1, 1.3),
        )
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


def payload(data: str, image: str, seed: int, target: str = "") -> Payload:
    """Both at every M, this image in both planes, and the way from it to another."""
    view, way = deep(data, image, seed), to_another(data, image, seed, target)
    planes = fill_planes({"deep": view.deep_plane, "pca": view.pca_plane}, view.classes, view.patchwise)
    part = error_unit(data)
    said = {name: planes.texts[f"plane-{name}-words"] for name, _ in PLANES}
    measured = {name: words[:1].upper() + words[1:] for name, words in said.items()}  # k-NN stays as it is
    small = numbers_for(view.values, view.dimension, data)
    lines = [
        Curve("Deep", view.values, view.deep_error, "deep"),
        Curve("Deeper", view.deeper_values, view.deeper_error, "deeper", joined=False),
        Curve("PCA", view.values, view.pca_error, "pca"),
    ]
    return Payload(
        choices=way.choices,
        sliders={SLIDER: slider_values(view.values, START), INTERPOLATION: slider_values(STEPS, 0.5, percent)},
        networks={NETWORK: (diagram(data, "deep", view.values, view.clean, SLIDER, ("image", "deep")),)},
        filmstrips={
            **way.filmstrips,
            "image": frames_of(view.clean, f"{view.dimension} numbers", f"per {part}"),
            "deep": reconstruction_frames(view.deep, small),
            "deeper": _deeper(view, small),
            "pca": reconstruction_frames(view.pca, small),
        },
        figures={
            "error": curves(
                lines, "bottleneck M", f"squared error per {part}",
                log_x=True, log_y=True, ticks=view.values, at=view.values,
            )
        },
        planes={**planes.planes, **seed_maps(view)},
        texts={
            **{f"plane-{name}-words": f"{how} {measured[name]}." for name, how in _how(part).items()},
            **seed_words(view, part),
            "error-words": _error_words(view),
            "published": published(data, "pca", "deep", "deeper"),
        },
        later=plane_replays.later(data),
    )  # fmt: skip


def _how(part: str) -> dict[str, str]:
    """What there is to do and to see in both planes."""
    return {
        "deep": f"Each dot is the code of a test {part}. Move over a plane: it decodes that place, and the other plane "
        f"shows what it makes of the nearest test {part}.",
        "pca": "All that PCA decodes is the mean plus z₁ and z₂ times two fixed images.",
    }


def _error_words(view: DeepView) -> str:
    """From which M on PCA is ahead of the four layers, where there is a smaller M at which it is not."""
    ahead = [pca < deep for deep, pca in zip(view.deep_error, view.pca_error, strict=True)]
    if all(ahead) or not ahead[-1]:
        return ""
    first = len(ahead) - ahead[::-1].index(False)
    return (
        f"From M = {view.values[first]} of {view.dimension} on PCA has a smaller test error than the four layers: the "
        "more dimensions a subspace has, the less a curved surface gains, and PCA finds the best subspace exactly, "
        "while a network is trained for a limited time."
    )


def _deeper(view: DeepView, small: list[str]) -> Frames:
    """A frame for each M; where the deeper network was not trained, words alone."""
    if not view.deeper_values:
        return replace(frames_of(BLANK, "–", "not trained"), missing=tuple(range(len(view.values))))
    trained = " and ".join(f"M = {m}" for m in view.deeper_values)
    at = [view.deeper_values.index(m) if m in view.deeper_values else None for m in view.values]
    metrics, psnr = view.deeper.metrics, decibels(view.deeper.metrics.psnr)
    shown = frames_of(
        np.stack([view.deeper.frames[k or 0] for k in at]),
        ["–" if k is None else psnr[k] for k in at],
        [f"trained at {trained} only" if k is None else words for k, words in zip(at, small, strict=True)],
        [metrics.mse[k or 0] for k in at],
    )
    return replace(shown, missing=tuple(frame for frame, k in enumerate(at) if k is None))


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
TAB = Tab(
    "deep",
    "Deep",
    skeleton,
    payload,
    (BOTTLENECK, SHARE),
    (TARGET,),
    seeded=False,
    parts=(TO_ANOTHER, plane_replays.PART),
    network=NETWORK,
    plane_view=VIEW,
    plane_classes=CLASSES,
    replay=plane_replays.NAME,
)
