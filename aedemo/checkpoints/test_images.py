"""The test images that travel with the sweeps of a data set: those of its latent maps, and two of each class for the
gallery. One PNG, `<folder>/<data set>/test-images.png`, which says itself whose images they are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from torch import Tensor

from aedemo import atomic, datasets
from aedemo.checkpoints.paths import CheckpointError, folder

NAME, COLUMNS, PER_CLASS = "test-images.png", 50, 2
NUMBERS = ("indices", "labels", "sample")


@dataclass(frozen=True)
class TestImages:
    """Test images of one data set, whose models see them whole.

    images:  float32 (N, C, H, W) in [0, 1]
    indices: int64 (N,), where each stands in the test split, rising
    labels:  int64 (N,), indices into the data set's classes
    sample:  int64 (S,), which of the N are those of the latent maps, in the order of the maps
    """

    images: Tensor
    indices: Tensor
    labels: Tensor
    sample: Tensor


def test_images(dataset: str) -> TestImages:
    """Those that are stored, else those of the data set where it is on this machine.

    Raises ValueError for an unknown data set, DataSetUnavailable where they are nowhere, and CheckpointError where the
    file cannot be read.
    """
    datasets.get(dataset)
    path = _path(dataset)
    return read_test_images(path) if path.exists() else _of_data_set(dataset)


def save_test_images(dataset: str) -> Path:
    """Store a data set's test images, so that the page shows them on every machine; the licence must allow it.

    Raises DataSetUnavailable where the data set is not on this machine.
    """
    row, found = datasets.get(dataset), _of_data_set(dataset)
    first = [(found.labels == label).nonzero()[:PER_CLASS, 0] for label in range(len(row.classes))]
    kept = torch.cat([found.sample, *first]).unique()  # rising
    sheet = _sheet((found.images[kept] * 255).round().to(torch.uint8).numpy()[:, 0])
    numbers = {
        "indices": found.indices[kept].tolist(),
        "labels": found.labels[kept].tolist(),
        "sample": torch.searchsorted(kept, found.sample).tolist(),
    }
    notes = PngInfo()
    notes.add_text("Source", f"test images of {row.title}: {row.source}")
    notes.add_text("Copyright", row.licence)
    notes.add_text("aedemo", json.dumps(numbers | {"side": row.shape[1]}, separators=(",", ":")), zip=True)
    read_test_images.cache_clear()
    return atomic.write(
        _path(dataset), lambda path: Image.fromarray(sheet).save(path, "PNG", optimize=True, pnginfo=notes)
    )


def has_test_images(dataset: str) -> bool:
    """Whether test images of a data set are stored."""
    return _path(dataset).exists()


@lru_cache(maxsize=8)
def read_test_images(path: Path) -> TestImages:
    """The images of a file."""
    try:
        with Image.open(path) as image:
            image.load()
            numbers, sheet = json.loads(image.text["aedemo"]), np.asarray(image)
        side, count = numbers["side"], len(numbers["indices"])
        cells = sheet.reshape(-1, side, sheet.shape[1] // side, side).swapaxes(1, 2).reshape(-1, side, side)[:count]
        indices, labels, sample = (torch.tensor(numbers[name]) for name in NUMBERS)
        images = torch.from_numpy(cells.copy())[:, None].float() / 255
        if not len(images) == len(indices) == len(labels) > int(sample.max()):
            raise ValueError("as many images as labels")
    except (OSError, SyntaxError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise CheckpointError(
            f"{'/'.join(path.parts[-2:])} cannot be read: fetch it again, or make it from the data set: "
            f"aedemo evaluate pca --data {path.parent.name}"
        ) from error
    return TestImages(images, indices, labels, sample)


def _of_data_set(dataset: str) -> TestImages:
    test = datasets.load(dataset, "test")
    images = test.images if test.images.is_floating_point() else test.images.float() / 255
    return TestImages(images, torch.arange(len(images)), test.labels, datasets.stratified_sample(test.labels))


def _sheet(images: np.ndarray) -> np.ndarray:
    """uint8 (N, side, side) -> one image with COLUMNS of them in a row."""
    rows, side = -(-len(images) // COLUMNS), images.shape[1]
    cells = np.zeros((rows * COLUMNS, side, side), np.uint8)
    cells[: len(images)] = images
    return cells.reshape(rows, COLUMNS, side, side).swapaxes(1, 2).reshape(rows * side, COLUMNS * side)


def _path(dataset: str) -> Path:
    return folder() / dataset / NAME
