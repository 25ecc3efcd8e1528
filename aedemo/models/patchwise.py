"""Pictures as patches: cutting and joining, masks over patches, and a dense model applied to every patch."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


def patchify(x: Tensor, size: int) -> Tensor:
    """Cut (N, C, H, W) into patches (N, h·w, C, size, size), row by row; H and W must be multiples of size."""
    n, channels, height, width = x.shape
    if height % size or width % size:
        raise ValueError(f"height and width must be multiples of {size}, got {height}×{width}")
    x = x.view(n, channels, height // size, size, width // size, size)
    return x.permute(0, 2, 4, 1, 3, 5).reshape(n, -1, channels, size, size)


def unpatchify(patches: Tensor, grid: tuple[int, int]) -> Tensor:
    """The inverse of patchify: (N, h·w, C, size, size) and the grid (h, w) -> (N, C, h·size, w·size)."""
    n, _, channels, size, _ = patches.shape
    x = patches.view(n, *grid, channels, size, size).permute(0, 3, 1, 4, 2, 5)
    return x.reshape(n, channels, grid[0] * size, grid[1] * size)


def pixel_mask(mask: Tensor, patch_size: int) -> Tensor:
    """A mask over patches (N, 1, h, w) as a mask over pixels (N, 1, H, W)."""
    return mask.repeat_interleave(patch_size, dim=-2).repeat_interleave(patch_size, dim=-1)


@dataclass(frozen=True)
class Reconstruction:
    """What a model answers that was shown some of the patches only.

    output: (N, C, H, W), drawn for every patch, not clamped
    mask:   (N, 1, h, w) over patches, 1 = removed
    """

    output: Tensor
    mask: Tensor


class Patchwise:
    """encode / decode / call on whole pictures, patch by patch; a picture as large as the input is one patch.

    Pictures whose sides are no multiples of the patch are continued by reflection and cut again.
    """

    def __init__(self, model: torch.nn.Module):
        self.model = model
        self.size = model.input_shape[1]

    def patches(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, h·w, C, size, size), what the model sees of each picture."""
        return patchify(_continue(x, self.size), self.size)

    def encode(self, x: Tensor, **knobs) -> Tensor:
        """(N, C, H, W) -> (N, h·w, M), a code for each patch."""
        patches = self.patches(x)
        return self.model.encode(patches.flatten(0, 1), **knobs).unflatten(0, patches.shape[:2])

    def decode(self, z: Tensor, height: int, width: int) -> Tensor:
        """(N, h·w, M) -> (N, C, height, width)."""
        grid = (-(-height // self.size), -(-width // self.size))
        patches = self.model.decode(z.flatten(0, 1)).unflatten(0, z.shape[:2])
        return unpatchify(patches, grid)[..., :height, :width]

    def __call__(self, x: Tensor, **knobs) -> Tensor:
        return self.decode(self.encode(x, **knobs), *x.shape[-2:])


def _continue(x: Tensor, size: int) -> Tensor:
    for axis in (-2, -1):
        length = x.shape[axis]
        if length % size:
            period = 2 * (length - 1)  # F.pad reflects once only, so not a picture smaller than half a patch
            places = torch.arange(length - length % -size, device=x.device) % max(period, 1)
            x = x.index_select(axis, torch.minimum(places, period - places))
    return x
