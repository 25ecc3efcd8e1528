"""Images that have a class: those that the encoder used to classify learns from, and is tested on."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from aedemo import datasets
from aedemo.training.fit import resized


@dataclass(frozen=True)
class Labelled:
    """Whole images of one split at the masked variant's size.

    images:  (N, C, H, W), float32 in [0, 1], or uint8
    labels:  (N,) int64, indices into `classes`
    classes: the names of the classes
    """

    images: Tensor
    labels: Tensor
    classes: tuple[str, ...]


def class_names(dataset: str) -> tuple[str, ...]:
    """The classes of a data set that are told apart; ValueError where there are fewer than two, or no such data set."""
    row = datasets.get(dataset)
    names = tuple(name for name in row.classes if name not in row.not_classified)
    if len(names) < 2:
        raise ValueError(f"{dataset} has the one class {', '.join(names)}: a classifier needs two to tell apart")
    return names


def labelled(dataset: str, split: str) -> Labelled:
    """The images of a split that have one of the classes.

    Raises ValueError as `class_names`, and DataSetUnavailable where the images cannot be had.
    """
    names, all_names = class_names(dataset), datasets.get(dataset).classes
    found = datasets.load(dataset, split)
    number = torch.tensor([names.index(name) if name in names else -1 for name in all_names])
    labels = number[found.labels]
    size = datasets.get(dataset).image_shape[1:]
    parts = zip(found.images.split(1000), (labels >= 0).split(1000), strict=True)
    images = torch.cat([resized(part[kept], size) for part, kept in parts if kept.any()])
    return Labelled(images, labels[labels >= 0], names)


def draw(data: Labelled, count: int | None, seed: int) -> Labelled:
    """`count` images of each class, or all that a class has where it has fewer; None: all images.

    The seed says which; a larger count holds the images of a smaller one.
    """
    if count is None:
        return data
    order = torch.randperm(len(data.labels), generator=torch.Generator().manual_seed(seed))
    chosen = torch.cat([order[data.labels[order] == k][:count] for k in range(len(data.classes))]).sort().values
    return Labelled(data.images[chosen], data.labels[chosen], data.classes)
