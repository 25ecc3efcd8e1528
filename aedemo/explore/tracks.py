"""Tracks: all frames that a slider scrubs through, with the quality of each, computed in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
import torch
from torch import Tensor, nn

from aedemo import checkpoints
from aedemo.models.patchwise import Patchwise

SSIM_WINDOW = 7
MOST_PSNR = 100  # dB, of an error that is none, or too small to tell from none


@dataclass(frozen=True)
class Quality:
    """How near each of the frames (F, C, H, W) is to the clean picture (1, C, H, W).

    mse:  (F,) mean squared error per value
    psnr: (F,) peak signal-to-noise ratio in dB, 10 log₁₀ (1 / mse), at most MOST_PSNR
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
        return -10 * np.log10(np.maximum(self.mse, 10 ** (-MOST_PSNR / 10)))

    @cached_property
    def ssim(self) -> np.ndarray:
        return ssim(self.frames, self.clean).numpy()


@dataclass(frozen=True)
class Track:
    """frames: float32 (F, C, H, W), not clamped; quality: of each frame, against the clean picture."""

    frames: np.ndarray
    quality: Quality


def track(frames: Tensor, clean: Tensor) -> Track:
    """Frames (F, C, H, W) with their quality against the clean picture (1, C, H, W)."""
    return Track(frames.numpy(), Quality(frames, clean))


def ssim(x: Tensor, y: Tensor) -> Tensor:
    """Mean structural similarity of pictures x (F, C, H, W) with one picture y (1, C, H, W), data range 1: (F,).

    All frames at once: scikit-image's own function, of which the tests hold that it gives the same numbers, takes them
    one by one, too slow for a filmstrip.
    """
    height, width = (_window_means(side) for side in x.shape[2:])

    def mean(v: Tensor) -> Tensor:  # over each window: down the columns, then along the rows
        return height @ v @ width.T

    mx, my = mean(x), mean(y)
    unbiased = SSIM_WINDOW**2 / (SSIM_WINDOW**2 - 1)
    vx, vy = unbiased * (mean(x * x) - mx * mx), unbiased * (mean(y * y) - my * my)
    vxy = unbiased * (mean(x * y) - mx * my)
    c1, c2 = 0.01**2, 0.03**2
    similarity = (2 * mx * my + c1) * (2 * vxy + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2))
    return similarity.flatten(1).mean(1)


@lru_cache(maxsize=8)
def _window_means(side: int) -> Tensor:
    """The matrix (side - 6, side) that takes the mean over each window of a line; a product is the fastest way."""
    ones = torch.ones(side - SSIM_WINDOW + 1, side)
    return (ones.triu() - ones.triu(SSIM_WINDOW)) / SSIM_WINDOW


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
