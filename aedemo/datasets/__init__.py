"""The data sets: what each one is, and how its pictures become tensors.

A data set has two shapes. `shape` is what a dense variant sees: a whole picture of digits, MNIST or Fashion-MNIST, but
one 8×8 patch of a photograph (models/patchwise.py puts the patches together again). `picture_shape` is what the masked
autoencoder sees: always the whole picture.
"""

from __future__ import annotations

import re
from functools import lru_cache

import torch

from aedemo.datasets.rows import (
    SPLITS,
    DataSet,
    DataSetUnavailable,
    Framing,
    Pictures,
    Report,
    cache_folder,
    data_folder,
)
from aedemo.datasets.sources import PHOTO_CLASSES, fetch_torchvision, read_digits, read_idx, read_photos

__all__ = [
    "DATASETS",
    "OWN",
    "SPLITS",
    "DataSet",
    "DataSetUnavailable",
    "Framing",
    "Pictures",
    "Report",
    "add",
    "at_hand",
    "cache_folder",
    "data_folder",
    "evenly_spread",
    "fetch",
    "get",
    "load",
    "load_inputs",
    "may_be_own",
    "sample_patches",
    "stratified_sample",
    "test_sample",
]
TRAIN_PATCHES, TEST_PATCHES = 200_000, 20_000
TEST_SAMPLE = 2000


def get(name: str) -> DataSet:
    """The row with this name, of DATASETS or of one's own; ValueError lists the names that exist."""
    row = DATASETS.get(name) or OWN.get(name)
    if row is None:
        raise ValueError(f"data set {name!r} is unknown; choose one of {', '.join((*DATASETS, *OWN))}")
    return row


def may_be_own(name: str) -> bool:
    """Whether a data set of one's own can have this name, which is a folder's name too."""
    return bool(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", name)) and name.lower() not in DATASETS


def add(row: DataSet) -> None:
    """Make a data set of one's own known, in the place of any other with its name; ValueError for a bad name."""
    if not may_be_own(row.name):
        raise ValueError(
            f"a data set of one's own cannot be named {row.name!r}: take up to 40 letters, digits, - and _, "
            f"and none of {', '.join(DATASETS)}"
        )
    if OWN.get(row.name) != row:
        OWN[row.name] = row
        for read in (load, load_inputs, test_sample):
            read.cache_clear()


def at_hand(name: str) -> bool:
    """Whether the pictures of a data set can be read; ValueError for an unknown name."""
    get(name)
    try:
        load(name, "test")
    except DataSetUnavailable:
        return False
    return True


def fetch(name: str, report: Report = lambda arrived: None) -> None:
    """Fetch the pictures of a data set into the data folder; `report` is told how many bytes have arrived.

    Raises ValueError where nothing is to be fetched, DataSetUnavailable where it cannot be had, and whatever
    `report` raises.
    """
    row = get(name)
    if row.fetch is None:
        raise ValueError(f"{name} is not fetched from anywhere: {row.source}")
    row.fetch(report)


@lru_cache(maxsize=4)
def load(name: str, split: str) -> Pictures:
    """Whole pictures of a split ("train" or "test"); photographs come as uint8 (N, 3, 112, 112), the others as float32.

    Raises ValueError for an unknown name or split, DataSetUnavailable where the pictures cannot be had.
    """
    dataset = get(name)
    if split not in SPLITS:
        raise ValueError(f"split {split!r} is unknown; choose one of {', '.join(SPLITS)}")
    return dataset.read(split)


@lru_cache(maxsize=4)
def test_sample(name: str) -> Pictures:
    """At most 2,000 whole test pictures, the same as those of the latent maps, float32 (N, C, H, W) in [0, 1]."""
    test = load(name, "test")
    chosen = stratified_sample(test.labels)
    images = test.images[chosen]
    return Pictures(images if images.is_floating_point() else images.float() / 255, test.labels[chosen])


def stratified_sample(labels: torch.Tensor) -> torch.Tensor:
    """Indices, rising, of at most 2,000 of the labels (N,), the classes in proportion, unless one has one member."""
    if len(labels) <= TEST_SAMPLE:
        return torch.arange(len(labels))
    from sklearn.model_selection import StratifiedShuffleSplit

    counts = labels.bincount()
    counts = counts[counts > 0]
    if counts.min() < 2 or len(counts) > min(TEST_SAMPLE, len(labels) - TEST_SAMPLE):
        chosen = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))[:TEST_SAMPLE]
    else:
        split = StratifiedShuffleSplit(1, train_size=TEST_SAMPLE, random_state=0)
        chosen = torch.from_numpy(next(split.split(labels, labels))[0])
    return chosen.sort().values


