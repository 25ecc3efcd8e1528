"""The Latent tab: the code of any variant beside PCA's, over the same test images; a click on one says more of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isnan

import numpy as np

from aedemo.checkpoints import Setting, setting_name
from aedemo.explore import latent as explore
from aedemo.explore.latent import LatentView, latent
from aedemo.explore.plane import unit_title
from aedemo.models import VARIANTS
from aedemo.page.components import (
    Choice,
    Frames,
    Options,
    Payload,
    Tiles,
    card,
    choice,
    downloads,
    filmstrip,
    frames_of,
    images,
    network,
    row,
    text,
    tiles,
)  # fmt: skip
from aedemo.page.measures import MEASURES, claim
from aedemo.page.networks import latent_diagram
from aedemo.page.planes import OF_PATCHES, MapPanel, plane_map, plane_pair
from aedemo.page.readouts import BLANK, among_tests, reconstruction_frames, run_words
from aedemo.page.tab import Tab

# What there is to choose depends on the data set; here is what most have.
CODES = tuple((name, row.title) for name, row in VARIANTS.items() if name not in ("pca", "ppca"))


def _variants(chosen: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(name for name in explore.mapped(chosen["DATA"]) if name != explore.BASELINE)


def _runs(chosen: Mapping[str, object]) -> tuple[Setting, ...]:
    return explore.mapped(chosen["DATA"])[chosen["VARIANT"]]


def _units(chosen: Mapping[str, object]) -> tuple[int, ...]:
    return explore.mapped_units(chosen["DATA"], chosen["VARIANT"], chosen["RUN"])


def _axis(chosen: Mapping[str, object]) -> tuple[int, ...]:
    """The units that this axis can be, other than the one before."""
    return tuple(unit for unit in _units(chosen) if unit != chosen.get("ACROSS")) if chosen["AXES"] else ()


VARIANT = Choice("variant", "Code of", CODES, "deep", offer=_variants)
RUN = Choice("run", "Run", tuple((f"{m:03d}", f"M = {m}") for m in (2, 3, 10, 30)), offer=_runs)
WHOLE, COMPONENTS, UNITS = ("", "the code itself"), ("", "principal components"), ("units", "two units")
AXES = Choice("axes", "Axes", (COMPONENTS, UNITS), offer=lambda chosen: ("", "units") if _units(chosen) else ("",))
ACROSS, UP = Choice("across", "Across", (), offer=_axis), Choice("up", "Up", (), offer=_axis)
POINT = Choice("point", "Point", (("", ""),))  # a click in a plane chooses it
NETWORK, VIEW, CLASSES = "latent-network", "latent-planes", "latent-classes"
SIDES = CODE, PCA = "code", "pca"
DECODES = {"code": "Decoded here", "pca": "PCA decodes"}
TITLES = {"code": "The chosen variant's code", "pca": "PCA's code"}
TINTS = {"code": "deep", "pca": "pca"}
NO_NEAREST = "The photographs with the nearest codes are not part of this project, so they cannot be shown here."
MAX_CHOICES = 8  # units to choose the axes from, the most variable ones


def skeleton() -> str:
    """The claim, what is shown, the two maps, and what is said of the chosen image."""
    return (
        text("claim", large="claim")
        + card(
            network(NETWORK),
            row(choice(VARIANT), choice(RUN), columns=(2, 1)),
            row(choice(AXES), choice(ACROSS), choice(UP)),
        )
        + card(plane_pair(_map(CODE), _map(PCA), VIEW, CLASSES, picks="point"), text("measures", quiet=True))
        + card(
            text("which", large="number"),
            text("verdict"),
            row(
                filmstrip("chosen", "Chosen", variant="image", size=200),
                filmstrip("reconstruction-code", "Reconstruction", variant="deep", reconstruction=True, size=200),
                filmstrip("reconstruction-pca", "PCA", variant="pca", reconstruction=True, size=200),
                narrow="pair",
            ),
            row(*(_near(side) for side in SIDES)),
            text("inputs", quiet=True),
        )
    )


def _map(side: str) -> MapPanel:
    name = f"latent-{side}"
    above = text(f"title-{side}", large="number") + text(f"figures-{side}", quiet=True)
    below = downloads(name, f"aedemo-{side}", csv="/codes.csv" if side == CODE else None)
    return MapPanel(name, TITLES[side], DECODES[side], TINTS[side], above, below)


def _near(side: str) -> str:
    near = images(f"near-{side}", "Test images with the nearest codes", None, TINTS[side], size=64)
    return row(text(f"near-words-{side}", quiet=True), near, columns=1)


def payload(
    data: str,
    image: str,
    seed: int,
    variant: str = "deep",
    run: str = "",
    axes: str = "",
    across: str = "",
    up: str = "",
    point: str = "",
) -> Payload:
    """Both maps. axes "units" takes the units `across` and `up`, counted from 0; point: a test image in the maps."""
    units = (_number(across, 0), _number(up, 1)) if axes == "units" else None
    view = latent(data, image, seed, variant, run, units, _number(point, None))
    if axes == "units" and view.axes is None and view.units:  # units of another code: its two most variable ones
        view = latent(data, image, seed, variant, run, view.units[:2], view.picked)
    return Payload(
        choices=_choices(view),
        planes={
            f"latent-{name}": plane_map(
                side.plane, view.classes, view.patchwise and not VARIANTS[side.variant].masks, view.picked, view.same
            )
            for name, side in _sides(view).items()
        },
        networks={NETWORK: (latent_diagram(data, view),)},
        filmstrips={
            "chosen": frames_of(view.chosen, "", _chosen_words(view)),
            "reconstruction-code": _reconstruction(view, view.code),
            "reconstruction-pca": _reconstruction(view, view.pca),
        },
        images={f"near-{name}": _tiles(view, side) for name, side in _sides(view).items()},
        texts=_texts(view),
    )


def _number(text: str, default: int | None) -> int | None:
    """A choice that is a number; the default where it is none."""
    return int(text) if text.isdecimal() and len(text) < 7 else default


def _sides(view: LatentView) -> dict[str, explore.MapPanel]:
    return {"code": view.code, "pca": view.pca}


def _choices(view: LatentView) -> dict[str, Options]:
    """What may be chosen depends on the data set, the variant and the run."""
    kinds = (COMPONENTS, UNITS) if view.units else (WHOLE,)
    units = tuple((str(unit), unit_title(unit)) for unit in view.units[:MAX_CHOICES]) if view.axes else ()
    across, up = map(str, view.axes or ("", ""))
    return {
        "variant": Options(tuple((name, VARIANTS[name].title) for name in view.variants), view.code.variant),
        "run": Options(
            tuple((setting_name(s), run_words(view.code.variant, s)) for s in view.settings),
            setting_name(view.code.setting),
            hidden=len(view.settings) == 1,  # nothing to choose
        ),
        "axes": Options(kinds, "units" if view.axes else "", hidden=len(kinds) == 1),
        "across": Options(units, across),
        "up": Options(units, up),
    }


def _name(side: explore.MapPanel) -> str:
    return f"{VARIANTS[side.variant].title}, {run_words(side.variant, side.setting)}"


def _chosen_words(view: LatentView) -> str:
    if view.picked is None:
        return "this image"
    part = "patch" if view.patchwise else "image"
    return f"{view.classes[view.code.map.labels[view.picked]]}, test {part} {view.code.map.indices[view.picked]}"


def _texts(view: LatentView) -> dict[str, str]:
    part = "patch" if _patches(view) else "image"
    words = {
        "claim": claim(_name(view.code), view, part),
        "which": f"{_name(view.code)}: {view.code.map.latent_dim:,} numbers per {part}{_pooled(view)}",
        "verdict": verdict(view),
        "inputs": _inputs_words(view),
        "measures": MEASURES,
    }
    for name, side in _sides(view).items():
        found, patches = side.map, view.patchwise and not VARIANTS[side.variant].masks
        *first, last = side.plane.field.titles
        error = "per removed value" if VARIANTS[side.variant].masks else "a patch" if view.patchwise else "an image"
        error += " under its noise" if VARIANTS[side.variant].axis == ("noise", "level") else ""
        scores = [f"test error {found.test_error:.3g} {error}"]
        if not isnan(found.trustworthiness):
            scores.append(f"trustworthiness {found.trustworthiness:.3f}")
        if not isnan(found.knn_accuracy) and not patches:
            scores.append(f"k-NN accuracy {100 * found.knn_accuracy:.1f} %")
        words[f"title-{name}"] = f"{_name(side)}: {', '.join(first)} and {last}"
        if not VARIANTS[side.variant].decodes:
            scores.append("a mean over the patches, which no decoder takes")
        if patches:
            scores.append(OF_PATCHES)
        words[f"figures-{name}"] = " · ".join(scores)
        words[f"near-words-{name}"] = _near_words(view, side)
    return words


def _pooled(view: LatentView) -> str:
    """Of a masked code: the decoder takes a code for each patch, and the map shows their mean."""
    return ", the mean over the codes of its patches" if VARIANTS[view.code.variant].masks else ""


def _inputs_words(view: LatentView) -> str:
    if view.patchwise:
        return "Test patches, as PCA keeps them with 30 numbers; under each stands the class of its photograph."
    if view.real:
        return "The nearest comes first; under each stands its class."
    return "Test images are shown as PCA keeps them with 30 numbers: they themselves are not on this machine."


def _near_words(view: LatentView, side: explore.MapPanel) -> str:
    if not side.nearest:
        return NO_NEAREST
    one_patch = " to its patch with the most contrast" if view.patchwise and view.picked is None else ""
    return f"Nearest codes{one_patch}: {_name(side)}"


def _reconstruction(view: LatentView, side: explore.MapPanel) -> Frames:
    """A reconstruction; with its PSNR, unless only what PCA keeps of the image is there to compare it with.

    Nothing of a code that no decoder takes.
    """
    if not VARIANTS[side.variant].decodes:
        return replace(frames_of(BLANK, "", f"{_name(side)}: a decoder takes no mean over patches"), missing=(0,))
    if view.known:
        return reconstruction_frames(side.reconstruction, [_name(side)])
    return frames_of(side.reconstruction.frames, "", _name(side), side.reconstruction.metrics.mse)


def _patches(view: LatentView) -> bool:
    return view.patchwise and not VARIANTS[view.code.variant].masks


def verdict(view: LatentView) -> str:
    """Where the error of what was chosen lies among those of test images."""
    if not view.known:
        return "The reconstruction error of this one is not known: the image itself is not on this machine."
    if isnan(view.rank):
        return "Where this stands among the test images is not known."
    one = "This image's" if view.picked is None else "This test image's"
    words = among_tests(one, view.rank, known=view.picked is not None)
    return f"{words} So its place in the map says little about it." if view.off_manifold else words


def _tiles(view: LatentView, side: explore.MapPanel) -> Tiles:
    """The neighbours' images, under each its class."""
    if not side.nearest:
        return tiles(BLANK, [[(0, "none")]])
    shown = [(k, view.classes[side.map.labels[index]]) for k, index in enumerate(side.nearest)]
    return tiles(np.stack([view.inputs[index] for index in side.nearest]), [shown])


TAB = Tab(
    "latent",
    "Latent space",
    skeleton,
    payload,
    (),
    (VARIANT, RUN, AXES, ACROSS, UP, POINT),
    seeded=False,
    network=NETWORK,
    plane_view=VIEW,
    plane_classes=CLASSES,
)
