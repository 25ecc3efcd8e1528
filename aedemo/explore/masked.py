"""The Masked tab: ever more patches of an image are removed; the masked autoencoder and PCA reconstruct it.

A mask made by hand travels as hexadecimal digits: one bit a patch, row by row, the first patch first, 1 = removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import torch
from torch import Tensor

from aedemo import checkpoints, datasets, uploads
from aedemo.corruption import KIND_RATIOS, MASK_KINDS, TEST_MASK_RATIOS, patch_mask
from aedemo.explore.filmstrips import Filmstrip, filmstrip
from aedemo.explore.gallery import find
from aedemo.explore.threads import beside, each_frame
from aedemo.models.masked import Masked
from aedemo.models.patchwise import pixel_mask

START_RATIO = 0.75
BY_HAND = "hand"
GREY = 0.5
TOGETHER = 5  # frames in one pass: fewer are slower each, more are not shared out among the cores


@dataclass(frozen=True)
class KindError:
    """Test errors per removed value under one kind of mask at one ratio, of the shown run and of PCA."""

    kind: str
    ratio: float
    error: float
    pca_error: float


@dataclass(frozen=True)
class MaskedView:
    """Everything that the mask slider scrubs through.

    ratios: (F,) of the slider; of a mask made by hand its own alone, F = 1; kind: a row of MASK_KINDS, or BY_HAND
    grid: (h, w) patches; masks: (F,) the masks as hexadecimal digits
    trained_at: the ratio the shown run was trained at, of the ratios_trained that exist
    clean:  float32 (1, C, H, W), as the model sees it
    masked: (F, C, H, W), removed patches grey
    reconstruction, pca: filmstrips of every patch, by the model and by PCA imputation
    with_visible: the reconstruction with the visible patches in their place
    removed, patches: (F,) how many patches are removed, of how many
    masked_error, visible_error, pca_error: (F,) squared error per value of this image, on removed patches (model),
        on visible ones (model), and on removed ones (PCA imputation)
    kinds: what each kind of mask is worth on test images, where it was measured
    curves: test errors on removed patches for each trained ratio (T, F); curve_pca, curve_mean: (F,)
    """

    ratios: tuple[float, ...]
    kind: str
    grid: tuple[int, int]
    masks: tuple[str, ...]
    trained_at: float
    ratios_trained: tuple[float, ...]
    clean: np.ndarray
    masked: np.ndarray
    reconstruction: Filmstrip
    with_visible: Filmstrip
    pca: Filmstrip
    pca_components: int
    removed: tuple[int, ...]
    patches: int
    masked_error: np.ndarray
    visible_error: np.ndarray
    pca_error: np.ndarray
    curves: np.ndarray
    curve_pca: np.ndarray
    curve_mean: np.ndarray
    kinds: tuple[KindError, ...]


def masked(
    dataset: str, image: str, seed: int, trained_at: float = START_RATIO, kind: str = "random", hand: str = ""
) -> MaskedView:
    """One image at each mask ratio of the slider, with the run trained nearest to one ratio.

    kind: a row of MASK_KINDS, or BY_HAND; hand: the mask made by hand. Where that is none of this data set's, as when
    none was made yet, it begins as the random one at 75 %. ValueError for an unknown kind.
    """
    x = model_image(dataset, image)
    sweep, linear = checkpoints.load(dataset, "masked"), checkpoints.load(dataset, "ppca")
    trained_at = sweep.nearest(trained_at)
    model, pca = sweep[trained_at], linear[linear.values[0]]
    masks = _by_hand(hand, model.grid, seed) if kind == BY_HAND else slider_masks(model.grid, seed, kind)
    imputation = beside(pca, x.expand(len(masks), -1, -1, -1), masks)
    reconstruction = reconstruct_frames(model, x, masks)
    guess = imputation.result()
    hidden = pixel_mask(masks, model.patch_size)
    curves = sweep.metrics("masked_error_at")
    reference = linear.header(linear.values[0]).metrics
    return MaskedView(
        ratios=TEST_MASK_RATIOS if kind != BY_HAND else (float(masks.mean()),),
        kind=kind,
        grid=model.grid,
        masks=tuple(to_hex(mask) for mask in masks),
        trained_at=trained_at,
        ratios_trained=sweep.values,
        clean=x.numpy(),
        masked=masked_frames(x, hidden).numpy(),
        reconstruction=filmstrip(reconstruction, x),
        with_visible=filmstrip(x + (reconstruction - x) * hidden, x),
        pca=filmstrip(x + (guess - x) * hidden, x),
        pca_components=pca.latent_dim,
        removed=tuple(int(n) for n in masks.sum((1, 2, 3))),
        patches=masks[0].numel(),
        masked_error=_error_where(reconstruction, x, hidden),
        visible_error=_error_where(reconstruction, x, 1 - hidden),
        pca_error=_error_where(guess, x, hidden),
        curves=np.array(curves),
        curve_pca=np.array(reference["masked_error_at"]),
        curve_mean=np.array(reference["mean_imputation_error_at"]),
        kinds=tuple(_kind_errors(sweep.header(trained_at).metrics, reference)),
    )


def _kind_errors(metrics: Mapping, pca: Mapping) -> Iterator[KindError]:
    for kind in MASK_KINDS:
        if f"{kind}_error_at" in metrics and f"{kind}_error_at" in pca:  # else trained before it was measured
            errors = zip(KIND_RATIOS, metrics[f"{kind}_error_at"], pca[f"{kind}_error_at"], strict=True)
            yield from (KindError(kind, *row) for row in errors)


def model_image(dataset: str, image: str) -> Tensor:
    """The chosen image at the masked variant's size, float32 (1, C, H, W)."""
    x = find(dataset, image)
    side = datasets.get(dataset).image_shape[1]
    return x if x.shape[-1] == side else uploads.resize(x[0], (side, side))[None]


