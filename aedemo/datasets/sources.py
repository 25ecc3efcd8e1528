"""Where the images of each data set come from: libraries, the network, a folder."""

from __future__ import annotations

import io
import shutil
import tarfile
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from http.client import HTTPException
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from aedemo.datasets.rows import DataSetUnavailable, Images, Report, data_folder

UNFINISHED = ".fetching-"
A_DAY = 24 * 60 * 60  # seconds: no fetching takes so long

PHOTO_CLASSES = (
    *("buildings", "cat", "clothing", "dog", "forest"),
    *("glacier", "mountain", "other", "sea", "street"),
)


def read_digits(split: str) -> Images:
    """scikit-learn's digits, split once and for all, as many of each class in both parts: float32 (N, 1, 8, 8)."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    digits = load_digits()
    images = (digits.images[:, None] / 16).astype(np.float32)  # (1797, 1, 8, 8), 17 grey levels
    train_x, test_x, train_y, test_y = train_test_split(
        images, digits.target, test_size=360, stratify=digits.target, random_state=0
    )
    x, y = (train_x, train_y) if split == "train" else (test_x, test_y)
    return Images(torch.from_numpy(x), torch.from_numpy(y).long())


def read_idx(class_name: str) -> Callable[[str], Images]:
    """How MNIST, or what comes in its files, is read from the data folder: (N, 1, 28, 28). Nothing is fetched into it.

    torchvision, which fetches them, reads them too; but its import takes 160 MB, and seconds, from every page.
    """

    def read(split: str) -> Images:
        start = data_folder() / class_name / "raw" / {"train": "train", "test": "t10k"}[split]
        try:
            images, labels = (_idx(f"{start}-{kind}-ubyte") for kind in ("images-idx3", "labels-idx1"))
            if len(images) != len(labels):
                raise ValueError(f"{len(images)} images and {len(labels)} labels")
        except (OSError, ValueError, IndexError) as error:  # not there yet, or unpacked by half
            raise DataSetUnavailable(
                f"{class_name} is not in {data_folder()}. Fetch it with `aedemo fetch`, "
                f"or set AEDEMO_DATA to a folder that holds {class_name}/raw."
            ) from error
        return Images(images[:, None].float() / 255, labels.long())

    return read


def _idx(path: str) -> torch.Tensor:
    """The bytes of a file: 0, 0, 8 (for bytes), the number of dimensions, each of them in four bytes, the values."""
    data = np.fromfile(path, np.uint8)
    if data[:3].tolist() != [0, 0, 8]:
        raise ValueError(f"{path} is no idx file of bytes")
    first = 4 + 4 * int(data[3])
    return torch.from_numpy(data[first:].reshape(data[4:first].view(">i4")))


def fetch_torchvision(class_name: str) -> Callable[[Report], None]:
    """How a data set of torchvision is fetched: its files checked, unpacked beside, and moved when all are whole.

    What breaks off on the way, or is called off, leaves nothing behind.
    """

    def fetch(report: Report) -> None:
        folder = data_folder()
        try:
            import torchvision

            kind = getattr(torchvision.datasets, class_name)
            folder.mkdir(parents=True, exist_ok=True)
            _remove_left(folder)
            with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=folder) as fresh:
                packed = Path(fresh) / class_name / "raw"
                packed.mkdir(parents=True)
                arrived = 0
                for name, md5 in kind.resources:
                    arrived = _load(kind.mirrors, name, md5, packed / name, arrived, report)
                kind(root=fresh, download=True)  # all is there: this unpacks
                raw = folder / class_name / "raw"
                raw.mkdir(parents=True, exist_ok=True)
                for file in packed.iterdir():
                    if file.suffix != ".gz":
                        file.replace(raw / file.name)
        except (ImportError, RuntimeError, OSError, EOFError, HTTPException) as error:
            raise DataSetUnavailable(
                f"{class_name} could not be fetched ({error}). Connect to the internet and try again, "
                f"or set AEDEMO_DATA to a folder that holds {class_name}/raw."
            ) from error

    return fetch


def _remove_left(folder: Path) -> None:
    """Take away what processes left there that were killed while they fetched."""
    for left in folder.glob(f"{UNFINISHED}*"):
        if time.time() - left.stat().st_mtime > A_DAY:
            shutil.rmtree(left, ignore_errors=True)


def _load(mirrors: Sequence[str], name: str, md5: str, path: Path, arrived: int, report: Report) -> int:
    """One file from the first mirror that has it whole; returns how many bytes have arrived in all."""
    from torchvision.datasets.utils import check_integrity

    failure: Exception = OSError("no mirror is known")
    for mirror in mirrors:
        count = arrived
        try:
            with urllib.request.urlopen(f"{mirror}{name}", timeout=20) as answer, path.open("wb") as file:
                while part := answer.read(1 << 16):
                    file.write(part)
                    count += len(part)
                    report(count)
        except (OSError, HTTPException) as error:
            failure = error
            continue
        if check_integrity(str(path), md5):
            return count
        failure = OSError(f"{name} arrived broken")
    raise failure


def read_photos(split: str) -> Images:
    """JPEGs from photos/<split>*.tar, or from the ImageFolder photos/<split>/<class>/*.jpg: uint8 (N, 3, 112, 112)."""
    folder, classes = data_folder() / "photos", PHOTO_CLASSES
    images, labels = [], []
    for class_name, name, data in _photo_files(folder, split):
        if class_name in classes:
            try:
                image = Image.open(io.BytesIO(data)).convert("RGB")
            except (OSError, SyntaxError) as error:
                raise _unreadable(name) from error
            if image.size != (112, 112):
                image = image.resize((112, 112), Image.Resampling.LANCZOS)
            images.append(np.asarray(image))
            labels.append(classes.index(class_name))
    if not images:
        raise DataSetUnavailable(
            f"no photographs to train on in {folder}. Set AEDEMO_DATA to a folder that holds "
            f"photos/{split}/<class>/*.jpg with the classes {', '.join(classes)}."
        )
    return Images(torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).contiguous(), torch.tensor(labels))


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
