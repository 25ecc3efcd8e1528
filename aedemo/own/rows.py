"""The row of a data set of one's own, and its pictures as the models see them.

Photographs are seen as those of the row `photos` are: by dense variants as patches, by the masked one as a whole. Where
all pictures are tiny, each is an input as it is, like those of digits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from aedemo import datasets, pictures
from aedemo.datasets import DataSet, Pictures
from aedemo.own.folders import TINY, Found, Scan, find, photograph, read_small, unavailable

SIDES = range(8, TINY + 1, 4)  # of tiny pictures, as the models see them
PHOTOGRAPH = (3, 64, 64)  # as the masked one sees it: smaller than those of `photos`, whose recipe needs an accelerator
DESCRIBED = ("title", "shape", "picture_shape", "classes", "recipes", "train_pictures")


@dataclass(frozen=True)
class Reader:
    """Reads the splits of a data set of one's own, as the field `read` of its row."""

    name: str

    def __call__(self, split: str) -> Pictures:
        row = datasets.get(self.name)
        read = list(_readable(row, split))
        if not read:
            raise unavailable(self.name)
        labels = [row.classes.index(found.label) for found, _ in read]
        return Pictures(torch.stack([picture for _, picture in read]), torch.tensor(labels))


def make_row(name: str, scan: Scan) -> DataSet:
    """The row of a data set of these pictures: whole ones where all are tiny, else photographs."""
    classes = tuple(sorted({picture.label for picture in scan.folder.found}))
    if scan.side is None:
        photos = datasets.get("photos")
        shape, picture_shape, recipes = photos.shape, PHOTOGRAPH, photos.name
    else:
        side = next(side for side in SIDES if side >= scan.side)
        shape = picture_shape = (1 if scan.grey else 3, side, side)
        recipes = "digits"
    return _row(name, name, shape, picture_shape, classes, recipes, len(scan.folder.of("train")))


def to_json(row: DataSet) -> str:
    """What is kept of a row beside its sweeps; nothing of it says where the pictures lie."""
    lines = (f"  {json.dumps(part)}: {json.dumps(getattr(row, part))}" for part in DESCRIBED)
    return "{\n" + ",\n".join(lines) + "\n}\n"


def from_json(name: str, text: str) -> DataSet:
    """The row that `to_json` wrote. Raises ValueError where the text is no such description."""
    try:
        parts = json.loads(text)
        shapes = {part: tuple(parts[part]) for part in ("shape", "picture_shape", "classes")}
        row = _row(name, **{part: parts[part] for part in DESCRIBED} | shapes)
    except (KeyError, TypeError) as error:
        raise ValueError(f"the description of {name} lacks a part, or one is of another kind") from error
    known = [(datasets.get("photos").shape, PHOTOGRAPH), *(((c, side, side),) * 2 for c in (1, 3) for side in SIDES)]
    numbers = (*row.shape, *row.picture_shape, row.train_pictures)
    if (row.shape, row.picture_shape) not in known or {type(number) for number in numbers} != {int}:
        raise ValueError(f"shapes of {name} must be those of photos or of a tiny picture, got {row.shape}")
    if not row.classes or {type(word) for word in (row.title, row.recipes, *row.classes)} != {str}:
        raise ValueError(f"title, recipes and classes of {name} must be words")
    if row.train_pictures < 1:
        raise ValueError(f"train_pictures of {name} must be at least 1, got {row.train_pictures}")
    return row


def _row(name, title, shape, picture_shape, classes, recipes, train_pictures) -> DataSet:
    return DataSet(
        name=name,
        title=title,
        shape=shape,
        picture_shape=picture_shape,
        classes=classes,
        licence="their owner's",
        source="a folder of one's own",
        read=Reader(name),
        recipes=recipes,
        train_pictures=train_pictures,
    )


def shown_pictures(name: str, most: int) -> list[tuple[int, str, Tensor]]:
    """The first test pictures: (place among them, class, float32 (C, H, W) in [0, 1] as the tabs show it).

    The classes take turns. Raises DataSetUnavailable where the pictures are not on this machine.
    """
    row, folder = datasets.get(name), find(name)
    turns = dict.fromkeys(row.classes, 0)
    queue = []
    for place, found in enumerate(folder.of("test")):
        if found.label in turns:
            queue.append((turns[found.label], row.classes.index(found.label), place, found))
            turns[found.label] += 1
    shown = []
    for _, _, place, found in sorted(queue, key=lambda entry: entry[:3]):
        if len(shown) < most:
            try:
                picture = pictures.for_dataset(pictures.read(folder.path / found.path), name)
            except (OSError, ValueError):  # it could be read when the data set was made
                continue
            shown.append((place, found.label, picture))
    if not shown:
        raise unavailable(name)
    return shown


def _readable(row: DataSet, split: str) -> Iterator[tuple[Found, Tensor]]:
    """The pictures of a split that are still there, as `datasets.load` gives them."""
    folder = find(row.name)
    for found in folder.of(split):
        if found.label in row.classes:
            try:
                picture = read_small(folder.path / found.path)
            except (OSError, ValueError):  # it could be read when the data set was made
                continue
            yield found, _to_train_on(picture, row)


def _to_train_on(picture: Tensor, row: DataSet) -> Tensor:
    """A picture (3, H, W), uint8: of photographs uint8 (3, 112, 112), else float32 in [0, 1] of the row's shape."""
    if not row.patchwise:
        return pictures.for_dataset(picture.float() / 255, row.name)
    if max(picture.shape[1:]) <= TINY:
        return (photograph(picture.float() / 255) * 255).round().to(torch.uint8)
    return picture
