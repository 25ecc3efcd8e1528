"""Filmstrips: all frames that a slider scrubs through, with the quality of each, computed in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat

import numpy as np
import torch
from torch import Tensor, nn

from aedemo import checkpoints, datasets
from aedemo.explore.threads import each_frame
from aedemo.models.patchwise import OVERLAP, Patchwise

SSIM_WINDOW = 7
MAX_PSNR = 100  # dB, of an error that is none, or too small to tell from none


@dataclass(frozen=True)
class ImageMetrics:
    """How near each of the frames (F, C, H, W) is to the clean image (1, C, H, W).

    mse:  (F,) mean squared error per value
    psnr: (F,) peak signal-to-noise ratio in dB, 10 log₁₀ (1 / mse), at most MAX_PSNR
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
        return -10 * np.log10(np.maximum(self.mse, 10 ** (-MAX_PSNR / 10)))

    @cached_property
    def ssim(self) -> np.ndarray:
        return ssim(self.frames, self.clean).numpy()


@dataclass(frozen=True)
class Filmstrip:
    """frames: float32 (F, C, H, W), not clamped; quality: of each frame, against the clean image."""

    frames: np.ndarray
    metrics: ImageMetrics


def filmstrip(frames: Tensor, clean: Tensor) -> Filmstrip:
    """Frames (F, C, H, W) with their quality against the clean image (1, C, H, W)."""
    return Filmstrip(frames.numpy(), ImageMetrics(frames, clean))


def ssim(x: Tensor, y: Tensor) -> Tensor:
    """Mean structural similarity of images x (F, C, H, W) with one image y (1, C, H, W), data range 1: (F,).

    scikit-image's own function, of which the tests hold that it gives the same numbers, is too slow for a filmstrip.
    """
    unbiased = SSIM_WINDOW**2 / (SSIM_WINDOW**2 - 1)
    c1, c2 = 0.01**2, 0.03**2
    my, yy = _window_means(torch.stack([y, y * y]))
    vy = unbiased * (yy - my * my)

    def similarity(frame: Tensor) -> Tensor:
        mx, xx, xy = _window_means(torch.stack([frame, frame * frame, frame * y]))
        vx, vxy = unbiased * (xx - mx * mx), unbiased * (xy - mx * my)
        return ((2 * mx * my + c1) * (2 * vxy + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2))).mean()

    return torch.stack([similarity(frame) for frame in x.split(1)])  # one by one, what is between stays in a cache


def _window_means(x: Tensor) -> Tensor:
    """The mean over each window of 7×7, (..., H, W) -> (..., H - 6, W - 6): 4 + 2 + 1 rows, then as many columns."""
    for axis in (-2, -1):
        count = x.shape[axis] - SSIM_WINDOW + 1
        two = x.narrow(axis, 0, count + 5) + x.narrow(axis, 1, count + 5)
        four = two.narrow(axis, 0, count) + two.narrow(axis, 2, count)
        x = four.add_(two.narrow(axis, 4, count)).add_(x.narrow(axis, 6, count))
    return x / SSIM_WINDOW**2


def reconstruct(
    models: Iterable[nn.Module],
    x: Iterable[Tensor],
    stride: int | None = None,
    components: Iterable[int | None] = repeat(None),
) -> Tensor:
    """The reconstruction of each image of x, (1, C, H, W), by the model in its turn: (F, C, H, W).

    Patch by patch where the models see patches; stride: as `Patchwise` takes it; components: of PCA, how many it keeps.
    """

    def frame(model: nn.Module, image: Tensor, count: int | None) -> Tensor:
        patchwise = Patchwise(model, stride)
        return patchwise(image) if count is None else patchwise(image, components=count)

    return _frames(frame, stride, models, x, components)


def reconstruct_between(
    model: nn.Module,
    ends: Tensor,
    weights: Iterable[float],
    stride: int | None = None,
    components: Iterable[int | None] = repeat(None),
) -> Tensor:
    """As `reconstruct` by one model, of the images (1 − w) · x₀ + w · x₁ for each weight w: (F, C, H, W).

    ends: x₀ and x₁, (2, C, H, W). The first layer sees these alone: half of the multiplications.
    """
    patchwise = Patchwise(model, stride)
    hidden = patchwise.first_layer(ends)

    def frame(weight: float, count: int | None) -> Tensor:
        options = {} if count is None else {"components": count}
        return patchwise.between(hidden, weight, *ends.shape[-2:], **options)

    return _frames(frame, stride, weights, components)


def _frames(compute: Callable[..., Tensor], stride: int | None, *arguments: Iterable) -> Tensor:
    """What `compute` makes of the arguments of each frame, (F, C, H, W); overlapping patches keep all cores busy."""
    return each_frame(compute, *arguments) if stride else torch.cat(list(map(compute, *arguments)))


def sweep_filmstrip(sweep: checkpoints.Sweep, x: Tensor, values: Iterable, stride: int | None = None) -> Filmstrip:
    """The image x (1, C, H, W) through the runs of a sweep at these values."""
    return filmstrip(reconstruct((sweep[value] for value in values), repeat(x), stride), x)


def bottlenecks(dataset: str) -> tuple[int, ...]:
    """The values of the bottleneck slider: PCA's, but for the last, which keeps everything.

    CheckpointError where PCA was fitted with one M alone.
    """
    values = checkpoints.load(dataset, "pca").values
    if len(values) < 2:
        raise checkpoints.CheckpointError(
            f"PCA of {dataset} was fitted with M = {values[0]} alone; fit all: aedemo train pca --data {dataset}"
        )
    return values[:-1]


def pca_filmstrip(dataset: str, x: Tensor, components: Iterable[int], stride: int | None = None) -> Filmstrip:
    """The image x (1, C, H, W) through PCA with each number of components."""
    return filmstrip(reconstruct(repeat(full_pca(dataset)), repeat(x), stride, components=components), x)


def stride_of(dataset: str, overlapping: bool) -> int | None:
    """The stride of a data set's patches, where they overlap; None side by side, and where models see whole images."""
    row = datasets.get(dataset)
    return row.shape[1] // OVERLAP if overlapping and row.patchwise else None


def full_pca(dataset: str) -> nn.Module:
    """PCA with all D components, of which any number can be used."""
    sweep = checkpoints.load(dataset, "pca")
    return sweep[sweep.values[-1]]
