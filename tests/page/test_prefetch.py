"""The gallery's views are computed while nobody asks, and people come first."""

import time

from aedemo.page import prefetch
from aedemo.page.components import Payload
from aedemo.page.responses import ResponseCache
from aedemo.page.tab import Tab
from aedemo.page.views import Views, read_view
from tests.explore.reference import ALL_DATASETS, identity


def page(computed: list, limit: int = 10**6) -> Views:
    def payload(data, image, seed):
        computed.append((data, image))
        return Payload(texts={"said": image})

    return Views({"deep": Tab("deep", "Deep", lambda: "", payload)}, ResponseCache(limit))


def test_each_gallery_image_is_ready_first_images_first(monkeypatch):
    monkeypatch.setattr(prefetch, "IDLE", 0)
    computed = []
    views = page(computed)
    prefetch.start(views).join(60)
    assert len(computed) == len(set(computed)) and {data for data, _ in computed} == set(ALL_DATASETS)
    assert computed[: len(ALL_DATASETS)] == [(data, identity(data, 0)) for data, _ in computed[: len(ALL_DATASETS)]]
    for data, image in computed:
        assert views.cache.peek(read_view(views.tabs, "deep", {"data": data, "image": image[8:]}).key)


def test_it_waits_while_people_ask(monkeypatch):
    monkeypatch.setattr(prefetch, "IDLE", 0.3)
    computed = []
    views = page(computed)
    views.last_asked = time.monotonic()
    prefetch.start(views)
    time.sleep(0.15)
    assert not computed


def test_it_ends_before_it_would_push_out_what_people_asked_for(monkeypatch):
    monkeypatch.setattr(prefetch, "IDLE", 0)
    computed = []
    views = page(computed, limit=1000)
    prefetch.start(views).join(60)
    assert 0 < len(computed) < 20 and views.cache.size <= 1000
