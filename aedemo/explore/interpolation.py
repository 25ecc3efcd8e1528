"""From one image to another: through a deep code, through PCA's, and as a plain cross-fade of the pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from aedemo import checkpoints, datasets
from aedemo.explore.gallery import GalleryImage, find, gallery
from aedemo.explore.mapped import mapped_inputs
from aedemo.models.patchwise import Patchwise

STEPS = tuple(round(0.05 * k, 2) for k in range(21))  # t along the slider
LATENT_DIM = 10
MAX_PATCHES = 40  # of a photograph that are compared with test inputs


@dataclass(frozen=True)
class Interpolation:
    """Latent interpolation from an image to another of the gallery, and their pixel blend.

    steps: (F,) t from 0 to 1; latent_dim: M of both codes
    deep, pca: float32 (F, C, H, W), decoded along the line z = (1 − t) z₀ + t z₁ between the two codes
    blend: float32 (F, C, H, W), the line between the images themselves
    deep_error, pca_error: mean squared error of the better reconstructed of the two images
    targets: (id, title) of the images one can go to; target: the id of the one that is shown
    """

    steps: tuple[float, ...]
    latent_dim: int
    deep: np.ndarray
    pca: np.ndarray
    blend: np.ndarray
    deep_error: float
    pca_error: float
    targets: tuple[tuple[str, str], ...]
    target: str


def interpolation(dataset: str, image: str, target: str = "") -> Interpolation | None:
    """The way from an image to another; of a photograph each patch goes a way of its own.

    target: an image of the gallery by its id; by default, and where there is none of that id, that on the way to which
    they differ most, see `clearest`. None where the gallery has no other.
    """
    x = find(dataset, image)
    others = _others(dataset, x)
    if not others:
        return None
    sweeps = [checkpoints.load(dataset, variant) for variant in ("deep", "pca")]
    shared = [m for m in sweeps[0].values if m in sweeps[1].values]
    latent_dim = min(shared, key=lambda m: abs(m - LATENT_DIM))
    models = [sweep[latent_dim] for sweep in sweeps]
    there = next((item for item in others if item.id == target), None) or others[clearest(dataset, models, x, others)]
    other = there.image[None]
    deep, pca = (decode_between(model, x, other).numpy() for model in models)
    targets = tuple((item.id, item.title) for item in others)
    ends = torch.cat([x, other]).numpy()
    errors = (float(np.square(frames[[0, -1]] - ends).mean((1, 2, 3)).min()) for frames in (deep, pca))
    return Interpolation(STEPS, latent_dim, deep, pca, _between(x, other).numpy(), *errors, targets, there.id)


def decode_between(model: nn.Module, x: Tensor, other: Tensor) -> Tensor:
    """Decoded along the line between the codes of two images (1, C, H, W), (F, C, H, W)."""
    patchwise = Patchwise(model)
    codes = _between(patchwise.encode(x), patchwise.encode(other))  # (F, patches, M)
    return patchwise.decode(codes, *x.shape[-2:])


def clearest(dataset: str, models: Sequence[nn.Module], x: Tensor, others: Sequence[GalleryImage]) -> int:
    """Which of the others shows best that a deep code does more than fade: the index.

    On the way to it the deep network's images should be close to test inputs, and PCA's should not: of the mean
    distances to the nearest test input, the deep one is the smallest share of PCA's. models: deep and PCA, of one M.
    """
    count = len(checkpoints.load_latent_map(dataset, "deep", 2).labels)
    test = mapped_inputs(dataset, range(count))[0].flatten(1)
    own = next((item.title for item in gallery(dataset) if torch.equal(item.image, x[0])), None)
    candidates = [k for k, item in enumerate(others) if item.title != own] or range(len(others))

    def code(model: nn.Module, image: Tensor) -> Tensor:
        patches = Patchwise(model).patches(image)[0]
        return model.encode(patches[:: -(-len(patches) // MAX_PATCHES)])[None]

    def distances(model: nn.Module) -> Tensor:
        """(K,), on the way to each candidate."""
        start, ends = code(model, x), [code(model, others[k].image[None]) for k in candidates]
        codes = torch.cat([_between(start, end, (0.25, 0.5, 0.75)).flatten(0, 1) for end in ends])
        nearest = torch.cdist(model.decode(codes).clamp(0, 1).flatten(1), test).amin(1)
        return nearest.view(len(candidates), -1).mean(1)

    deep, pca = map(distances, models)
    return candidates[int((deep / pca.clamp_min(1e-9)).argmin())]


def _between(a: Tensor, b: Tensor, steps: Sequence[float] = STEPS) -> Tensor:
    """(1, …) and (1, …) -> (F, …), from the one to the other."""
    t = torch.tensor(steps).view(-1, *[1] * (a.ndim - 1))
    return (1 - t) * a + t * b


def _others(dataset: str, x: Tensor) -> list[GalleryImage]:
    """The gallery without this image, one of each title; none where its images cannot be had."""
    try:
        items = gallery(dataset)
    except datasets.DataSetUnavailable:
        return []
    others: dict[str, GalleryImage] = {}
    for item in items:
        if not torch.equal(item.image, x[0]):
            others.setdefault(item.title, item)
    return list(others.values())
