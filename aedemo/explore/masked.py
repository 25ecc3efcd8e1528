"""The Masked tab: ever more patches of a picture are removed; the masked autoencoder and PCA draw it again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from aedemo import checkpoints, datasets, pictures
from aedemo.corruption import MASK_KNOB
from aedemo.explore.gallery import find
from aedemo.explore.tracks import Track, track
from aedemo.models.patchwise import pixel_mask

START_RATIO = 0.75
GREY = 0.5


@dataclass(frozen=True)
class MaskedView:
    """Everything that the mask slider scrubs through.

    ratios: (F,) of the slider; trained_at: the ratio the shown run was trained at, of the ratios_trained that exist
    clean:  float32 (1, C, H, W), as the model sees it
    masked: (F, C, H, W), removed patches grey
    answer, pca: tracks of what each draws for every patch; with_visible: the answer with the visible patches put back
    removed, patches: (F,) how many patches are removed, of how many
    masked_error, visible_error, pca_error, mean_error: (F,) squared error per value of this picture, on removed
        patches (model, PCA's fill-in, the visible mean) and on visible ones (model)
    curves: test errors on removed patches for each trained ratio (T, F); curve_pca, curve_mean: (F,)
    """

    ratios: tuple[float, ...]
    trained_at: float
    ratios_trained: tuple[float, ...]
    clean: np.ndarray
    masked: np.ndarray
    answer: Track
    with_visible: Track
    pca: Track
    pca_components: int
    removed: tuple[int, ...]
    patches: int
    masked_error: np.ndarray
    visible_error: np.ndarray
    pca_error: np.ndarray
    curves: np.ndarray
    curve_pca: np.ndarray
    curve_mean: np.ndarray


def masked(dataset: str, picture: str, seed: int, trained_at: float = START_RATIO) -> MaskedView:
    """One picture at each mask ratio of the slider, with the run trained nearest to one ratio."""
    x = model_picture(dataset, picture)
    sweep, linear = checkpoints.load(dataset, "masked"), checkpoints.load(dataset, "ppca")
    trained_at = sweep.nearest(trained_at)
    model, pca = sweep[trained_at], linear[linear.values[0]]
    answer, masks = fill_frames(model, x, seed)
    guess = pca_frames(pca, x, masks)
    hidden = pixel_mask(masks, model.patch_size)
    curves = sweep.figures("masked_error_at")
    reference = linear.header(linear.values[0]).figures
    return MaskedView(
        ratios=MASK_KNOB,
        trained_at=trained_at,
        ratios_trained=sweep.values,
        clean=x.numpy(),
        masked=masked_frames(x, hidden).numpy(),
        answer=track(answer, x),
        with_visible=track(x + (answer - x) * hidden, x),
        pca=track(x + (guess - x) * hidden, x),
        pca_components=pca.latent_dim,
        removed=tuple(int(n) for n in masks.sum((1, 2, 3))),
        patches=masks[0].numel(),
        masked_error=_error_where(answer, x, hidden),
        visible_error=_error_where(answer, x, 1 - hidden),
        pca_error=_error_where(guess, x, hidden),
        curves=np.array(curves),
        curve_pca=np.array(reference["masked_error_at"]),
        curve_mean=np.array(reference["mean_fill_error_at"]),
    )


def model_picture(dataset: str, picture: str) -> Tensor:
    """The chosen picture at the masked variant's size, float32 (1, C, H, W)."""
    x = find(dataset, picture)
    side = datasets.get(dataset).picture_shape[1]
    return x if x.shape[-1] == side else pictures.resize(x[0], (side, side))[None]


def fill_frames(model, x: Tensor, seed: int) -> tuple[Tensor, Tensor]:
    """The masked autoencoder's answers (F, C, H, W) and masks (F, 1, h, w) at each ratio of the slider."""
    results = [model.reconstruct(x, mask_ratio=ratio, seed=seed) for ratio in MASK_KNOB]
    return torch.cat([r.output for r in results]), torch.cat([r.mask for r in results])


def pca_frames(pca, x: Tensor, masks: Tensor) -> Tensor:
    """PCA's fill-in (F, C, H, W) under the same masks (F, 1, h, w)."""
    with torch.no_grad():
        return pca(x.expand(len(masks), -1, -1, -1), masks)


def masked_frames(x: Tensor, hidden: Tensor) -> Tensor:
    """What the model sees: removed pixels grey. x (1, C, H, W), hidden (F, 1, H, W) -> (F, C, H, W)."""
    return x * (1 - hidden) + GREY * hidden


def _error_where(y: Tensor, x: Tensor, where: Tensor) -> np.ndarray:
    """Squared error per value over the pixels marked 1, (F,); not-a-number where none is."""
    where = where.expand_as(y)
    return ((y - x).square() * where).flatten(1).sum(1).div(where.flatten(1).sum(1)).numpy()
