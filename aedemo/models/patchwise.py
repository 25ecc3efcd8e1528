"""Images as patches: cutting and joining, masks over patches, and a dense model applied to every patch."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import torch
from torch import Tensor

OVERLAP = 4  # patches a side that cover a pixel, where they overlap: nearly all that more of them would win
PART = 1024  # patches that go through a model at once: their codes stay in a cache


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
    """What a model reconstructions that was shown some of the patches only.

    output: (N, C, H, W), of every patch, not clamped
    mask:   (N, 1, h, w) over patches, 1 = removed
    """

    output: Tensor
    mask: Tensor


class Patchwise:
    """encode / decode / call on whole images, patch by patch; an image as large as the input is one patch.

    stride: from one patch to the next, in pixels: the patch's size, so that they lie side by side, unless given. With a
    smaller one, which must divide the size, patches overlap, and the reconstruction of a pixel is the mean over all
    patches that cover it, as in Elad and Aharon, Image denoising via sparse and redundant representations (2006).
    Images whose sides are no multiples of the patch are continued by reflection and cut again.
    Raises ValueError for a stride that does not divide the size.
    """

    def __init__(self, model: torch.nn.Module, stride: int | None = None):
        self.model = model
        self.size = model.input_shape[1]
        self.stride = self.size if stride is None else stride
        if not 0 < self.stride <= self.size or self.size % self.stride:
            raise ValueError(f"stride must divide the patch size {self.size}, got {stride}")

    def patches(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, P, C, size, size), what the model sees of each image, row by row."""
        x = _continue(x, self.size)
        if self.stride == self.size:
            return patchify(x, self.size)
        windows = x.unfold(2, self.size, self.stride).unfold(3, self.size, self.stride)  # (N, C, h, w, size, size)
        return windows.permute(0, 2, 3, 1, 4, 5).flatten(1, 2)

    def encode(self, x: Tensor, **options) -> Tensor:
        """(N, C, H, W) -> (N, P, M), a code for each patch."""
        patches = self.patches(x)
        return self.model.encode(patches.flatten(0, 1), **options).unflatten(0, patches.shape[:2])

    def decode(self, z: Tensor, height: int, width: int) -> Tensor:
        """(N, P, M) -> (N, C, height, width)."""
        return self.join(self.model.decode(z.flatten(0, 1)).unflatten(0, z.shape[:2]), height, width)

    def __call__(self, x: Tensor, **options) -> Tensor:
        """The reconstruction of each image, (N, C, H, W), some patches at a time."""
        patches = self.patches(x)
        parts = [self.model.decode(self.model.encode(part, **options)) for part in patches.flatten(0, 1).split(PART)]
        return self.join(torch.cat(parts).unflatten(0, patches.shape[:2]), *x.shape[-2:])

    def first_layer(self, x: Tensor) -> Tensor:
        """What the model's first layer gives, (N, C, H, W) -> (N, P, H), affine in x."""
        patches = self.patches(x)
        return self.model.first_layer(patches.flatten(0, 1)).unflatten(0, patches.shape[:2])

    def between(self, ends: Tensor, weight: float, height: int, width: int, **options) -> Tensor:
        """The reconstruction (1, C, height, width) of (1 − weight) · x₀ + weight · x₁.

        ends: what `first_layer` gives of both images, (2, P, H), so that it need not see each image between them.
        """
        parts = [
            self.model.from_first_layer(torch.lerp(first, last, weight), **options)
            for first, last in zip(*(end.split(PART) for end in ends), strict=True)
        ]
        return self.join(torch.cat(parts)[None], height, width)

    def join(self, patches: Tensor, height: int, width: int) -> Tensor:
        """(N, P, C, size, size) as `patches` cut them -> (N, C, height, width)."""
        rows, columns = (-(-side // self.size) * self.size for side in (height, width))
        if self.stride == self.size:
            x = unpatchify(patches, (rows // self.size, columns // self.size))
        else:
            x = self._mean(patches, rows, columns)
        return x[..., :height, :width]

    def _mean(self, patches: Tensor, height: int, width: int) -> Tensor:
        """The mean over the patches (N, P, C, size, size) that cover each pixel of (N, C, height, width).

        Every patch whose place differs by whole patches lies side by side with it: so each of the (size / stride)²
        tilings is joined and added where it lies. Sums are of float64: a mean of equal numbers is that number.
        """
        steps, side = self.size // self.stride, self.size
        grid = patches.unflatten(1, [(length - side) // self.stride + 1 for length in (height, width)])
        total = patches.new_zeros((len(patches), patches.shape[2], height, width), dtype=torch.float64)
        count = total.new_zeros((height, width))
        for down, right in product(range(steps), repeat=2):
            tiling = grid[:, down::steps, right::steps].permute(0, 3, 1, 4, 2, 5)  # (N, C, h, size, w, size)
            h, w = tiling.shape[2], tiling.shape[4]
            rows, columns = (
                slice(first * self.stride, first * self.stride + n * side) for first, n in ((down, h), (right, w))
            )
            total[:, :, rows, columns].unflatten(2, (h, side)).unflatten(4, (w, side)).add_(tiling)
            count[rows, columns] += 1
        return (total / count).to(patches.dtype)


def _continue(x: Tensor, size: int) -> Tensor:
    for axis in (-2, -1):
        length = x.shape[axis]
        if length % size:
            period = 2 * (length - 1)  # F.pad reflects once only, so not an image smaller than half a patch
            places = torch.arange(length - length % -size, device=x.device) % max(period, 1)
            x = x.index_select(axis, torch.minimum(places, period - places))
    return x
