"""A folder of images: which files are images, which can be read, their classes, and which are for training."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

import torch
from torch import Tensor
from tqdm import tqdm

from aedemo import atomic, datasets, uploads
from aedemo.custom.layouts import Layout, understand
from aedemo.datasets import SPLITS, DataSetUnavailable

ENDINGS = (
    *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".avif"),
    *(".pbm", ".pgm", ".ppm", ".pnm", ".pfm", ".tga", ".pcx"),
    *(".heic", ".heif", ".svg", ".jp2"),  # cannot be read, and are named among those left out
)
TINY = 32  # sides up to here: models see whole images
PHOTO_SIDE = 112  # of photographs to train on, as the built-in ones are stored
TEST_SHARE = 0.1
ONE_CLASS, LOOSE = "images", "other"  # where no folder names a class: of all images, of those beside the folders


@dataclass(frozen=True)
class Found:
    """An image that can be read: its path in the folder, its class and its split."""

    path: str
    label: str
    split: str


@dataclass(frozen=True)
class Folder:
    """A folder and its images, sorted by path."""

    path: Path
    found: tuple[Found, ...]

    def of(self, split: str) -> tuple[Found, ...]:
        """The images of "train" or "test"."""
        return tuple(image for image in self.found if image.split == split)


@dataclass(frozen=True)
class Scan:
    """What was found in a folder.

    left_out: (path, reason) of each file that has an image's ending and cannot be read
    passed_over: (ending, number) of files whose ending is no image's, the most frequent first
    layout: which folders are splits
    unlabelled: (folder, number) of the images in each split that has no classes where training has some; not read
    beside: how many other images lie outside the splits, where folders are the splits
    side: the longest side of all images, where none has more than 32 pixels; else None. grey: all are grey
    """

    folder: Folder
    left_out: tuple[tuple[str, str], ...]
    passed_over: tuple[tuple[str, int], ...]
    layout: Layout
    unlabelled: tuple[tuple[str, int], ...]
    beside: int
    side: int | None
    grey: bool


def scan(folder: Path) -> Scan:
    """Read every image in a folder and below, and say which are for training and what class each has.

    Folders with the names of splits are those (layouts.py); else a hash of its path puts an image into one, about a
    tenth into test, so that it stays there whatever else is added. Classes are the names of the folders right below,
    where most images lie in one. Files with other endings are counted, and hidden ones passed over.
    Raises ValueError where there are fewer than two images, or none in one of the splits.
    """
    files = sorted(_files(folder))
    paths = [path for path in files if _ending(path) in ENDINGS]
    layout = understand(folder, paths)
    inside = [path for path in paths if layout.split_of(path)]
    readable, left_out, side, grey = [], [], 0, True
    for path in tqdm(inside, "reading", leave=False, disable=None):
        try:
            image = read_small(folder / path)
        except (OSError, ValueError) as error:
            left_out.append((path, _reason(error)))
            continue
        readable.append(path)
        side = max(side, *image.shape[1:])
        grey = grey and torch.equal(image[:1].expand_as(image), image)
    without = [f"{layout.root}{name}/" for name in layout.unlabelled]
    unlabelled = tuple((place, sum(path.startswith(place) for path in paths)) for place in without)
    splits = {path: layout.split_of(path) for path in readable} if layout.test else _split(readable)
    _refuse_too_few(folder, splits, layout, len(left_out))
    labels = _labels({path: layout.below(path) for path in readable})
    return Scan(
        folder=Folder(folder, tuple(Found(path, labels[path], splits[path]) for path in readable)),
        left_out=tuple(left_out),
        passed_over=tuple(Counter(_ending(path) for path in files if _ending(path) not in ENDINGS).most_common()),
        layout=layout,
        unlabelled=unlabelled,
        beside=len(paths) - len(inside) - sum(number for _, number in unlabelled),
        side=side if side <= TINY else None,
        grey=grey,
    )


def read_small(path: Path) -> Tensor:
    """An image in no more pixels than training needs, uint8: whole (3, H, W) up to 32×32, else (3, 112, 112).

    Raises ValueError where it is no image that can be read, OSError where the file cannot be had.
    """
    return _read_small(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=20_000)  # a folder is scanned, and then its splits are read
def _read_small(path: Path, changed: int) -> Tensor:
    image = uploads.read(path)
    if max(image.shape[1:]) > TINY:
        image = photograph(image)
    return (image * 255).round().to(torch.uint8)


def photograph(image: Tensor) -> Tensor:
    """The middle square of an image (3, H, W) in [0, 1], at the size of photographs to train on, (3, 112, 112)."""
    return uploads.resize(uploads.Frame.square(*image.shape[1:]).cut(image), (PHOTO_SIDE, PHOTO_SIDE))


def _files(folder: Path) -> Iterator[str]:
    """Paths in the folder of all files that are not hidden."""
    for place, below, files in os.walk(folder):
        below[:] = [name for name in below if not _hidden(name)]
        for name in files:
            path = Path(place, name)
            if not _hidden(name) and (path.is_file() or path.is_symlink()):
                yield path.relative_to(folder).as_posix()


def _ending(path: str) -> str:
    return PurePosixPath(path).suffix.lower()


def _hidden(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def _reason(error: OSError | ValueError) -> str:
    """What is wrong, without what to do about it."""
    if isinstance(error, OSError):
        return f"This file cannot be opened ({error.strerror})"
    return re.split("[:;]", str(error))[0]


def _refuse_too_few(folder: Path, splits: Mapping[str, str], layout: Layout, broken: int) -> None:
    but = f" ({broken} more cannot be read)" if broken else ""
    if len(splits) < 2:
        what = "1 image" if splits else "no image"
        raise ValueError(f"{folder} holds {what}{but}, and a data set needs at least 2: put some more there.")
    for split in SPLITS:
        if split not in splits.values():
            advice = "put some more there"
            place = folder / split
            if layout.test:
                names = (*layout.train, layout.test)
                advice = f"put some there, or rename {' and '.join(names)}"
                place = folder / f"{layout.root}{layout.test if split == 'test' else layout.train[0]}"
            raise ValueError(f"{place} holds no image that can be read{but}: {advice}.")


def _split(paths: Sequence[str]) -> dict[str, str]:
    """A split for each path, by its hash alone, but for the one image that each split has at least."""
    if len(paths) < 2:
        return dict.fromkeys(paths, "train")
    places = {path: _place(path) for path in paths}
    last, *_, first = sorted(paths, key=places.get, reverse=True)
    test = {path for path, place in places.items() if place < TEST_SHARE} | {first}
    return {path: "test" if path in test - {last} else "train" for path in paths}


def _place(path: str) -> float:
    """A number in [0, 1) made of a path."""
    return int.from_bytes(hashlib.sha256(path.encode("utf-8", "surrogateescape")).digest()[:6]) / 2**48


def _labels(parts: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The class of each path, from the parts of its name below its split."""
    named = sum(len(names) > 1 for names in parts.values())
    if 2 * named <= len(parts):
        return dict.fromkeys(parts, ONE_CLASS)
    return {path: _printable(names[0]) if len(names) > 1 else LOOSE for path, names in parts.items()}


