"""How thick strokes are, and strokes as thick as those of a data set."""

from __future__ import annotations

import numpy as np
import torch
from scipy import ndimage
from skimage.morphology import skeletonize
from torch import Tensor

from aedemo.uploads.placing import fit_box

THIN, THICK = 0.45, 1.9  # of the mean: 98 of 100 images of MNIST have a width in between
FINE = 8  # times the data set's pixels: how finely strokes are measured and made thicker


def stroke_width(mask: np.ndarray) -> float:
    """The mean width of strokes (H, W) in pixels, 0 where there are none: twice the way from their skeleton out."""
    padded = np.pad(mask, 1)
    skeleton = skeletonize(padded)
    return float(2 * ndimage.distance_transform_edt(padded)[skeleton].mean() - 1) if skeleton.any() else 0.0


def with_stroke_width(x: Tensor, box: int, mean: float) -> Tensor:
    """Strokes x (1, h, w) that are thinner or thicker than a data set has them, with its mean width in its box.

    x itself where they are neither.
    """
    mask = fit_box(x, FINE * box)[0].numpy() > 0.5
    width = stroke_width(mask) / FINE
    if THIN * mean <= width <= THICK * mean:
        return x
    # Strokes that grow by r on each side enlarge their rectangle too, and all is then fitted into the box: in its
    # pixels (w + 2r) · L / (L + 2r) shall be the mean, where L is the box.
    grow = FINE * (mean - width) / (1 - mean / box) / 2
    mask = np.pad(mask, max(0, int(grow)) + 2)
    distance = ndimage.distance_transform_edt(mask) - ndimage.distance_transform_edt(~mask)
    distance -= 0.5 * np.sign(distance)  # to the edge, which lies between two pixels
    return torch.from_numpy((distance + grow + 0.5).clip(0, 1).astype(np.float32))[None]
