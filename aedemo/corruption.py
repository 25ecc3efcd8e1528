"""What is done to a picture before an autoencoder sees it: pixels set to zero, Gaussian noise, patches removed.

Randomness is one field per seed: uniform or normal numbers for the noises, one permutation for the patches. A slider
only scales or cuts that field, so each position of the slider differs from the next in one thing, and masks nest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Noise:
    """One kind of noise: `apply(x, level, generator)` corrupts x (N, C, H, W) at a level in [0, highest]."""

    name: str
    title: str
    symbol: str
    apply: Callable[[Tensor, float, torch.Generator], Tensor]
    levels: tuple[float, ...]  # the levels that denoisers are trained at
    highest: float

    def knob(self, frames: int = 21) -> tuple[float, ...]:
        """The levels of the noise slider, evenly spaced from 0 to the highest; each trained level is one of them."""
        return tuple(round(k * self.highest / (frames - 1), 6) for k in range(frames))


def zero_pixels(x: Tensor, fraction: float, generator: torch.Generator) -> Tensor:
    """Set a random fraction of the pixels to zero, all channels of a pixel together.

    x: (N, C, H, W); fraction in [0, 1]. A pixel is zeroed where its uniform number lies below the fraction, so with
    the same seed the pixels zeroed at a small fraction are among those zeroed at a larger one.
    """
    n, _, height, width = x.shape
    uniform = torch.rand((n, 1, height, width), generator=generator, device=generator.device).to(x.device)
    return x * (uniform >= fraction)


def add_gaussian(x: Tensor, std: float, generator: torch.Generator) -> Tensor:
    """Add normal noise to each value of x (N, C, H, W); std in units of the pixel range 0 to 1."""
    return x + std * torch.randn(x.shape, generator=generator, device=generator.device).to(x.device)


NOISES = {
    "zeroing": Noise("zeroing", "Zeroing", "ν", zero_pixels, levels=(0.1, 0.25, 0.4, 0.55, 0.7), highest=1.0),
    "gaussian": Noise("gaussian", "Gaussian", "σ", add_gaussian, levels=(0.1, 0.2, 0.3, 0.4, 0.5), highest=0.5),
}


MASK_RATIOS = (0.25, 0.5, 0.75, 0.9)  # the ratios that masked autoencoders are trained at
MASK_KNOB = tuple(round(0.05 * k, 2) for k in range(20))  # the ratios of the mask slider


def get_noise(name: str) -> Noise:
    """The row of NOISES with this name; ValueError lists the names that exist."""
    if name not in NOISES:
        raise ValueError(f"noise {name!r} is unknown; choose one of {', '.join(NOISES)}")
    return NOISES[name]


def corrupt(x: Tensor, noise: str, level: float, seed: int) -> Tensor:
    """x (N, C, H, W) with the named noise at `level`; the same seed gives the same field at each level."""
    kind = get_noise(noise)
    if not 0 <= level <= kind.highest:
        raise ValueError(f"{noise} level must lie between 0 and {kind.highest:g}, got {level!r}")
    return kind.apply(x, level, torch.Generator().manual_seed(seed))


def patch_order(patches: int, seed: int) -> Tensor:
    """The order in which patches are removed as the mask ratio grows: a permutation of range(patches), int64."""
    return torch.randperm(patches, generator=torch.Generator().manual_seed(seed))


def removed_patches(patches: int, mask_ratio: float) -> int:
    """How many of the patches a mask ratio removes; at least one patch stays visible."""
    if not 0 <= mask_ratio < 1:
        raise ValueError(f"mask_ratio must lie in [0, 1), got {mask_ratio!r}")
    return min(round(mask_ratio * patches), patches - 1)


def patch_mask(grid: tuple[int, int], mask_ratio: float, seed: int) -> Tensor:
    """A random mask over a grid of patches, float32 (h, w): 1 = removed, 0 = visible. Masks of one seed nest."""
    order = patch_order(grid[0] * grid[1], seed)
    mask = torch.zeros(grid[0] * grid[1])
    mask[order[: removed_patches(len(order), mask_ratio)]] = 1
    return mask.view(grid)