def _printable(name: str) -> str:
    """A folder's name as words: what is no text in it becomes question marks."""
    return "".join(sign if sign.isprintable() else "?" for sign in name)


def _record(name: str) -> Path:
    return datasets.data_folder() / "own" / f"{name}.json"


def remember(name: str, folder: Folder) -> None:
    """Keep on this machine where the images of a data set lie, and which are for training."""
    kept = {"folder": str(folder.path), "found": [asdict(image) for image in folder.found]}
    atomic.write_text(_record(name), json.dumps(kept))


def remembered(name: str) -> Folder | None:
    """What `remember` kept, whether or not the folder is still there; None where it kept nothing that can be read."""
    try:
        kept = json.loads(_record(name).read_text(encoding="utf-8"))
        return Folder(Path(kept["folder"]), tuple(Found(**image) for image in kept["found"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def find(name: str) -> Folder:
    """The folder of a custom data set; DataSetUnavailable where it is not on this machine."""
    folder = remembered(name)
    if folder is None or not folder.path.is_dir():
        raise unavailable(name)
    return folder


def unavailable(name: str) -> DataSetUnavailable:
    """What to say where there are no images; the folder is not named, since visitors of the page read it."""
    return DataSetUnavailable(
        f"The images of {name} are not on this machine: upload an image of your own, or say where they lie: "
        f"aedemo train pca --data FOLDER --name {name}"
    )
