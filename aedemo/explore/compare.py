"""The Compare tab: one picture through every variant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from aedemo import checkpoints, datasets
from aedemo.corruption import MASK_KNOB, NOISES
from aedemo.explore.denoising import matched_denoisers, nearest_denoiser, noisy_frames
from aedemo.explore.gallery import find
from aedemo.explore.masked import START_RATIO, fill_frames, knob_masks, masked_frames, model_picture
from aedemo.explore.tracks import Track, bottlenecks, pca_track, stride_of, sweep_track, track
from aedemo.models.patchwise import Patchwise, pixel_mask

NOISE = "gaussian"


@dataclass(frozen=True)
class Column:
    """One variant's answers along its slider.

    variant, axis: names; values: (F,) the positions of its slider
    saw: float32 (F or 1, C, H, W), what the model was shown; clean: (1, C, H, W), what it is measured against
    answer: its track; kept: (F,) how many numbers it kept, of: (F,) out of how many, unit: what is counted; of a
        denoiser, whose code is no part of its input, "units" beside inputs
    """

    variant: str
    axis: str
    values: tuple[float, ...]
    saw: np.ndarray
    clean: np.ndarray
    answer: Track
    kept: tuple[float, ...]
    of: tuple[int, ...]
    unit: str


@dataclass(frozen=True)
class Comparison:
    """The columns there are, and one sentence for each variant that cannot answer.

    overlapping: whether the patches of the dense variants overlap; None where they see whole images
    """

    columns: tuple[Column, ...]
    missing: tuple[str, ...]
    overlapping: bool | None


@dataclass(frozen=True)
class Question:
    """What each column answers: x is float32 (1, C, H, W); picture names it; stride is that of `Patchwise`."""

    dataset: str
    picture: str
    x: Tensor
    seed: int
    stride: int | None


def compare(dataset: str, picture: str, seed: int, overlapping: bool = False) -> Comparison:
    """One picture through all seven; a variant whose checkpoints cannot be read is left out, with a sentence.

    overlapping: whether the patches of a photograph overlap, and their reconstructions are averaged.
    """
    question = Question(dataset, picture, find(dataset, picture), seed, stride_of(dataset, overlapping))
    columns, missing = [], []
    for variant, make in COLUMNS.items():
        try:
            columns.append(make(question, variant))
        except ValueError as error:
            missing.append(str(error))
    return Comparison(tuple(columns), tuple(missing), overlapping if datasets.get(dataset).patchwise else None)


def _bottleneck(question: Question, variant: str) -> Column:
    dataset, x, stride = question.dataset, question.x, question.stride
    values = bottlenecks(dataset)
    if variant == "pca":
        answer = pca_track(dataset, x, values, stride)
    else:
        answer = sweep_track(checkpoints.load(dataset, variant), x, values, stride)
    clean = x.numpy()
    row = datasets.get(dataset)
    unit = "numbers a patch" if row.patchwise else "numbers"
    return Column(variant, "latent_dim", values, clean, clean, answer, values, (row.dimension,) * len(values), unit)


def _sparse(question: Question, variant: str) -> Column:
    x, sweep = question.x, checkpoints.load(question.dataset, "sparse")
    codes = [Patchwise(sweep[value]).encode(x) for value in sweep.values]
    active = tuple(float((z > 0).float().sum(2).mean()) for z in codes)
    clean = x.numpy()
    units = tuple(z.shape[2] for z in codes)
    return Column(
        variant,
        "sparsity_weight",
        sweep.values,
        clean,
        clean,
        sweep_track(sweep, x, sweep.values, question.stride),
        active,
        units,
        "units on",
    )


def _denoising(question: Question, variant: str) -> Column:
    dataset, x = question.dataset, question.x
    noisy = noisy_frames(x, NOISE, question.seed)
    answer = matched_denoisers(dataset, noisy, NOISE, question.stride)
    levels = NOISES[NOISE].knob()
    sweep = checkpoints.load(dataset, "denoising")
    units = tuple(nearest_denoiser(sweep, NOISE, level).encoder[0].out_features for level in levels)
    return Column(
        variant, "noise_std", levels, noisy.numpy(), x.numpy(), track(answer, x),
        units, (datasets.get(dataset).dimension,) * len(levels), "units",
    )  # fmt: skip


def _masked(question: Question, variant: str) -> Column:
    clean = model_picture(question.dataset, question.picture)
    sweep = checkpoints.load(question.dataset, "masked")
    model = sweep[sweep.nearest(START_RATIO)]
    masks = knob_masks(model.grid, question.seed)
    answer = fill_frames(model, clean, masks)
    hidden = pixel_mask(masks, model.patch_size)
    joined = clean + (answer - clean) * hidden  # people compare with the picture: visible patches are given
    visible = tuple(int(n) for n in (1 - masks).sum((1, 2, 3)))
    return Column(
        variant, "mask_ratio", MASK_KNOB, masked_frames(clean, hidden).numpy(), clean.numpy(),
        track(joined, clean), visible, (masks[0].numel(),) * len(visible), "patches seen",
    )  # fmt: skip


COLUMNS: dict[str, Callable[[Question, str], Column]] = {
    "pca": _bottleneck,
    "linear": _bottleneck,
    "shallow": _bottleneck,
    "deep": _bottleneck,
    "sparse": _sparse,
    "denoising": _denoising,
    "masked": _masked,
}
