"""Tracks: all frames that a slider scrubs through, with the quality of each, computed in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aedemo import checkpoints
from aedemo.models.patchwise import Patchwise

SSIM_WINDOW = 7


@dataclass(frozen=True)
class Quality:
    """How near each frame is to the clean picture.

    mse:  (F,) mean squared error per value
    psnr: (F,) peak signal-to-noise ratio in dB, 10 log₁₀ (1 / mse)
    ssim: (F,) structural similarity (Wang et al. 2004), windows of 7×7, as scikit-image has it by default
    """

    mse: np.ndarray
    psnr: np.ndarray
    ssim: np.ndarray


@dataclass(frozen=True)
class Track:
    """frames: float32 (F, C, H, W), not clamped; quality: of each frame, against the clean picture."""

    frames: np.ndarray
    quality: Quality


def track(frames: Tensor, clean: Tensor) -> Track:
    """Frames (F, C, H, W) with their quality against the clean picture (1, C, H, W)."""
    return Track(frames.numpy(), quality(frames, clean))


def quality(frames: Tensor, clean: Tensor) -> Quality:
    """MSE, PSNR and SSIM of frames (F, C, H, W) against the clean picture (1, C, H, W)."""
    mse = (frames - clean).square().flatten(1).mean(1)
    psnr = -10 * mse.clamp_min(1e-10).log10()
    return Quality(mse.numpy(), psnr.numpy(), ssim(frames, clean.expand_as(frames)).numpy())


def ssim(x: Tensor, y: Tensor) -> Tensor:
    """Mean structural similarity of pictures x and y (F, C, H, W) for a data range of 1: (F,).

    All frames at once: scikit-image's own function, of which the tests hold that it gives the same numbers, takes them
    one by one, too slow for a filmstrip.
    """
    window = SSIM_WINDOW
    count = window * window
    mean = lambda v: F.avg_pool2d(v, window, stride=1)  # noqa: E731
    mx, my = mean(x), mean(y)
    unbiased = count / (count - 1)
    vx, vy = unbiased * (mean(x * x) - mx * mx), unbiased * (mean(y * y) - my * my)
    vxy = unbiased * (mean(x * y) - mx * my)
    c1, c2 = 0.01**2, 0.03**2
    similarity = (2 * mx * my + c1) * (2 * vxy + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2))
    return similarity.flatten(1).mean(1)


def answers(models: Iterable[nn.Module], x: Tensor) -> Tensor:
    """Each model's reconstruction of x (1, C, H, W), patch by patch where the model sees patches: (F, C, H, W)."""
    return torch.cat([Patchwise(model)(x) for model in models])


def sweep_track(sweep: checkpoints.Sweep, x: Tensor) -> Track:
    """The picture x (1, C, H, W) through every run of a sweep."""
    return track(answers((sweep[value] for value in sweep.values), x), x)


def bottlenecks(dataset: str) -> tuple[int, ...]:
    """The values of the bottleneck slider: those that the linear autoencoder was trained at."""
    return checkpoints.load(dataset, "linear").values


def pca_track(dataset: str, x: Tensor, components: Iterable[int]) -> Track:
    """The picture x (1, C, H, W) through PCA with each number of components."""
    model = Patchwise(full_pca(dataset))
    return track(torch.cat([model(x, components=k) for k in components]), x)


def full_pca(dataset: str) -> nn.Module:
    """PCA with all D components, of which any number can be used."""
    sweep = checkpoints.load(dataset, "pca")
    return sweep[sweep.values[-1]]
