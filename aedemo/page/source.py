"""What the rail shows: the data sets that have models, their galleries, and pictures that people bring."""

from __future__ import annotations

from aedemo import checkpoints, datasets, pictures
from aedemo.explore.gallery import gallery
from aedemo.page.rail import Opened, RailSource, Thumbnail


def rail_source() -> RailSource:
    """The rail over every data set that has at least one sweep; ValueError where there is none at all."""
    found = checkpoints.available()
    if not found:
        raise ValueError(f"no sweep in {checkpoints.folder()}: train some first: aedemo train all --data digits")
    return RailSource(tuple((name, datasets.get(name).title) for name in found), thumbnails, open_picture)


def thumbnails(data: str) -> list[Thumbnail]:
    """The gallery of a data set for the rail."""
    return [Thumbnail(item.id, item.title, item.source, item.picture.numpy()) for item in gallery(data)]


def open_picture(uri: str, data: str, crop: tuple[float, float]) -> Opened:
    """A file that somebody brought, as a data-URI: what it is, and what the models of a data set see of it."""
    original = pictures.from_data_uri(uri)
    movable = datasets.get(data).framing is None and original.shape[1] != original.shape[2]
    frame = pictures.Frame.square(*original.shape[1:], *crop) if movable else None
    steps = pictures.steps(original, data, frame)
    return Opened(
        original=original.numpy(),
        seen=steps[-1].picture.numpy(),
        steps=tuple((step.name, step.picture.numpy()) for step in steps),
        movable=movable,
    )
