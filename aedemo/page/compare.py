"""The Compare tab: each variant's reconstruction, where it errs, and what it was shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from aedemo import datasets
from aedemo.corruption import NOISES, TEST_MASK_RATIOS, percent
from aedemo.explore.compare import ModelColumn, compare, compared_variants
from aedemo.explore.sparse import START_WEIGHT
from aedemo.explore.threads import beside, together
from aedemo.models import VARIANTS
from aedemo.page.components import (
    Frames,
    Payload,
    Slider,
    card,
    choice,
    filmstrip,
    frames_of,
    heading,
    lead,
    metrics,
    mixed_frames,
    models,
    network,
    row,
    slider,
    text,
)
from aedemo.page.leads import leads_to
from aedemo.page.networks import compared
from aedemo.page.overlap import options, overlaps, patches_choice
from aedemo.page.readouts import (
    BLANK,
    START_NOISE,
    START_RATIO,
    all_bottlenecks,
    decibels,
    error_limit,
    map_of_errors,
    slider_values,
    trained_at,
)  # fmt: skip
from aedemo.page.tab import Tab

NETWORK = "compare-network"
LINES = ("reconstruction", "error", "saw")
PATCHES = patches_choice("compare")
SLIDERS = {"latent_dim": "bottleneck", "sparsity_weight": "sparsity", "noise_std": "noise", "mask_ratio": "mask-ratio"}
# Few enough numbers that every reconstruction of a code is visibly short of the image.
STARTS = {"bottleneck": 2, "sparsity": START_WEIGHT, "noise": START_NOISE, "mask-ratio": START_RATIO}
FOUR = (
    Slider("bottleneck", VARIANTS["deep"].slider, "deep", offer=all_bottlenecks),
    Slider("sparsity", VARIANTS["sparse"].slider, "sparse", offer=trained_at("sparse")),
    Slider("noise", "Noise σ", "denoising", "continuous", lambda chosen: NOISES["gaussian"].test_levels()),
    Slider("mask-ratio", VARIANTS["masked"].slider, "masked", "continuous", lambda chosen: TEST_MASK_RATIOS),
)
# The slider of a variant, by its axis.
OWN_SLIDER = {
    ("latent_dim",): "bottleneck",
    ("sparsity_weight",): "sparsity",
    ("noise", "level"): "noise",
    ("mask_ratio",): "mask-ratio",
}


def skeleton() -> str:
    """The slider of most of them, the reconstructions, the other sliders, and two more lines of tiles."""
    bottleneck, *others = map(slider, FOUR)
    return card(network(NETWORK), bottleneck, row(choice(PATCHES))) + card(
        models("Reconstruction", [_reconstruction(v) for v in compared_variants()]),
        row(*others, columns=3),
        models("Error (signed)", [_lead(v, "error", _strip("error", v, "signed error")) for v in compared_variants()]),
        models("Input", [_lead(v, "saw", _strip("saw", v, "input")) for v in compared_variants()]),
        text("legend", quiet=True),
    )


def _reconstruction(variant: str) -> str:
    """The tile that leads to the variant's tab."""
    own = _slider_of(variant)
    shown = heading(VARIANTS[variant].title, variant) + _strip(
        "reconstruction", variant, "reconstruction", reconstruction=True
    )
    more = [text(f"{metric}-{variant}", own) for metric in ("ssim", "mse")]
    return (
        _lead(variant, "reconstruction", shown)
        + metrics(text(f"psnr-{variant}", own), *more, name=variant)
        + text(f"kept-{variant}", own, quiet=True)
    )


