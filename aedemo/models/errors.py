"""The reconstruction error of whole images, one number each, by which an image is ranked among many."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from aedemo.models.masked import Masked
from aedemo.models.patchwise import Patchwise, pixel_mask
from aedemo.models.pca import ProbabilisticPCA

MASK_SEED = 0  # every image under the same mask, so that ranks speak of images and not of masks
BATCH = 250


@torch.no_grad()
def image_errors(model: nn.Module, x: Tensor) -> Tensor:
    """(N, C, H, W) -> (N,): a dense model's squared error summed over its inputs, averaged over an image's patches.

    Of a model that fills in removed patches: the squared error per value on those, at the ratio it was trained at (75 %
    for PCA imputation), under one mask for all.
    """
    return torch.cat([_errors(model, part) for part in x.split(BATCH)])


def _errors(model: nn.Module, x: Tensor) -> Tensor:
    if isinstance(model, Masked | ProbabilisticPCA):
        reconstruction = model.reconstruct(x, seed=MASK_SEED)
        removed = pixel_mask(reconstruction.mask, model.patch_size)
        error = (reconstruction.output - x).square().mean(1, keepdim=True)
        return (error * removed).flatten(1).sum(1) / removed.flatten(1).sum(1)
    patchwise = Patchwise(model)
    patches = -(-x.shape[2] // patchwise.size) * -(-x.shape[3] // patchwise.size)
    return (patchwise(x) - x).square().flatten(1).sum(1) / patches
