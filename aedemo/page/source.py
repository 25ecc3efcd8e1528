"""What the rail shows: the data sets that have models, their galleries, and files that people bring."""

from __future__ import annotations

from aedemo import checkpoints, datasets, pictures
from aedemo.explore.gallery import gallery
from aedemo.page.rail import RailSource, Thumbnail


def rail_source() -> RailSource:
    """The rail over every data set that has at least one sweep; ValueError where there is none at all."""
    found = checkpoints.available()
    if not found:
        raise ValueError(f"no sweep in {checkpoints.folder()}: train some first: aedemo train all --data digits")
    return RailSource(tuple((name, datasets.get(name).title) for name in found), thumbnails, read)


def thumbnails(data: str) -> list[Thumbnail]:
    """The gallery of a data set for the rail."""
    return [Thumbnail(item.id, item.title, item.source, item.picture.numpy()) for item in gallery(data)]


def read(path: str, data: str):
    """A file that somebody brought, as the models of a data set see it, float32 (C, H, W)."""
    return pictures.for_dataset(pictures.read(path), data).numpy()
