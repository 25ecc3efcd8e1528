"""What is done to an image before an autoencoder sees it: pixels set to zero, Gaussian noise, patches removed.

Randomness is one field per seed: uniform or normal numbers for the noises, one order in which patches are removed. A
slider only scales or cuts that field: each position of the slider differs from the next in one thing, and masks nest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Noise:
    """One kind of noise: `apply(x, level, generator)` corrupts x (N, C, H, W) at a level in [0, highest].

    additive: whether it adds the level times one field, so that images at all levels lie on a line
    """

    name: str
    title: str
    symbol: str
    apply: Callable[[Tensor, float, torch.Generator], Tensor]
    levels: tuple[float, ...]  # the levels that denoisers are trained at
    highest: float
    additive: bool = False

    def test_levels(self, frames: int = 21) -> tuple[float, ...]:
        """The levels of the noise slider, evenly spaced from 0 to the highest; each trained level is one of them."""
        return tuple(round(k * self.highest / (frames - 1), 6) for k in range(frames))


def percent(ratio: float) -> str:
    """0.75 -> "75 %"."""
    return f"{100 * ratio:.0f} %"


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
    "masking": Noise("masking", "Masking", "ν", zero_pixels, levels=(0.1, 0.25, 0.4, 0.55, 0.7), highest=1.0),
    "gaussian": Noise("gaussian", "Gaussian", "σ", add_gaussian, (0.1, 0.2, 0.3, 0.4, 0.5), 0.5, additive=True),
}


MASK_RATIOS = (0.25, 0.5, 0.75, 0.9)  # the ratios that masked autoencoders are trained at
KIND_RATIOS = (0.5, 0.75)  # those at which the kinds of mask are compared
TEST_MASK_RATIOS = tuple(round(0.05 * k, 2) for k in range(20))  # the ratios of the mask slider


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


@dataclass(frozen=True)
class MaskKind:
    """A way to choose patches: `order(grid, seed)` is the order in which they are removed as the mask ratio grows.

    order: (h, w), seed -> a permutation of range(h·w), int64
    """

    name: str
    title: str
    order: Callable[[tuple[int, int], int], Tensor]


def _at_random(grid: tuple[int, int], seed: int) -> Tensor:
    return torch.randperm(grid[0] * grid[1], generator=torch.Generator().manual_seed(seed))


def _block_by_block(grid: tuple[int, int], seed: int) -> Tensor:
    """A square that grows around a patch somewhere in the middle; patches equally far away come in random order."""
    generator = torch.Generator().manual_seed(seed)
    middle = [length // 4 + int(torch.randint(max(1, length // 2), (), generator=generator)) for length in grid]
    rows, columns = _places(grid)
    distance = torch.maximum((rows - middle[0]).abs(), (columns - middle[1]).abs())
    return (distance + torch.rand(len(distance), generator=generator)).argsort()


def _grid_by_grid(grid: tuple[int, int], seed: int) -> Tensor:
    """What stays is spread evenly: every second patch at one half, one of each 2×2 at three quarters.

    The thresholds of ordered dithering (Bayer, An optimum method for two-level rendition of continuous-tone images,
    1973), at a place of the pattern that the seed chooses.
    """
    shift = torch.randint(16, (2,), generator=torch.Generator().manual_seed(seed))
    rows, columns = (places + by for places, by in zip(_places(grid), shift, strict=True))
    threshold = torch.zeros_like(rows)
    for bit in range(max(grid).bit_length() + 1):  # the lowest bits, which tell neighbours apart, weigh most
        row, column = rows >> bit & 1, columns >> bit & 1
        threshold = 4 * threshold + 2 * (row ^ column) + row
    return threshold.argsort(stable=True)


def _places(grid: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """The row and the column of each patch, int64 (h·w,) each."""
    place = torch.arange(grid[0] * grid[1])
    return place // grid[1], place % grid[1]


MASK_KINDS = {
    kind.name: kind
    for kind in (
        MaskKind("random", "Random", _at_random),
        MaskKind("block", "Block", _block_by_block),
        MaskKind("grid", "Grid", _grid_by_grid),
    )
}


def removed_patches(patches: int, mask_ratio: float) -> int:
    """How many of the patches a mask ratio removes; at least one patch stays visible."""
    if not 0 <= mask_ratio < 1:
        raise ValueError(f"mask_ratio must lie in [0, 1), got {mask_ratio!r}")
    return min(round(mask_ratio * patches), patches - 1)


def patch_mask(grid: tuple[int, int], mask_ratio: float, seed: int, kind: str = "random") -> Tensor:
    """A mask over a grid of patches, float32 (h, w): 1 = removed, 0 = visible. Masks of one seed and kind nest.

    Raises ValueError for a ratio outside [0, 1) or a kind that MASK_KINDS does not have.
    """
    if kind not in MASK_KINDS:
        raise ValueError(f"mask {kind!r} is unknown; choose one of {', '.join(MASK_KINDS)}")
    order = MASK_KINDS[kind].order(grid, seed)
    mask = torch.zeros(grid[0] * grid[1])
    mask[order[: removed_patches(len(order), mask_ratio)]] = 1
    return mask.view(grid)
