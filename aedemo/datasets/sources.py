"""Where the pictures of each data set come from: libraries, the network, a folder."""

from __future__ import annotations

import io
import tarfile
import tempfile
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from aedemo.datasets.rows import DataSetUnavailable, Pictures, data_folder

PHOTO_CLASSES = (
    *("buildings", "cat", "clothing", "dog", "forest"),
    *("glacier", "mountain", "other", "sea", "street"),
)


def read_digits(split: str) -> Pictures:
    """scikit-learn's digits, split once and for all, as many of each class in both parts: float32 (N, 1, 8, 8)."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    digits = load_digits()
    images = (digits.images[:, None] / 16).astype(np.float32)  # (1797, 1, 8, 8), 17 grey levels
    train_x, test_x, train_y, test_y = train_test_split(
        images, digits.target, test_size=360, stratify=digits.target, random_state=0
    )
    x, y = (train_x, train_y) if split == "train" else (test_x, test_y)
    return Pictures(torch.from_numpy(x), torch.from_numpy(y).long())


def read_torchvision(class_name: str) -> Callable[[str], Pictures]:
    """How a data set of torchvision is read, fetched first where it is not at hand: float32 (N, 1, 28, 28)."""

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


def read_photos(split: str) -> Pictures:
    """JPEGs from photos/<split>*.tar, or from the ImageFolder photos/<split>/<class>/*.jpg: uint8 (N, 3, 112, 112)."""
    folder, classes = data_folder() / "photos", PHOTO_CLASSES
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
