"""The same things as explore computes, done the long way: patches cut in loops, one frame at a time."""

from __future__ import annotations

import numpy as np
import sklearn.decomposition
import torch
from torch import Tensor, nn

from aedemo import checkpoints, datasets
from aedemo.explore.gallery import find, gallery
from tests.data import labelled

ALL_DATASETS = tuple(checkpoints.available())
# The first of each shape: a second like it goes the same ways and would double the time.
DATASETS = tuple({datasets.get(name).shape: name for name in ALL_DATASETS[::-1]}.values())[::-1]
SEED, OTHER_SEED = 3, 4


def identity(dataset: str, index: int = 2) -> str:
    """An image of the gallery; a data set whose images are not on this machine skips the test."""
    if not datasets.get(dataset).patchwise:
        labelled(dataset, "test")
    return f"gallery:{gallery(dataset)[index].id}"


def chosen(dataset: str) -> Tensor:
    """That image, float32 (1, C, H, W)."""
    return find(dataset, identity(dataset))


def cut(x: np.ndarray, size: int) -> list[np.ndarray]:
    """(C, H, W) -> its patches (C, size, size), row by row."""
    _, height, width = x.shape
    places = [(top, left) for top in range(0, height, size) for left in range(0, width, size)]
    return [x[:, top : top + size, left : left + size] for top, left in places]


def join(patches: list[np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    """The inverse of cut, for an image of this shape."""
    size, left_over = patches[0].shape[1], iter(patches)
    x = np.full(shape, np.nan, np.float32)
    for top in range(0, shape[1], size):
        for left in range(0, shape[2], size):
            x[:, top : top + size, left : left + size] = next(left_over)
    return x


def patch_batch(model: nn.Module, x: Tensor) -> Tensor:
    """The patches of x (1, C, H, W) that a dense model sees, (P, C, h, w); a small image is one patch."""
    return torch.from_numpy(np.stack(cut(x[0].numpy(), model.input_shape[1])))


@torch.no_grad()
def codes(model: nn.Module, x: Tensor) -> np.ndarray:
    """(P, M), a code for each patch."""
    return model.encode(patch_batch(model, x)).numpy()


@torch.no_grad()
def reconstruction(model: nn.Module, x: Tensor) -> np.ndarray:
    """A dense model's reconstruction of x (1, C, H, W): (C, H, W)."""
    return join(list(model(patch_batch(model, x)).numpy()), tuple(x.shape[1:]))


def pca_reconstruction(dataset: str, x: Tensor, components: int) -> np.ndarray:
    """x (1, C, H, W) through scikit-learn's own transform and inverse_transform, patch by patch: (C, H, W).

    Its numbers are the stored ones, of which tests/claims holds that they are scikit-learn's fit.
    """
    sweep = checkpoints.load(dataset, "pca")
    stored = sweep[sweep.values[-1]]
    pca = sklearn.decomposition.PCA(components)
    pca.components_, pca.mean_ = stored.components[:components].double().numpy(), stored.mean.double().numpy()
    pca.explained_variance_ = stored.explained_variance[:components].double().numpy()
    patches = patch_batch(stored, x)
    drawn = pca.inverse_transform(pca.transform(patches.flatten(1).double().numpy()))
    return join(list(drawn.reshape(patches.shape)), tuple(x.shape[1:]))


def assert_frames(frames: np.ndarray, expected: list[np.ndarray], atol: float = 1e-5) -> None:
    """Frames (F, C, H, W) are float32 and equal those computed one by one."""
    assert frames.dtype == np.float32
    assert frames.shape == (len(expected), *expected[0].shape)
    np.testing.assert_allclose(frames, np.stack(expected), atol=atol, rtol=0)
