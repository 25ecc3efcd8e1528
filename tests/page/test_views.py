"""Views as documents: an image of the gallery is computed once for everybody, and nothing of a user's is kept."""

import gzip
import json
import struct
import threading
import time

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from aedemo.page.components import Choice, Payload, frames_of
from aedemo.page.masked import HAND
from aedemo.page.release import release
from aedemo.page.responses import Document, ResponseCache
from aedemo.page.sprites import png
from aedemo.page.tab import Part, Tab
from aedemo.page.tabs import TABS
from aedemo.page.views import Views, pack, read_view
from tests.page.slots import BY_NAME

THIS_PROJECT = "seen:" + png(np.random.default_rng(1).random((1, 8, 8)))
FOR_GOOD = "public, max-age=31536000, immutable"


class Counted:
    """A tab that counts how often it is computed, behind its address."""

    def __init__(self, message: str | None = None, seeded: bool = True):
        self.count, self.message = 0, message
        choices = (Choice("kind", "Kind", (("a", "A"), ("b", "B"))), HAND)
        parts = (Part("half", self.half, ("kind",), covers=("kind",)),)
        self.tab = Tab("compare", "A tab", lambda: "", self.payload, choices=choices, seeded=seeded, parts=parts)
        self.views = Views({"compare": self.tab})
        self.client = TestClient(Starlette(routes=self.views.routes()), raise_server_exceptions=True)

    def payload(self, data, image, seed, kind="", hand=""):
        self.count += 1
        return Payload(texts={"said": f"{data} {image} {seed} {kind} {hand}"}, message=self.message)

    def half(self, data, image, seed, kind):
        return Payload(texts={"half": kind})

    def get(self, **query):
        return self.client.get("/view/compare", params=query)

    def post(self, image: str, **query):
        return self.client.post("/view/compare", params=query, content=image)


@pytest.fixture
def counted():
    return Counted()


def unpacked(body: bytes) -> tuple[dict, bytes]:
    (length,) = struct.unpack("<I", body[:4])
    return json.loads(body[4 : 4 + length]), body[4 + length :]


def test_one_question_is_computed_once_and_each_other_question_by_itself(counted):
    asked = [
        {"data": "digits", "image": "1"},
        {"data": "digits", "image": "1", "kind": "b"},
        {"data": "digits", "image": "1", "seed": "1"},
        {"data": "digits"},
        {"data": "mnist", "image": "1"},
    ]
    said = [[unpacked(counted.get(**query).content)[0]["texts"]["said"] for query in asked] for _ in range(2)]
    assert counted.count == len(asked)
    assert said[0] == said[1] and len(set(said[0])) == len(asked)


def test_an_address_says_its_defaults_or_leaves_them_out(counted):
    short, long = counted.get(data="digits"), counted.get(data="digits", image="", seed="0", kind="a", hand="")
    assert short.content == long.content and counted.count == 1


@pytest.mark.parametrize("seeded", [True, False])
def test_a_seed_without_effect_is_the_same_question(seeded):
    counted = Counted(seeded=seeded)
    for seed in ("0", "3", "5"):
        counted.get(data="digits", seed=seed)
    assert counted.count == (3 if seeded else 1)


def test_a_part_has_an_address_of_its_own_and_needs_nothing_of_the_rest(counted):
    assert unpacked(counted.get(data="digits", part="half", kind="b").content)[0]["texts"] == {"half": "b"}
    assert counted.count == 0


def test_ones_own_image_is_computed_anew_and_kept_by_nobody(counted):
    answers = [counted.post(THIS_PROJECT, data="digits") for _ in range(2)]
    assert counted.count == 2 and counted.views.cache.size == 0
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert THIS_PROJECT in unpacked(answers[0].content)[0]["texts"]["said"]


def test_a_mask_made_by_hand_is_kept_by_nobody(counted):
    assert counted.get(data="digits", hand="0f3a").headers["cache-control"] == "no-store"
    assert counted.views.cache.size == 0


def test_a_document_is_kept_for_good_only_under_the_release_that_made_it(counted):
    now = counted.get(data="digits", v=release())
    assert now.headers["cache-control"] == FOR_GOOD and now.headers["content-encoding"] == "gzip"
    without = counted.get(data="digits")
    assert without.headers["cache-control"] == "no-cache"
    again = counted.client.get("/view/compare?data=digits", headers={"If-None-Match": without.headers["etag"]})
    assert again.status_code == 304 and again.content == b""
    plain = counted.client.get("/view/compare?data=digits", headers={"Accept-Encoding": "identity"})
    assert plain.content == without.content and "content-encoding" not in plain.headers
    old = counted.get(data="digits", v="0123456789ab")
    assert old.status_code == 409 and "reload" in old.text


