"""Tracks: all frames that a slider scrubs through, with the quality of each, computed in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aedemo import checkpoints
from aedemo.models.patchwise import Patchwise

SSIM_WINDOW = 7


@dataclass(frozen=True)
class Quality:
    """How near each of the frames (F, C, H, W) is to the clean picture (1, C, H, W).

    mse:  (F,) mean squared error per value
    psnr: (F,) peak signal-to-noise ratio in dB, 10 log₁₀ (1 / mse)
    ssim: (F,) structural similarity (Wang et al. 2004), windows of 7×7, as scikit-image has it by default; computed
          when it is first asked for, since few tabs show it
    """

    frames: Tensor = field(repr=False)
    clean: Tensor = field(repr=False)

    @cached_property
    def mse(self) -> np.ndarray:
        return (self.frames - self.clean).square().flatten(1).mean(1).numpy()

    @cached_property
    def psnr(self) -> np.ndarray:
        return -10 * np.log10(np.maximum(self.mse, 1e-10))

    @cached_property
    def ssim(self) -> np.ndarray:
        return ssim(self.frames, self.clean.expand_as(self.frames)).numpy()


@dataclass(frozen=True)
class Track:
    """frames: float32 (F, C, H, W), not clamped; quality: of each frame, against the clean picture."""

    frames: np.ndarray
    quality: Quality


def track(frames: Tensor, clean: Tensor) -> Track:
    """Frames (F, C, H, W) with their quality against the clean picture (1, C, H, W)."""
    return Track(frames.numpy(), Quality(frames, clean))


def ssim(x: Tensor, y: Tensor) -> Tensor:
    """Mean structural similarity of pictures x and y (F, C, H, W) for a data range of 1: (F,).

    All frames at once: scikit-image's own function, of which the tests hold that it gives the same numbers, takes them
    one by one, too slow for a filmstrip.
    """
    count = SSIM_WINDOW**2

    def mean(v: Tensor) -> Tensor:  # over each window: rows first, then columns
        return F.avg_pool2d(F.avg_pool2d(v, (SSIM_WINDOW, 1), stride=1), (1, SSIM_WINDOW), stride=1)

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


def sweep_track(sweep: checkpoints.Sweep, x: Tensor, values: Iterable) -> Track:
    """The picture x (1, C, H, W) through the runs of a sweep at these values."""
    return track(answers((sweep[value] for value in values), x), x)


def bottlenecks(dataset: str) -> tuple[int, ...]:
    """The values of the bottleneck slider: PCA's, but for the last, which keeps everything."""
    return checkpoints.load(dataset, "pca").values[:-1]


def pca_track(dataset: str, x: Tensor, components: Iterable[int]) -> Track:
    """The picture x (1, C, H, W) through PCA with each number of components."""
    model = Patchwise(full_pca(dataset))
    return track(torch.cat([model(x, components=k) for k in components]), x)


def full_pca(dataset: str) -> nn.Module:
    """PCA with all D components, of which any number can be used."""
    sweep = checkpoints.load(dataset, "pca")
    return sweep[sweep.values[-1]]
