"""What the sidebar shows: the data sets that have models, and their galleries."""

from __future__ import annotations

from aedemo import checkpoints, datasets
from aedemo.explore.gallery import gallery
from aedemo.page.sidebar import SidebarSource, Thumbnail

FIRST = "mnist"  # the data set that the page opens with, where there are models of it


def sidebar_source() -> SidebarSource:
    """The sidebar over every data set that has at least one sweep; ValueError where there is none at all."""
    found = checkpoints.available()
    if not found:
        raise ValueError(f"no sweep in {checkpoints.folder()}: train some first: aedemo train all --data digits")
    found = sorted(found, key=lambda name: name != FIRST)
    titles = tuple((name, datasets.get(name).title) for name in found)
    return SidebarSource(titles, thumbnails, frozenset(name for name in found if datasets.get(name).framing is None))


def thumbnails(data: str) -> list[Thumbnail]:
    """The gallery of a data set for the sidebar."""
    return [Thumbnail(item.id, item.title, item.source, item.image.numpy()) for item in gallery(data)]