def test_a_document_with_a_sentence_is_asked_for_again():
    """Somebody may have done what it advises."""
    counted = Counted("train some first")
    answers = [counted.get(data="digits", v=release()) for _ in range(2)]
    assert [unpacked(answer.content)[0]["message"] for answer in answers] == ["train some first"] * 2
    assert counted.count == 2 and answers[0].headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"data": "digits", "seed": "one"}, "seed is 'one'"),
        ({"data": "digits", "seed": "-1"}, "seed is '-1'"),
        ({"data": "digits", "colour": "red"}, "no choice 'colour'"),
        ({"data": "digits", "part": "third"}, "no part 'third'"),
        ({"data": "<script>"}, "signs that no name here has"),
        ({"data": "digits", "kind": "data:image/png;base64,AAAA"}, "signs"),
    ],
)
def test_a_question_that_is_none_is_refused_with_a_sentence(counted, query, words):
    answer = counted.get(**query)
    assert answer.status_code == 404 and words in answer.text and counted.count == 0


def test_an_unknown_tab_is_refused_and_the_others_are_named(counted):
    answer = counted.client.get("/view/nothing")
    assert answer.status_code == 404 and "compare" in answer.text


@pytest.mark.parametrize("lasting", (True, False))
@pytest.mark.parametrize("size", (0, 1, 65_535, 65_536, 300_000))
def test_a_document_is_gzip_however_large_its_images(lasting, size):
    images = np.random.default_rng(0).integers(0, 255, size, dtype=np.uint8).tobytes()
    found = Document.of(b"text " * 1000, images, lasting=lasting)
    assert gzip.decompress(found.compressed) == found.body == b"text " * 1000 + images
    assert len(found.compressed) < size * 1.001 + 200


def test_images_stand_behind_the_json_as_they_are():
    frames = np.random.default_rng(0).random((3, 1, 8, 8))
    payload = Payload(
        filmstrips={"one": frames_of(frames), "two": frames_of(1 - frames)}, texts={"a": "data: no image"}
    )
    found, images = unpacked(b"".join(pack(payload)))
    written = json.loads(payload.to_json())
    assert found["texts"] == written["texts"] and sum(map(len, pack(payload))) < 0.9 * len(payload.to_json())
    for name in ("one", "two"):
        start, end, media_type = found["filmstrips"][name].pop("src")
        uri = written["filmstrips"][name].pop("src")
        assert uri.startswith(f"data:{media_type};base64,") and png(frames[0])[:22] == uri[:22]
        assert images[start:end][:4] == b"\x89PNG"
        assert found["filmstrips"][name] == written["filmstrips"][name]
    assert end == len(images)


@pytest.mark.parametrize("tab", TABS, ids=[tab.name for tab in TABS])
def test_what_a_part_shows_is_what_the_whole_tab_shows(tab):
    data = {"masked": "digits", "deep": "mnist"}.get(tab.name, "photos")  # where all its parts are
    whole = json.loads(read_view(BY_NAME, tab.name, {"data": data}).payload().to_json())
    for part in tab.parts:
        made = json.loads(read_view(BY_NAME, tab.name, {"data": data, "part": part.name}).payload().to_json())
        assert set(part.covers) <= set(part.choices) <= {choice.name for choice in tab.choices}
        shown = {slot: found for slot, found in made.items() if found and slot != "message"}
        assert shown
        if part.covers:  # others arrive after the rest
            assert all(whole[slot][name] == value for slot, found in shown.items() for name, value in found.items())


def test_those_who_ask_at_once_wait_for_one_computation():
    computing, ends, given = threading.Event(), threading.Event(), []
    cache, count = ResponseCache(), []

    def compute():
        count.append(1)
        computing.set()
        assert ends.wait(10)
        return Document.of(b"{}")

    people = [threading.Thread(target=lambda: given.append(cache.get("address", compute))) for _ in range(8)]
    people[0].start()
    assert computing.wait(10)
    for person in people[1:]:
        person.start()
    time.sleep(0.05)
    assert cache.get("another", lambda: Document.of(b"else")).body == b"else"  # nobody else waits
    ends.set()
    for person in people:
        person.join(10)
    assert [document.body for document in given] == [b"{}"] * 8 and len(count) == 1


def test_an_error_reaches_whoever_waited_and_is_not_kept():
    cache = ResponseCache()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            cache.get("address", lambda: Document.of(bytes(1 // 0)))
    assert cache.get("address", lambda: Document.of(b"{}")).body == b"{}"


def test_no_more_is_kept_than_allowed_and_what_was_asked_for_last_stays():
    cache, computed = ResponseCache(limit=100), []

    def ask(address: str, size: int = 39) -> None:
        cache.get(address, lambda: computed.append(address) or Document(b"x" * size))

    for address in ("a", "b", "a", "c", "a", "b"):  # two of 40 bytes fit
        ask(address)
    assert computed == ["a", "b", "c", "b"] and cache.size == 80
    ask("whole", 200)
    assert cache.size == 0


def test_the_release_is_another_when_a_checkpoint_is(tmp_path, monkeypatch):
    release.cache_clear()
    monkeypatch.setenv("AEDEMO_CHECKPOINTS", str(tmp_path))
    found = []
    for content in (None, b"one", b"two", b"one"):
        if content:
            (tmp_path / "model.safetensors").write_bytes(content)
        release.cache_clear()
        found.append(release())
    release.cache_clear()
    assert len(set(found[:3])) == 3 and found[3] == found[1]
