"""The images that tests measure on, read once; a test whose images are not on this machine is skipped.

Nothing is fetched: a test run on a machine without the data neither waits for a network nor fills a disk.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from torch import Tensor, nn

from aedemo import datasets
from aedemo.training.evaluate import whole_images


@cache
def inputs(dataset: str, split: str) -> Tensor:
    """What a dense variant sees, float32 (N, C, H, W)."""
    return _at_hand(dataset, lambda: datasets.load_inputs(dataset, split).images)


@cache
def images(dataset: str, split: str) -> Tensor:
    """Whole images at the size of the masked variant, float32 (N, C, H, W)."""
    return _at_hand(dataset, lambda: whole_images(dataset, split))


@cache
def labelled(dataset: str, split: str) -> datasets.Images:
    """Images as they are read, with their labels."""
    return _at_hand(dataset, lambda: datasets.load(dataset, split))


@cache
def reference(dataset: str) -> PCA:
    """scikit-learn's PCA of the training inputs with all components, in float64: what claims are held against."""
    return PCA(svd_solver="covariance_eigh").fit(inputs(dataset, "train").flatten(1).double().numpy())


@cache
def projection_errors(dataset: str, split: str) -> np.ndarray:
    """(D + 1,): PCA's squared error with k components, summed over the inputs, averaged over the split."""
    x = inputs(dataset, split).flatten(1)
    squares = sum(np.square(reference(dataset).transform(part.double().numpy())).sum(0) for part in x.split(20_000))
    return np.append(np.cumsum((squares / len(x))[::-1])[::-1], 0.0)


@torch.no_grad()
def squared_error(answer: Callable[[Tensor], Tensor] | nn.Module, x: Tensor, target: Tensor | None = None) -> float:
    """Squared error of answer(x) against the target (x itself unless given), summed over inputs, averaged over x."""
    parts = zip(x.split(500), (x if target is None else target).split(500), strict=True)  # small enough for a cache
    return sum((answer(a).double() - b).square().sum().item() for a, b in parts) / len(x)


def _at_hand(dataset: str, read: Callable):
    try:
        return read()
    except datasets.DataSetUnavailable as error:
        pytest.skip(f"the images of {dataset} are not at hand: {error}")