def payload(data: str, image: str, seed: int, compare_patches: str = "") -> Payload:
    """All columns; a variant that cannot reconstruct stays blank and says so.

    compare_patches: "side-by-side" or "overlapping", of the models that see patches of photographs.
    """
    view = compare(data, image, seed, overlaps(PATCHES, compare_patches))
    sliders, images, readouts, filmstrips, texts = {}, {}, {}, {}, {}
    diagrams = beside(compared, data, view.columns, SLIDERS)
    clean = next((frames_of(column.saw) for column in view.columns if len(column.saw) == 1), None)  # the same for all
    for column in view.columns:
        name = SLIDERS[column.axis]
        printed = percent if name == "mask-ratio" else None
        sliders[name] = slider_values(
            column.values, STARTS[name], printed, _invitation(data) if name == "bottleneck" else ""
        )
        images |= _images(column, data)
        if len(column.saw) == 1:
            filmstrips[f"saw-{column.variant}"] = clean
        readouts[column.variant] = partial(_readouts, column)
        chosen = None if view.overlapping is None else compare_patches or PATCHES.default
        texts |= dict.fromkeys(_leads(column.variant), leads_to(column, data, chosen))
    for words in together(readouts).values():
        texts |= words
    filmstrips |= together(images)
    for variant in set(compared_variants()) - {column.variant for column in view.columns}:
        filmstrips |= {f"{line}-{variant}": frames_of(BLANK, "–") for line in LINES}
        texts |= {f"{line}-{variant}": "not trained" for line in ("psnr", "kept", "ssim", "mse")}
        texts |= dict.fromkeys(_leads(variant), "")
    limit = error_limit(data)
    texts["legend"] = (
        "dB is PSNR, 10 log₁₀ (1 / MSE): 6 dB more are a quarter of the MSE. SSIM is likeness of structure, 1 for "
        f"the same image. Error maps: red is too bright, blue too dark, full colour from ±{limit:g} on. "
        "The denoiser is the one trained nearest to the noise shown; the masked one keeps what it was shown."
    )
    return Payload(
        choices={PATCHES.name: options(PATCHES, compare_patches, view.overlapping)},
        sliders=sliders,
        networks={NETWORK: diagrams.result()},
        filmstrips=filmstrips,
        texts=texts,
        message=" ".join(dict.fromkeys(view.missing)) or None,
    )


def _images(column: ModelColumn, data: str) -> dict[str, Callable[[], Frames]]:
    """How the column's filmstrips are made, by their names."""
    frames, metrics = column.reconstruction.frames, column.reconstruction.metrics
    images = {
        f"reconstruction-{column.variant}": lambda: frames_of(frames, errors=metrics.mse, clean=_copied(column)),
        f"error-{column.variant}": lambda: map_of_errors(frames, column.clean, data),
    }
    return images | ({f"saw-{column.variant}": lambda: _corrupted(column)} if len(column.saw) > 1 else {})


def _readouts(column: ModelColumn) -> dict[str, tuple[str, ...]]:
    """The words under each frame, by their names."""
    metrics, variant = column.reconstruction.metrics, column.variant
    return {
        f"kept-{variant}": tuple(_kept(kept, of, column) for kept, of in zip(column.kept, column.of, strict=True)),
        f"psnr-{variant}": tuple(decibels(metrics.psnr)),
        f"ssim-{variant}": tuple(f"SSIM {value:.3f}" for value in metrics.ssim),
        f"mse-{variant}": tuple(f"MSE {value:.5f}" for value in metrics.mse),
    }


def _corrupted(column: ModelColumn) -> Frames:
    """What the denoiser or the masked model was shown: one noise at each level, or the image without patches."""
    if column.axis == "noise_std":
        return mixed_frames(column.saw, np.divide(column.values, column.values[-1]))
    return frames_of(column.saw, errors=column.reconstruction.metrics.mse, clean=_copied(column))


def _copied(column: ModelColumn) -> np.ndarray | None:
    """The image that the visible patches of a masked model's frames are copied from."""
    return column.clean if VARIANTS[column.variant].masks else None


def _kept(kept: float, of: int, column: ModelColumn) -> str:
    if column.unit == "units":
        return f"{kept:g} units for {of} inputs"
    return f"{kept:.3g} {'for' if column.axis == 'latent_dim' else 'of'} {of} {column.unit}"


def _lead(variant: str, line: str, shown: str) -> str:
    label = f"{VARIANTS[variant].title}: open its tab with these settings"
    return lead(f"to-{variant}-{line}", label, shown, slider=_slider_of(variant), again=line != "reconstruction")


def _strip(line: str, variant: str, title: str, reconstruction: bool = False) -> str:
    named = f"{VARIANTS[variant].title}: {title}"
    return filmstrip(f"{line}-{variant}", named, _slider_of(variant), variant, bare=True, reconstruction=reconstruction)


def _leads(variant: str) -> list[str]:
    return [f"to-{variant}-{line}" for line in LINES]


def _slider_of(variant: str) -> str:
    return OWN_SLIDER[VARIANTS[variant].axis]


def _invitation(data: str) -> str:
    what = "a patch" if datasets.get(data).patchwise else datasets.get(data).noun
    return f"Drag: how many numbers does {what} need?"


TAB = Tab("compare", "Compare", skeleton, payload, FOUR, (PATCHES,), network=NETWORK)
