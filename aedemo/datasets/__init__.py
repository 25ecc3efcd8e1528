"""The data sets: what each one is, and how its images become tensors.

A data set has two shapes. `shape` is what a dense variant sees: a whole image of digits, MNIST or Fashion-MNIST, but
one 8×8 patch of a photograph (models/patchwise.py puts the patches together again). `image_shape` is what the masked
autoencoder sees: always the whole image.
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
    Images,
    Report,
    cache_folder,
    data_folder,
)
from aedemo.datasets.sources import PHOTO_CLASSES, fetch_torchvision, read_digits, read_idx, read_photos

__all__ = [
    "CUSTOM",
    "DATASETS",
    "SPLITS",
    "DataSet",
    "DataSetUnavailable",
    "Framing",
    "Images",
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
    """The row with this name, of DATASETS or a custom one; ValueError lists the names that exist."""
    row = DATASETS.get(name) or CUSTOM.get(name)
    if row is None:
        raise ValueError(f"data set {name!r} is unknown; choose one of {', '.join((*DATASETS, *CUSTOM))}")
    return row


def may_be_own(name: str) -> bool:
    """Whether a custom data set can have this name, which is a folder's name too."""
    return bool(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", name)) and name.lower() not in DATASETS


def add(row: DataSet) -> None:
    """Make a custom data set known, in the place of any other with its name; ValueError for a bad name."""
    if not may_be_own(row.name):
        raise ValueError(
            f"a custom data set cannot be named {row.name!r}: take up to 40 letters, digits, - and _, "
            f"and none of {', '.join(DATASETS)}"
        )
    if CUSTOM.get(row.name) != row:
        CUSTOM[row.name] = row
        for read in (load, load_inputs, test_sample):
            read.cache_clear()


def at_hand(name: str) -> bool:
    """Whether the images of a data set can be read; ValueError for an unknown name."""
    get(name)
    try:
        load(name, "test")
    except DataSetUnavailable:
        return False
    return True


def fetch(name: str, report: Report = lambda arrived: None) -> None:
    """Fetch the images of a data set into the data folder; `report` is told how many bytes have arrived.

    Raises ValueError where nothing is to be fetched, DataSetUnavailable where it cannot be had, and whatever
    `report` raises.
    """
    row = get(name)
    if row.fetch is None:
        raise ValueError(f"{name} is not fetched from anywhere: {row.source}")
    row.fetch(report)


@lru_cache(maxsize=4)
def load(name: str, split: str) -> Images:
    """Whole images of a split ("train" or "test"); photographs come as uint8 (N, 3, 112, 112), the others as float32.

    Raises ValueError for an unknown name or split, DataSetUnavailable where the images cannot be had.
    """
    dataset = get(name)
    if split not in SPLITS:
        raise ValueError(f"split {split!r} is unknown; choose one of {', '.join(SPLITS)}")
    return dataset.read(split)


@lru_cache(maxsize=4)
def test_sample(name: str) -> Images:
    """At most 2,000 whole test images, the same as those of the latent maps, float32 (N, C, H, W) in [0, 1]."""
    test = load(name, "test")
    chosen = stratified_sample(test.labels)
    images = test.images[chosen]
    return Images(images if images.is_floating_point() else images.float() / 255, test.labels[chosen])


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
    """Indices of at most `most` of `count` images, from the first to the last: photographs come class by class."""
    return torch.linspace(0, count - 1, min(most, count)).round().long()


@lru_cache(maxsize=4)
def load_inputs(name: str, split: str) -> Images:
    """What a dense variant trains on, float32 (N, *shape): whole images, or a fixed random sample of patches."""
    images = load(name, split)
    dataset = get(name)
    if not dataset.patchwise:
        return images
    count = TRAIN_PATCHES if split == "train" else TEST_PATCHES
    return sample_patches(images, size=dataset.shape[1], count=count, seed=SPLITS.index(split))


def sample_patches(images: Images, size: int, count: int, seed: int) -> Images:
    """`count` patches, each from a random image and place: float32 (count, C, size, size) in [0, 1].

    A patch keeps the label of the photograph it was cut from.
    """
    generator = torch.Generator().manual_seed(seed)
    n, channels, height, width = images.images.shape
    index = torch.randint(n, (count,), generator=generator)
    top = torch.randint(height - size + 1, (count,), generator=generator)
    left = torch.randint(width - size + 1, (count,), generator=generator)
    rows = top[:, None] + torch.arange(size)  # (count, size)
    columns = left[:, None] + torch.arange(size)
    patches = images.images[
        index[:, None, None, None],
        torch.arange(channels)[None, :, None, None],
        rows[:, None, :, None],
        columns[:, None, None, :],
    ]
    return Images(patches.float() / 255, images.labels[index])


def _rows(*rows: DataSet) -> dict[str, DataSet]:
    return {row.name: row for row in rows}


DIGIT_CLASSES = tuple("0123456789")
DATASETS = _rows(
    DataSet(
        name="photos",
        title="Photos",
        shape=(3, 8, 8),
        image_shape=(3, 96, 96),
        classes=PHOTO_CLASSES,
        licence="each photograph keeps its own",
        source="photographs included with scikit-learn and scikit-image, and your own",
        read=read_photos,
        fine_tuning={"learning_rate": 1e-3, "patch_dropout": 0.5, "bfloat16": True},
        not_classified=("other",),
        out_of_distribution=("noise", "blank"),
        trained_on="research photographs that are not part of this project (street and landscape scenes, cats and "
        "dogs, clothes, samples of ImageNet and BSDS), 112×112 pixels",
    ),
    DataSet(
        name="mnist",
        title="MNIST",
        shape=(1, 28, 28),
        image_shape=(1, 28, 28),
        classes=DIGIT_CLASSES,
        licence="CC BY-SA 3.0",
        source="LeCun, Cortes and Burges",
        read=read_idx("MNIST"),
        noun="a digit",
        out_of_distribution=("fashion", "noise", "photographs", "blank"),
        travels=True,
        fetch=fetch_torchvision("MNIST"),
        megabytes=11.6,
        framing=Framing(box=20, strokes=True, by_mass=True, stroke=2.44),
    ),
    DataSet(
        name="fashion",
        title="Fashion-MNIST",
        shape=(1, 28, 28),
        image_shape=(1, 28, 28),
        classes=(
            *("T-shirt", "trousers", "pullover", "dress", "coat"),
            *("sandal", "shirt", "sneaker", "bag", "ankle boot"),
        ),
        licence="MIT",
        source="Zalando Research",
        read=read_idx("FashionMNIST"),
        noun="a piece of clothing",
        out_of_distribution=("mnist", "noise", "photographs", "blank"),
        travels=True,
        fetch=fetch_torchvision("FashionMNIST"),
        megabytes=30.9,
        framing=Framing(box=28, strokes=False, by_mass=False),
    ),
    DataSet(
        name="digits",
        title="Digits",
        shape=(1, 8, 8),
        image_shape=(1, 8, 8),
        classes=DIGIT_CLASSES,
        licence="CC BY 4.0",
        source="Alpaydin and Kaynak (UCI), included with scikit-learn",
        read=read_digits,
        noun="a digit",
        fine_tuning={
            **{"few": 600, "full": 1000, "scratch": 600},
            **{"learning_rate": 3e-3, "layer_decay": 0.5, "dtype": "float16"},
        },
        out_of_distribution=("noise", "photographs", "blank"),
        framing=Framing(box=8, strokes=True, by_mass=False, widths=(2, 7)),
    ),
)

CUSTOM: dict[str, DataSet] = {}  # filled by `add`
