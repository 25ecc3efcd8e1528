"""The data sets: what each one is, and how its pictures become tensors.

A data set has two shapes. `shape` is what a dense variant sees: a whole picture of digits, MNIST or Fashion-MNIST, but
one 8×8 patch of a photograph (models/patchwise.py puts the patches together again). `picture_shape` is what the masked
autoencoder sees: always the whole picture.
"""

from __future__ import annotations

import io
import os
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

SPLITS = ("train", "test")
TRAIN_PATCHES, TEST_PATCHES = 200_000, 20_000


class DataSetUnavailable(ValueError):
    """The pictures of a data set are not on this machine and cannot be fetched; the text says what to do."""


@dataclass(frozen=True)
class Pictures:
    """Pictures of one split.

    images: float32 or uint8 (N, C, H, W); float32 in [0, 1], uint8 in [0, 255] (kept small until a batch is drawn)
    labels: int64 (N,), indices into the data set's classes
    """

    images: Tensor
    labels: Tensor


@dataclass(frozen=True)
class Framing:
    """How single things stand on the dark ground of a data set's pictures, so that others can be put there likewise.

    box: the longer side of each, in pixels; strokes: True for writing, of which only the shape counts, False where
    shading counts too; by_mass: the centre of mass stands in the middle, else the middle of the rectangle
    """

    box: int
    strokes: bool
    by_mass: bool


@dataclass(frozen=True)
class DataSet:
    """One row of DATASETS."""

    name: str
    title: str
    shape: tuple[int, int, int]  # what a dense variant sees
    picture_shape: tuple[int, int, int]  # what the masked variant sees
    classes: tuple[str, ...]
    licence: str
    source: str
    read: Callable[[str], Pictures]  # split -> whole pictures
    framing: Framing | None = None  # None: any picture belongs, its square part resized

    @property
    def patchwise(self) -> bool:
        """True where a dense variant sees patches, not whole pictures."""
        return self.shape != self.picture_shape

    @property
    def dimension(self) -> int:
        """D, the number of inputs of a dense variant."""
        return int(np.prod(self.shape))


def cache_folder() -> Path:
    """This user's cache folder of aedemo."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "aedemo"


def data_folder() -> Path:
    """Where downloaded data sets lie: AEDEMO_DATA if it is set, else a folder in the cache."""
    return Path(os.environ.get("AEDEMO_DATA", cache_folder() / "data"))


def get(name: str) -> DataSet:
    """The row of DATASETS with this name; ValueError lists the names that exist."""
    if name not in DATASETS:
        raise ValueError(f"data set {name!r} is unknown; choose one of {', '.join(DATASETS)}")
    return DATASETS[name]


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


def _read_digits(split: str) -> Pictures:
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    digits = load_digits()
    images = (digits.images[:, None] / 16).astype(np.float32)  # (1797, 1, 8, 8), 17 grey levels
    train_x, test_x, train_y, test_y = train_test_split(
        images, digits.target, test_size=360, stratify=digits.target, random_state=0
    )
    x, y = (train_x, train_y) if split == "train" else (test_x, test_y)
    return Pictures(torch.from_numpy(x), torch.from_numpy(y).long())


def _read_torchvision(class_name: str) -> Callable[[str], Pictures]:
    def read(split: str) -> Pictures:
        import torchvision

        kind = getattr(torchvision.datasets, class_name)
        folder, train = data_folder(), split == "train"
        try:
            try:
                data = kind(root=folder, train=train, download=False)
            except (RuntimeError, ValueError, AssertionError):  # not there yet, or unpacked by half
                _fetch(kind, folder)
                data = kind(root=folder, train=train, download=False)
        except (RuntimeError, ValueError, AssertionError, OSError, EOFError, HTTPException) as error:
            raise DataSetUnavailable(
                f"{class_name} is not in {folder} and could not be fetched. Connect to the internet once, "
                f"or set AEDEMO_DATA to a folder that holds {class_name}/raw."
            ) from error
        return Pictures(data.data[:, None].float() / 255, data.targets.long())

    return read


def _fetch(kind: type, folder: Path) -> None:
    """Fetch and unpack in a folder beside, then move: what breaks off on the way is never taken for whole."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=folder) as fresh:
        files = Path(kind(root=fresh, download=True).raw_folder)
        raw = folder / kind.__name__ / "raw"
        raw.mkdir(parents=True, exist_ok=True)
        for file in files.iterdir():
            if file.suffix != ".gz":
                file.replace(raw / file.name)


def _read_photos(split: str) -> Pictures:
    """JPEGs from photos/<split>*.tar, or from the ImageFolder photos/<split>/<class>/*.jpg."""
    folder = data_folder() / "photos"
    classes = DATASETS["photos"].classes
    images, labels = [], []
    for class_name, name, data in _photo_files(folder, split):
        if class_name in classes:
            try:
                picture = Image.open(io.BytesIO(data)).convert("RGB")
            except (OSError, SyntaxError) as error:
                raise _unreadable(name) from error
            if picture.size != (112, 112):
                picture = picture.resize((112, 112), Image.Resampling.LANCZOS)
            images.append(np.asarray(picture))
            labels.append(classes.index(class_name))
    if not images:
        raise DataSetUnavailable(
            f"no photographs to train on in {folder}. Set AEDEMO_DATA to a folder that holds "
            f"photos/{split}/<class>/*.jpg with the classes {', '.join(classes)}."
        )
    return Pictures(torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).contiguous(), torch.tensor(labels))


def _photo_files(folder: Path, split: str):
    """(class, file name, bytes) of each photograph."""
    for path in sorted(folder.glob(f"{split}*.tar")):
        try:
            with tarfile.open(path) as tar:
                for member in sorted((m for m in tar if m.isfile()), key=lambda m: m.name):
                    yield member.name.split("/")[-2], member.name, tar.extractfile(member).read()
        except tarfile.TarError as error:
            raise _unreadable(path.name) from error
    for path in sorted(folder.glob(f"{split}/*/*.jp*g")):
        yield path.parent.name, path.name, path.read_bytes()


def _unreadable(name: str) -> DataSetUnavailable:
    return DataSetUnavailable(f"{name} among the photographs cannot be read: put a whole copy there, or remove it.")


def _rows(*rows: DataSet) -> dict[str, DataSet]:
    return {row.name: row for row in rows}


DIGIT_CLASSES = tuple("0123456789")
DATASETS = _rows(
    DataSet(
        name="photos",
        title="Photos",
        shape=(3, 8, 8),
        picture_shape=(3, 64, 64),
        classes=(
            *("buildings", "cat", "clothing", "dog", "forest"),
            *("glacier", "mountain", "other", "sea", "street"),
        ),
        licence="each photograph keeps its own",
        source="photographs that scikit-learn and scikit-image carry, and your own",
        read=_read_photos,
    ),
    DataSet(
        name="mnist",
        title="MNIST",
        shape=(1, 28, 28),
        picture_shape=(1, 28, 28),
        classes=DIGIT_CLASSES,
        licence="CC BY-SA 3.0",
        source="LeCun, Cortes and Burges, fetched by torchvision",
        read=_read_torchvision("MNIST"),
        framing=Framing(box=20, strokes=True, by_mass=True),
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
        source="Zalando Research, fetched by torchvision",
        read=_read_torchvision("FashionMNIST"),
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
        read=_read_digits,
        framing=Framing(box=8, strokes=True, by_mass=True),
    ),
)
