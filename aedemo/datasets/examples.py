"""What the networks of the Training tab learn from: points, digits, or user images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from aedemo import datasets
from aedemo.datasets.points import POINT_SETS, load_points

MOVING_POINTS = 400  # training examples whose codes and reconstructions every snapshot has
SHOWN_IMAGES = 8  # test images whose reconstructions it has
MIN_IMAGES, MAX_IMAGES = 4, 200
IMAGE_SHAPES = ((1, 16, 16), (3, 16, 16))


@dataclass(frozen=True, eq=False)
class Examples:
    """The training and the test split; points are (N, 1, 1, D), images (N, C, H, W) in [0, 1]; float32.

    moving:      the training examples whose codes are shown, the first 400
    shown:       the examples whose reconstructions are shown: of points the same 400, of images 8 of the test split
    colours:     (N,) in [0, 1] for training points: where each lies on its curve or sheet; None of images
    labels:      (N,) classes of training images; None of points and of a user's images
    coordinates: (400, 1 or 2) of `moving` on an open curve or sheet; None of the others
    """

    train: Tensor
    test: Tensor
    shown: Tensor
    colours: np.ndarray | None = None
    labels: np.ndarray | None = None
    coordinates: Tensor | None = None

    @property
    def moving(self) -> Tensor:
        return self.train[:MOVING_POINTS]

    @property
    def points(self) -> bool:
        """True of points, False of images."""
        return self.train.shape[1:3] == (1, 1)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one example as it is shown: (D,) or (C, H, W)."""
        return tuple(self.train.shape[3:] if self.points else self.train.shape[1:])


def load_examples(data: str, noise: float = 0.0, images: Tensor | None = None) -> Examples:
    """A point set at one noise level, the digits, or a user's images (N, C, 16, 16), of which a fifth are for testing.

    Raises ValueError where the images are fewer than 4, more than 200, of another shape, or not in [0, 1].
    """
    if data in POINT_SETS:
        found = load_points(data, noise)
        train, test = (torch.from_numpy(x)[:, None, None] for x in (found.train, found.test))
        known = found.coordinates
        coordinates = None if known is None else torch.from_numpy(known[:MOVING_POINTS])
        return Examples(train, test, train[:MOVING_POINTS], colours=found.colours, coordinates=coordinates)
    if images is not None:
        return _split(images)
    train, test = (datasets.load(data, split) for split in datasets.SPLITS)
    return Examples(train.images, test.images, test.images[:SHOWN_IMAGES], labels=train.labels.numpy())


def _split(images: Tensor) -> Examples:
    """A user's images, split by a permutation that is always the same."""
    if not MIN_IMAGES <= len(images) <= MAX_IMAGES:
        raise ValueError(f"a training run takes {MIN_IMAGES} to {MAX_IMAGES} images, got {len(images)}")
    if tuple(images.shape[1:]) not in IMAGE_SHAPES or images.dtype != torch.float32:
        known = " or ".join(map(str, IMAGE_SHAPES))
        raise ValueError(f"images must be float32 of shape {known} each, got {images.dtype} {tuple(images.shape[1:])}")
    if not (images.min() >= 0 and images.max() <= 1):  # NaN is refused too
        raise ValueError("images must have values from 0 to 1")
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
    count = max(1, len(images) // 5)
    test, train = images[order[:count]], images[order[count:]]
    shown = torch.cat([test, train])[:SHOWN_IMAGES]
    return Examples(train, test, shown)
