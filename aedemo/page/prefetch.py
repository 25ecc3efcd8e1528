"""While nobody asks, the gallery's views are computed, so that a class finds them ready."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from aedemo import checkpoints
from aedemo.explore.gallery import gallery
from aedemo.page.views import View, Views, read_view

IDLE = 3.0  # seconds since the last question before the next view is computed
FULL = 0.9  # of the cache: what people asked for must not go for what nobody has asked for yet


def common_views(views: Views) -> Iterator[View]:
    """Each tab as it opens: of the first image of every data set, then of the second, and so on."""
    images = {data: [item.id for item in gallery(data)] for data in checkpoints.available()}
    for turn in range(max(map(len, images.values()))):
        for data, names in images.items():
            if turn < len(names):
                asked = {"data": data, "image": names[turn]}
                yield from (read_view(views.tabs, name, asked) for name, tab in views.tabs.items() if tab.on_page)


def start(views: Views) -> threading.Thread:
    """A background thread that ends when all common views are kept, or the cache is nearly full."""
    thread = threading.Thread(target=_compute, args=(views,), name="prefetch", daemon=True)
    thread.start()
    return thread


def _compute(views: Views) -> None:
    largest = 0  # of the documents so far, in bytes
    for view in common_views(views):
        while (rest := views.last_asked + IDLE - time.monotonic()) > 0:
            time.sleep(rest)
        before = views.cache.size
        if before + largest > FULL * views.cache.limit:
            return
        views.document(view)
        largest = max(largest, views.cache.size - before)
