"""What somebody without a neural network would take to denoise a photograph: scikit-image's non-local means.

Each pixel becomes a mean of pixels whose surroundings look alike, wherever they lie nearby.
Buades, Coll and Morel, A non-local algorithm for image denoising (2005).
"""

from __future__ import annotations

import torch
from torch import Tensor

PATCH_SIZE, PATCH_DISTANCE = 5, 6  # in pixels; with CUT_OFF, h in units of σ, best on 16 training photographs
CUT_OFF = 0.6


def nonlocal_means(x: Tensor, std: float) -> Tensor:
    """Photographs x (N, C, H, W) under Gaussian noise of a known standard deviation, denoised, in the same shape."""
    from skimage.restoration import denoise_nl_means  # takes long to import, and few need it

    if not std:
        return x
    numbers = {"patch_size": PATCH_SIZE, "patch_distance": PATCH_DISTANCE, "h": CUT_OFF * std, "sigma": std}
    return torch.stack(
        [torch.from_numpy(denoise_nl_means(image.numpy(), channel_axis=0, **numbers)) for image in x]
    ).to(x.dtype)
