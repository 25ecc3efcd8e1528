"""From one picture to another: through a deep code, through PCA's, and as a plain cross-fade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from aedemo import checkpoints
from aedemo.models.patchwise import Patchwise

SHARES = tuple(round(0.05 * k, 2) for k in range(21))  # how much of the other picture, along the slider
WALK_DIM = 10


@dataclass(frozen=True)
class Walk:
    """The way from a picture to another, all three at the same shares.

    shares: (F,) of the other picture, from 0 to 1; latent_dim: M of both codes
    deep, pca: float32 (F, C, H, W), decoded along the straight line between the two codes
    fade: float32 (F, C, H, W), the line between the pictures themselves
    """

    shares: tuple[float, ...]
    latent_dim: int
    deep: np.ndarray
    pca: np.ndarray
    fade: np.ndarray


def walk(dataset: str, x: Tensor, other: Tensor) -> Walk:
    """The way from x to the other picture, (1, C, H, W) each; of a photograph each patch goes a way of its own."""
    sweeps = [checkpoints.load(dataset, variant) for variant in ("deep", "pca")]
    shared = [m for m in sweeps[0].values if m in sweeps[1].values]
    latent_dim = min(shared, key=lambda m: abs(m - WALK_DIM))
    deep, pca = (along(sweep[latent_dim], x, other).numpy() for sweep in sweeps)
    return Walk(SHARES, latent_dim, deep, pca, _between(x, other).numpy())


def along(model: nn.Module, x: Tensor, other: Tensor) -> Tensor:
    """Decoded along the line z = (1 − t) z₀ + t z₁ between the codes of two pictures, (F, C, H, W)."""
    patchwise = Patchwise(model)
    codes = _between(patchwise.encode(x), patchwise.encode(other))  # (F, patches, M)
    return patchwise.decode(codes, *x.shape[-2:])


def _between(a: Tensor, b: Tensor) -> Tensor:
    """(1, …) and (1, …) -> (F, …), from the one to the other."""
    shares = torch.tensor(SHARES).view(-1, *[1] * (a.ndim - 1))
    return (1 - shares) * a + shares * b
