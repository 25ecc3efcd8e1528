"""The Training tab: its controls, the address of a replay, and what becomes of somebody's own images."""

import asyncio
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from aedemo.datasets.points import POINT_SETS
from aedemo.explore.replay_bytes import records, to_bytes
from aedemo.explore.trainer import to_floats
from aedemo.explore.training import TrainingSettings, prepare, record
from aedemo.page.program import program
from aedemo.page.release import release
from aedemo.page.replays import Replays
from aedemo.page.responses import ResponseCache
from aedemo.page.trainers import Run, Trainers
from aedemo.page.training import CONTROLS, PREFIX, START, TAB, read_settings, settings_of_link

SHORT = {"steps": "20", "seed": "3", "v": release()}


@pytest.fixture(scope="module")
def replays():
    return Replays(ResponseCache(), Trainers(1))


@pytest.fixture(scope="module")
def client(replays):
    with TestClient(Starlette(routes=replays.routes())) as client:
        yield client


def run_apart(coroutine):
    """Its result, from an event loop in a thread of its own: Playwright's runs in this one after browser tests."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def test_the_controls_begin_as_the_tab_says_and_offer_what_can_be_trained():
    start = {control.name: control.default for control in CONTROLS}
    assert settings_of_link(start | {f"{PREFIX}step": "62"}) == START
    assert set(asdict(START)) - {"steps"} == {name.removeprefix(PREFIX) for name in start}
    for control in CONTROLS:
        for value, _ in control.options:
            # An image has room for any M, and masking noise for any level.
            wide = {f"{PREFIX}data": "digits", f"{PREFIX}corruption": "masking"} | {control.name: value}
            found = getattr(settings_of_link(start | wide), control.name.removeprefix(PREFIX))
            assert type(found)(value) == found


def test_the_script_knows_the_dimension_of_each_point_set():
    html = TAB.skeleton()
    assert all(f"&quot;{name}&quot;: {row.dimension}" in html for name, row in POINT_SETS.items())


def test_an_address_streams_the_records_of_its_replay_and_they_are_kept(client, replays):
    given = client.get("/training", params=SHORT)
    settings = TrainingSettings(steps=20, seed=3)
    assert given.status_code == 200 and given.content == to_bytes(record(prepare(settings)))
    assert "immutable" in given.headers["cache-control"] and "etag" not in given.headers
    again = client.get("/training", params=SHORT | {"data": "s-curve"})  # the same run, in other words
    assert again.content == given.content and again.headers["etag"] and not replays.running
    asked = {"if-none-match": again.headers["etag"]}
    assert client.get("/training", params=SHORT, headers=asked).status_code == 304


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"data": "letters"}, "data is 'letters'; choose one of moons, spiral"),
        ({"data": "moons", "latent_dim": "3"}, "latent_dim must be a whole number from 1 to 2, got 3"),
        ({"seed": "1.5"}, "seed must be a whole number, got '1.5'"),
        ({"learning_rate": "nan"}, "learning_rate must be from 1e-05 to 10, got nan"),
        ({"width": "3"}, "training has no setting 'width'; choose from data, noise"),
        ({"data": "custom"}, "Choose some images of your own first."),
    ],
)
def test_what_cannot_be_trained_is_a_sentence(client, query, sentence):
    answer = client.get("/training", params=query)
    assert answer.status_code == 404 and answer.text.startswith(sentence)


def test_a_page_of_another_release_is_told_so(client):
    assert client.get("/training", params={"v": "old"}).status_code == 409


def packed(count: int) -> bytes:
    random, stream = np.random.default_rng(0), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for k in range(count):
            file = io.BytesIO()
            Image.fromarray(random.integers(0, 256, (20, 24, 3), np.uint8)).save(file, "PNG")
            archive.writestr(f"{k}.png", file.getvalue())
        archive.writestr("notes.txt", b"no image")
    return stream.getvalue()


def test_ones_own_images_are_made_small_trained_on_and_kept_by_nobody(client, replays):
    before = replays.cache.size
    sent = [("files", ("mine.zip", packed(12))), ("files", ("mine.zip", packed(3)))]  # two of one name
    small = client.post("/training/images", files=sent)
    ((numbers, arrays),) = records(small.content)
    images = np.rint(255 * arrays["images"]).astype(np.uint8)
    assert numbers["kind"] == "images" and images.shape == (15, 3, 16, 16)
    assert [name for name, _ in numbers["skipped"]] == ["notes.txt", "notes.txt"]

    asked = {"data": "custom", "steps": "10", "channels": "3"}
    given = client.post("/training", params=asked, content=images.tobytes())
    settings = TrainingSettings(data="custom", steps=10)
    assert given.content == to_bytes(record(prepare(settings, to_floats(images))))
    assert given.headers["cache-control"] == small.headers["cache-control"] == "no-store"
    assert replays.cache.size == before and not replays.running


@pytest.mark.parametrize(
    ("body", "channels", "sentence"),
    [
        (b"\0" * 768 * 3, "3", "A training run takes 4 to 200 images, got 3."),
        (b"\0" * 256 * 201, "1", "A training run takes 4 to 200 images, got 201."),
        (b"\0" * 1000, "1", "The images must be bytes of 16×16 values"),
        (b"\0" * 1024, "4", "The images must be bytes of 16×16 values"),
    ],
)
def test_a_body_that_is_no_collection_is_a_sentence(client, body, channels, sentence):
    answer = client.post("/training", params={"data": "custom", "channels": channels}, content=body)
    assert answer.status_code == 404 and answer.text.startswith(sentence)


def test_files_that_cannot_be_read_are_a_sentence(client):
    answer = client.post("/training/images", files=[("files", ("a.txt", b"no image"))])
    assert answer.status_code == 404 and answer.text.startswith("None of these files is an image")


def test_a_run_is_read_by_all_who_join_and_stopped_when_the_last_has_left():
    run = Run()

    async def read() -> list[bytes]:
        return [record async for record in run.read()]

    async def play() -> tuple[list[bytes], list[bytes]]:
        assert run.join() and run.join()
        run.add(b"one")
        early = asyncio.create_task(read())
        leaver = run.read()
        assert await anext(leaver) == b"one"
        await leaver.aclose()
        assert not run.abandoned and run.join()
        run.add(b"two")
        run.end()
        return await early, await read()

    assert run_apart(play()) == ([b"one", b"two"], [b"one", b"two"])
    assert run.abandoned and not run.join()


def test_a_run_that_everybody_left_ends_and_the_next_one_is_whole(replays):
    left, ended = Run(), []
    left.join()

    async def leave() -> None:
        reader = left.read()
        replays.trainers.start(left, TrainingSettings(steps=5000), None, ended.append)
        await anext(reader)
        await reader.aclose()

    async def whole(run: Run) -> list[bytes]:
        return [record async for record in run.read()]

    run_apart(leave())
    after = Run()
    after.join()
    replays.trainers.start(after, TrainingSettings(steps=10), None, ended.append)
    found = run_apart(whole(after))
    assert left.failed and len(left.records) < 30
    assert ended == [b"".join(found)] == [to_bytes(record(prepare(TrainingSettings(steps=10))))]


def test_its_program_has_the_settings_of_the_page_and_no_text_is_pasted():
    written = program("training", {"data": "mnist", "image": "3", "seed": "7", "training_data": "digits"})
    assert 'DATA = "digits"' in written and "STEPS = 4000" in written and "SEED = 0  #" in written
    with pytest.raises(ValueError, match="training has no setting 'colour'"):
        program("training", {"training_colour": "red"})
    with pytest.raises(ValueError, match=r"^activation is "):
        program("training", {"training_activation": '"; import os #'})


def test_settings_left_out_are_the_defaults():
    assert read_settings({}) == TrainingSettings()