def evenly_spread(count: int, most: int) -> torch.Tensor:
    """Indices of at most `most` of `count` pictures, from the first to the last: photographs come class by class."""
    return torch.linspace(0, count - 1, min(most, count)).round().long()


@lru_cache(maxsize=4)
def load_inputs(name: str, split: str) -> Pictures:
    """What a dense variant trains on, float32 (N, *shape): whole pictures, or a fixed random sample of patches."""
    pictures = load(name, split)
    dataset = get(name)
    if not dataset.patchwise:
        return pictures
    count = TRAIN_PATCHES if split == "train" else TEST_PATCHES
    return sample_patches(pictures, size=dataset.shape[1], count=count, seed=SPLITS.index(split))


def sample_patches(pictures: Pictures, size: int, count: int, seed: int) -> Pictures:
    """`count` patches, each from a random picture and place: float32 (count, C, size, size) in [0, 1].

    A patch keeps the label of the photograph it was cut from.
    """
    generator = torch.Generator().manual_seed(seed)
    n, channels, height, width = pictures.images.shape
    index = torch.randint(n, (count,), generator=generator)
    top = torch.randint(height - size + 1, (count,), generator=generator)
    left = torch.randint(width - size + 1, (count,), generator=generator)
    rows = top[:, None] + torch.arange(size)  # (count, size)
    columns = left[:, None] + torch.arange(size)
    patches = pictures.images[
        index[:, None, None, None],
        torch.arange(channels)[None, :, None, None],
        rows[:, None, :, None],
        columns[:, None, None, :],
    ]
    return Pictures(patches.float() / 255, pictures.labels[index])


def _rows(*rows: DataSet) -> dict[str, DataSet]:
    return {row.name: row for row in rows}


DIGIT_CLASSES = tuple("0123456789")
DATASETS = _rows(
    DataSet(
        name="photos",
        title="Photos",
        shape=(3, 8, 8),
        picture_shape=(3, 96, 96),
        classes=PHOTO_CLASSES,
        licence="each photograph keeps its own",
        source="photographs that scikit-learn and scikit-image carry, and your own",
        read=read_photos,
    ),
    DataSet(
        name="mnist",
        title="MNIST",
        shape=(1, 28, 28),
        picture_shape=(1, 28, 28),
        classes=DIGIT_CLASSES,
        licence="CC BY-SA 3.0",
        source="LeCun, Cortes and Burges",
        read=read_idx("MNIST"),
        travels=True,
        fetch=fetch_torchvision("MNIST"),
        megabytes=11.6,
        framing=Framing(box=20, strokes=True, by_mass=True, stroke=2.44),
    ),
    DataSet(
        name="fashion",
        title="Fashion",
        shape=(1, 28, 28),
        picture_shape=(1, 28, 28),
        classes=(
            *("T-shirt", "trousers", "pullover", "dress", "coat"),
            *("sandal", "shirt", "sneaker", "bag", "ankle boot"),
        ),
        licence="MIT",
        source="Zalando Research",
        read=read_idx("FashionMNIST"),
        travels=True,
        fetch=fetch_torchvision("FashionMNIST"),
        megabytes=30.9,
        framing=Framing(box=28, strokes=False, by_mass=False),
    ),
    DataSet(
        name="digits",
        title="Digits",
        shape=(1, 8, 8),
        picture_shape=(1, 8, 8),
        classes=DIGIT_CLASSES,
        licence="CC BY 4.0",
        source="Alpaydin and Kaynak (UCI), carried by scikit-learn",
        read=read_digits,
        framing=Framing(box=8, strokes=True, by_mass=False, widths=(2, 7)),
    ),
)

OWN: dict[str, DataSet] = {}  # filled by `add`