def slider_masks(grid: tuple[int, int], seed: int, kind: str = "random") -> Tensor:
    """Masks of one kind at each ratio of the slider, (F, 1, h, w)."""
    return torch.stack([patch_mask(grid, ratio, seed, kind)[None] for ratio in TEST_MASK_RATIOS])


def reconstruct_frames(model: Masked, x: Tensor, masks: Tensor) -> Tensor:
    """The masked autoencoder's reconstructions (F, C, H, W) of x (1, C, H, W) under masks (F, 1, h, w)."""
    return each_frame(model.forward_packed, repeat(x), masks.split(TOGETHER))


def to_hex(mask: Tensor) -> str:
    """A mask over patches as hexadecimal digits, the last one filled up with zeros."""
    return np.packbits(mask.flatten().bool().numpy()).tobytes().hex()[: -(-mask.numel() // 4)]


def from_hex(digits: str, grid: tuple[int, int]) -> Tensor | None:
    """The mask (h, w) that to_hex wrote; None where it is none of this grid, or hides every patch."""
    patches = grid[0] * grid[1]
    if not re.fullmatch(r"[0-9a-f]+", digits) or len(digits) != -(-patches // 4):
        return None
    bits = np.unpackbits(np.frombuffer(bytes.fromhex(digits + "0" * (len(digits) % 2)), np.uint8))
    mask = torch.from_numpy(bits[:patches]).float().view(grid)
    return None if bits[patches:].any() or mask.all() else mask


def _by_hand(digits: str, grid: tuple[int, int], seed: int) -> Tensor:
    """(1, 1, h, w)"""
    mask = from_hex(digits, grid)
    return (patch_mask(grid, START_RATIO, seed) if mask is None else mask)[None, None]


def masked_frames(x: Tensor, hidden: Tensor) -> Tensor:
    """What the model sees: removed pixels grey. x (1, C, H, W), hidden (F, 1, H, W) -> (F, C, H, W)."""
    return x * (1 - hidden) + GREY * hidden


def _error_where(y: Tensor, x: Tensor, where: Tensor) -> np.ndarray:
    """Squared error per value over the pixels marked 1, (F,); NaN where none is."""
    where = where.expand_as(y)
    return ((y - x).square() * where).flatten(1).sum(1).div(where.flatten(1).sum(1)).numpy()
