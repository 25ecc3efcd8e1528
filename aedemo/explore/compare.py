"""The Compare tab: one image through every variant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from aedemo import checkpoints, datasets
from aedemo.checkpoints import Setting
from aedemo.corruption import NOISES, TEST_MASK_RATIOS
from aedemo.explore.denoising import matched_denoisers, nearest_denoiser, nearest_level, noisy_frames
from aedemo.explore.filmstrips import Filmstrip, bottlenecks, filmstrip, pca_filmstrip, stride_of, sweep_filmstrip
from aedemo.explore.gallery import find
from aedemo.explore.masked import START_RATIO, masked_frames, model_image, reconstruct_frames, slider_masks, to_hex
from aedemo.models import VARIANTS
from aedemo.models.patchwise import Patchwise, pixel_mask

NOISE = "gaussian"


@dataclass(frozen=True)
class ModelColumn:
    """One variant's reconstructions along its slider.

    variant, axis: names; values: (F,) the positions of its slider
    saw: float32 (F or 1, C, H, W), what the model was shown; clean: (1, C, H, W), what it is measured against
    reconstruction: its filmstrip; kept: (F,) how many numbers it kept, of: (F,) out of how many, unit: what is counted;
        of a denoiser, whose code is no part of its input, "units" beside inputs
    settings: of the runs, one for each position or one for all; masks: of a masked one, as hexadecimal digits
    """

    variant: str
    axis: str
    values: tuple[float, ...]
    saw: np.ndarray
    clean: np.ndarray
    reconstruction: Filmstrip
    kept: tuple[float, ...]
    of: tuple[int, ...]
    unit: str
    settings: tuple[Setting, ...]
    masks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """The columns there are, and one sentence for each variant that cannot reconstruct.

    overlapping: whether the patches of the dense variants overlap; None where they see whole images
    """

    columns: tuple[ModelColumn, ...]
    missing: tuple[str, ...]
    overlapping: bool | None


@dataclass(frozen=True)
class Question:
    """What each column reconstructions: x is float32 (1, C, H, W); image names it; stride is that of `Patchwise`."""

    dataset: str
    image: str
    x: Tensor
    seed: int
    stride: int | None


def compare(dataset: str, image: str, seed: int, overlapping: bool = False) -> Comparison:
    """One image through all; a variant whose checkpoints cannot be read is left out, with a sentence.

    overlapping: whether the patches of a photograph overlap, and their reconstructions are averaged.
    """
    question = Question(dataset, image, find(dataset, image), seed, stride_of(dataset, overlapping))
    columns, missing = [], []
    for variant in compared_variants():
        try:
            columns.append(COLUMNS[VARIANTS[variant].axis](question, variant))
        except ValueError as error:
            missing.append(str(error))
    return Comparison(tuple(columns), tuple(missing), overlapping if datasets.get(dataset).patchwise else None)


def _bottleneck(question: Question, variant: str) -> ModelColumn:
    dataset, x, stride = question.dataset, question.x, question.stride
    sweep, values = checkpoints.load(dataset, variant), bottlenecks(dataset)
    settings = tuple(sweep.nearest(m) for m in values)  # a sweep may have fewer than PCA's
    if variant == "pca":
        reconstruction = pca_filmstrip(dataset, x, values, stride)
    else:
        reconstruction = sweep_filmstrip(sweep, x, settings, stride)
    clean = x.numpy()
    row = datasets.get(dataset)
    unit = "numbers per patch" if row.patchwise else "numbers"
    return ModelColumn(
        variant,
        "latent_dim",
        values,
        clean,
        clean,
        reconstruction,
        settings,
        (row.dimension,) * len(values),
        unit,
        settings,
    )


def _sparse(question: Question, variant: str) -> ModelColumn:
    x, sweep = question.x, checkpoints.load(question.dataset, variant)
    codes = [Patchwise(sweep[value]).encode(x) for value in sweep.values]
    active = tuple(float((z > 0).float().sum(2).mean()) for z in codes)
    clean = x.numpy()
    units = tuple(z.shape[2] for z in codes)
    return ModelColumn(
        variant,
        "sparsity_weight",
        sweep.values,
        clean,
        clean,
        sweep_filmstrip(sweep, x, sweep.values, question.stride),
        active,
        units,
        "units active",
        sweep.values,
    )


def _denoising(question: Question, variant: str) -> ModelColumn:
    dataset, x = question.dataset, question.x
    noisy = noisy_frames(x, NOISE, question.seed)
    reconstruction = matched_denoisers(dataset, noisy, NOISE, question.stride)
    levels = NOISES[NOISE].test_levels()
    sweep = checkpoints.load(dataset, "denoising")
    units = tuple(nearest_denoiser(sweep, NOISE, level).encoder[0].out_features for level in levels)
    settings = tuple((NOISE, nearest_level(sweep, NOISE, level)) for level in levels)
    return ModelColumn(
        variant, "noise_std", levels, noisy.numpy(), x.numpy(), filmstrip(reconstruction, x),
        units, (datasets.get(dataset).dimension,) * len(levels), "units", settings,
    )  # fmt: skip


def _masked(question: Question, variant: str) -> ModelColumn:
    clean = model_image(question.dataset, question.image)
    sweep = checkpoints.load(question.dataset, variant)
    ratio = sweep.nearest(START_RATIO)
    model = sweep[ratio]
    masks = slider_masks(model.grid, question.seed)
    reconstruction = reconstruct_frames(model, clean, masks)
    hidden = pixel_mask(masks, model.patch_size)
    joined = clean + (reconstruction - clean) * hidden  # people compare with the image: visible patches are given
    visible = tuple(int(n) for n in (1 - masks).sum((1, 2, 3)))
    return ModelColumn(
        variant, "mask_ratio", TEST_MASK_RATIOS, masked_frames(clean, hidden).numpy(), clean.numpy(),
        filmstrip(joined, clean), visible, (masks[0].numel(),) * len(visible), "patches seen",
        (ratio,), tuple(to_hex(mask) for mask in masks),
    )  # fmt: skip


# How a column is made, by the axis of its variant.
COLUMNS: dict[tuple[str, ...], Callable[[Question, str], ModelColumn]] = {
    ("latent_dim",): _bottleneck,
    ("sparsity_weight",): _sparse,
    ("noise", "level"): _denoising,
    ("mask_ratio",): _masked,
}


def compared_variants() -> tuple[str, ...]:
    """The variants that Compare and Your image show, in the order of the table."""
    return tuple(name for name, row in VARIANTS.items() if row.compared)
