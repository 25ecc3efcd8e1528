"""The Compare tab: rows of what each variant saw, what it reconstructions, where it errs and what it kept."""

from __future__ import annotations

import numpy as np

from aedemo.explore.compare import COLUMNS, ModelColumn, compare
from aedemo.page.components import (
    Frames,
    Payload,
    Slider,
    card,
    choice,
    filmstrip,
    frames_of,
    heading,
    mixed_frames,
    row,
    slider,
    table,
    text,
)
from aedemo.page.overlap import options, overlaps, patches_choice
from aedemo.page.readouts import (
    BLANK,
    START_BOTTLENECK,
    START_NOISE,
    START_RATIO,
    START_WEIGHT,
    decibels,
    error_limit,
    map_of_errors,
    percent,
    slider_values,
)  # fmt: skip
from aedemo.page.tab import Tab
from aedemo.page.theme import VARIANTS

SEVEN = tuple(COLUMNS)
PATCHES = patches_choice("compare")
SLIDERS = {"latent_dim": "bottleneck", "sparsity_weight": "sparsity", "noise_std": "noise", "mask_ratio": "mask-ratio"}
STARTS = {"bottleneck": START_BOTTLENECK, "sparsity": START_WEIGHT, "noise": START_NOISE, "mask-ratio": START_RATIO}
FOUR = (
    Slider("bottleneck", "Bottleneck M", "deep"),
    Slider("sparsity", "Sparsity λ", "sparse"),
    Slider("noise", "Noise σ", "denoising", kind="continuous"),
    Slider("mask-ratio", "Mask ratio", "masked", kind="continuous"),
)
OWN_SLIDER = {"sparse": "sparsity", "denoising": "noise", "masked": "mask-ratio"}  # the others follow `bottleneck`


def skeleton() -> str:
    """Four sliders, then a table: a column a variant."""
    sliders = card(
        row(
            *(slider(control) for control in FOUR),
            columns=2,
        ),
        row(choice(PATCHES)),
    )
    images = [
        ("Input", _filmstrips("saw", "input")),
        ("Reconstruction", _filmstrips("reconstruction", "reconstruction", reconstruction=True)),
        ("Error (signed)", _filmstrips("error", "signed error")),
    ]
    numbers = [(label, _texts(name)) for label, name in (("Kept", "kept"), ("SSIM", "ssim"), ("MSE", "mse"))]
    grid = table([heading(VARIANTS[v].title, v) for v in SEVEN], images + numbers)
    return sliders + card(grid, text("legend", quiet=True))


def payload(data: str, image: str, seed: int, compare_patches: str = "") -> Payload:
    """All columns; a variant that cannot reconstruct stays blank and says so.

    compare_patches: "side-by-side" or "overlapping", of the models that see patches of photographs.
    """
    view = compare(data, image, seed, overlaps(PATCHES, compare_patches))
    sliders, filmstrips, texts = {}, {}, {}
    clean = next((frames_of(column.saw) for column in view.columns if len(column.saw) == 1), None)  # the same for all
    for column in view.columns:
        name = SLIDERS[column.axis]
        words = percent if name == "mask-ratio" else None
        sliders[name] = slider_values(column.values, STARTS[name], words)
        filmstrips[f"saw-{column.variant}"] = clean if len(column.saw) == 1 else _corrupted(column)
        _fill(column, data, filmstrips, texts)
    for variant in set(SEVEN) - {column.variant for column in view.columns}:
        filmstrips |= {f"{line}-{variant}": frames_of(BLANK, "–") for line in ("saw", "reconstruction", "error")}
        texts |= {f"{line}-{variant}": "not trained" for line in ("kept", "ssim", "mse")}
    limit = error_limit(data)
    texts["legend"] = (
        "dB is PSNR, 10 log₁₀ (1 / MSE): 6 dB more are a quarter of the MSE. SSIM is likeness of structure, 1 for "
        f"the same image. Error maps: red is too bright, blue too dark, full colour from ±{limit:g} on. "
        "The denoiser is the one trained nearest to the noise shown; the masked one keeps what it was shown."
    )
    return Payload(
        choices={PATCHES.name: options(PATCHES, compare_patches, view.overlapping)},
        sliders=sliders,
        filmstrips=filmstrips,
        texts=texts,
        message=" ".join(dict.fromkeys(view.missing)) or None,
    )


def _fill(column: ModelColumn, data: str, filmstrips: dict, texts: dict) -> None:
    metrics, variant = column.reconstruction.metrics, column.variant
    filmstrips[f"reconstruction-{variant}"] = frames_of(
        column.reconstruction.frames, errors=metrics.mse, clean=_copied(column)
    )
    filmstrips[f"error-{variant}"] = map_of_errors(
        column.reconstruction.frames, column.clean, data, decibels(metrics.psnr)
    )
    texts[f"kept-{variant}"] = tuple(_kept(kept, of, column) for kept, of in zip(column.kept, column.of, strict=True))
    texts[f"ssim-{variant}"] = tuple(f"{value:.3f}" for value in metrics.ssim)
    texts[f"mse-{variant}"] = tuple(f"{value:.5f}" for value in metrics.mse)


def _corrupted(column: ModelColumn) -> Frames:
    """What the denoiser or the masked model was shown: one noise at each level, or the image without patches."""
    if column.axis == "noise_std":
        return mixed_frames(column.saw, np.divide(column.values, column.values[-1]))
    return frames_of(column.saw, errors=column.reconstruction.metrics.mse, clean=_copied(column))


def _copied(column: ModelColumn) -> np.ndarray | None:
    """The image that the visible patches of a masked model's frames are copied from."""
    return column.clean if column.variant == "masked" else None


def _kept(kept: float, of: int, column: ModelColumn) -> str:
    if column.unit == "units":
        return f"{kept:g} units for {of} inputs"
    return f"{kept:.3g} {'for' if column.axis == 'latent_dim' else 'of'} {of} {column.unit}"


def _filmstrips(line: str, title: str, reconstruction: bool = False) -> list[str]:
    return [
        filmstrip(
            f"{line}-{v}",
            f"{VARIANTS[v].title}: {title}",
            OWN_SLIDER.get(v, "bottleneck"),
            bare=True,
            reconstruction=reconstruction,
        )
        for v in SEVEN
    ]


def _texts(line: str) -> list[str]:
    return [text(f"{line}-{v}", OWN_SLIDER.get(v, "bottleneck"), quiet=True) for v in SEVEN]


TAB = Tab("compare", "Compare", skeleton, payload, FOUR, (PATCHES,))
