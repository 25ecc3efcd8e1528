"""The row of a custom data set, and its images as the models see them.

Photographs are seen as those of the row `photos` are: by dense variants as patches, by the masked one as a whole. Where
all images are tiny, each is an input as it is, like those of digits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from aedemo import datasets, uploads
from aedemo.custom.folders import TINY, Found, Scan, find, photograph, read_small, unavailable
from aedemo.datasets import DataSet, Images

SIDES = range(8, TINY + 1, 4)  # of tiny images, as the models see them
PHOTOGRAPH = (3, 64, 64)  # as the masked one sees it: smaller than those of `photos`, whose recipe needs an accelerator
DESCRIBED = ("title", "shape", "image_shape", "classes", "recipes", "train_images")


@dataclass(frozen=True)
class Reader:
    """Reads the splits of a custom data set, as the field `read` of its row."""

    name: str

    def __call__(self, split: str) -> Images:
        row = datasets.get(self.name)
        read = list(_readable(row, split))
        if not read:
            raise unavailable(self.name)
        labels = [row.classes.index(found.label) for found, _ in read]
        return Images(torch.stack([image for _, image in read]), torch.tensor(labels))


def make_row(name: str, scan: Scan) -> DataSet:
    """The row of a data set of these images: whole ones where all are tiny, else photographs."""
    classes = tuple(sorted({image.label for image in scan.folder.found}))
    if scan.side is None:
        photos = datasets.get("photos")
        shape, image_shape, recipes = photos.shape, PHOTOGRAPH, photos.name
    else:
        side = next(side for side in SIDES if side >= scan.side)
        shape = image_shape = (1 if scan.grey else 3, side, side)
        recipes = "digits"
    return _row(name, name, shape, image_shape, classes, recipes, len(scan.folder.of("train")))


def to_json(row: DataSet) -> str:
    """What is kept of a row beside its sweeps; nothing of it says where the images lie."""
    lines = (f"  {json.dumps(part)}: {json.dumps(getattr(row, part))}" for part in DESCRIBED)
    return "{\n" + ",\n".join(lines) + "\n}\n"


def from_json(name: str, text: str) -> DataSet:
    """The row that `to_json` wrote. Raises ValueError where the text is no such description."""
    try:
        parts = {key.replace("picture", "image"): part for key, part in dict(json.loads(text)).items()}  # earlier names
        shapes = {part: tuple(parts[part]) for part in ("shape", "image_shape", "classes")}
        row = _row(name, **{part: parts[part] for part in DESCRIBED} | shapes)
    except (KeyError, TypeError) as error:
        raise ValueError(f"the description of {name} lacks a part, or one is of another kind") from error
    known = [(datasets.get("photos").shape, PHOTOGRAPH), *(((c, side, side),) * 2 for c in (1, 3) for side in SIDES)]
    numbers = (*row.shape, *row.image_shape, row.train_images)
    if (row.shape, row.image_shape) not in known or {type(number) for number in numbers} != {int}:
        raise ValueError(f"shapes of {name} must be those of photos or of a tiny image, got {row.shape}")
    if not row.classes or {type(word) for word in (row.title, row.recipes, *row.classes)} != {str}:
        raise ValueError(f"title, recipes and classes of {name} must be words")
    if row.train_images < 1:
        raise ValueError(f"train_images of {name} must be at least 1, got {row.train_images}")
    return row


def _row(name, title, shape, image_shape, classes, recipes, train_images) -> DataSet:
    return DataSet(
        name=name,
        title=title,
        shape=shape,
        image_shape=image_shape,
        classes=classes,
        licence="their owner's",
        source="a folder of your own",
        read=Reader(name),
        recipes=recipes,
        train_images=train_images,
    )


def shown_images(name: str, most: int) -> list[tuple[int, str, Tensor]]:
    """The first test images: (place among them, class, float32 (C, H, W) in [0, 1] as the tabs show it).

    The classes take turns. Raises DataSetUnavailable where the images are not on this machine.
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
                image = uploads.for_dataset(uploads.read(folder.path / found.path), name)
            except (OSError, ValueError):  # it could be read when the data set was made
                continue
            shown.append((place, found.label, image))
    if not shown:
        raise unavailable(name)
    return shown


def _readable(row: DataSet, split: str) -> Iterator[tuple[Found, Tensor]]:
    """The images of a split that are still there, as `datasets.load` gives them."""
    folder = find(row.name)
    for found in folder.of(split):
        if found.label in row.classes:
            try:
                image = read_small(folder.path / found.path)
            except (OSError, ValueError):  # it could be read when the data set was made
                continue
            yield found, _to_train_on(image, row)


def _to_train_on(image: Tensor, row: DataSet) -> Tensor:
    """An image (3, H, W), uint8: of photographs uint8 (3, 112, 112), else float32 in [0, 1] of the row's shape."""
    if not row.patchwise:
        return uploads.for_dataset(image.float() / 255, row.name)
    if max(image.shape[1:]) <= TINY:
        return (photograph(image.float() / 255) * 255).round().to(torch.uint8)
    return image
