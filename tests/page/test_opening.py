"""POST /open: a user's image as a file or as strokes; the frame; the reduced copy that is sent the next time."""

import base64
import io
import json

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data
from starlette.applications import Starlette
from starlette.testclient import TestClient

from aedemo import datasets, uploads
from aedemo.explore.gallery import SEEN
from aedemo.explore.opened import opened, parse_frame
from aedemo.page.opening import open_endpoint
from aedemo.page.routes import routes
from aedemo.page.sprites import MAX_COPY, png, reduced_copy
from aedemo.uploads import Frame

NOTHING = "Nothing found that stands out"


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


def sheet(*boxes: tuple[slice, slice], size: tuple[int, int] = (120, 160)) -> np.ndarray:
    """White paper with black boxes."""
    paper = np.full(size, 255, np.uint8)
    for box in boxes:
        paper[box] = 0
    return paper


def file_of(image: np.ndarray, kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, kind)
    return stream.getvalue()


def ask(client: TestClient, body: bytes, **asked: str) -> dict:
    answer = client.post("/open", params=asked, content=body)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    return answer.json()


def decoded(uri: str) -> bytes:
    return base64.b64decode(uri.partition(",")[2])


def seen(answer: dict) -> np.ndarray:
    return uploads.read(decoded(answer["opened"]["image"].removeprefix(SEEN))).numpy()


BOX = (slice(30, 90), slice(60, 100))


def test_a_file_comes_back_as_what_the_models_see_with_its_steps(client):
    answer = ask(client, file_of(sheet(BOX)), data="mnist")
    opened = answer["opened"]
    assert answer["message"] is None and opened["size"] == [160, 120] and "copy" not in opened
    assert opened["frame"] == opened["candidates"][0]
    assert opened["steps"]["names"][-1] == "centred by mass" and opened["steps"]["frames"] == len(
        opened["steps"]["names"]
    )
    image = uploads.read(file_of(sheet(BOX)))
    np.testing.assert_allclose(seen(answer)[:1], uploads.for_dataset(image, "mnist").numpy(), atol=0.5 / 255)


@pytest.mark.parametrize("dataset", ["mnist", "photos"])
def test_a_frame_is_obeyed(client, dataset):
    image = data.coffee()
    answer = ask(client, file_of(image), data=dataset, frame="0.1,0.2,0.5,0.9")
    assert answer["opened"]["frame"] == "0.1,0.2,0.5,0.9"
    expected = uploads.for_dataset(uploads.read(file_of(image)), dataset, Frame(0.1, 0.2, 0.5, 0.9))
    np.testing.assert_allclose(seen(answer)[: len(expected)], expected.numpy(), atol=0.5 / 255)


def test_an_older_crop_is_the_square_that_it_was(client):
    image = file_of(data.coffee()[:200, :300])
    as_crop, as_frame = (ask(client, image, data="photos", **asked)["opened"]["image"]
                         for asked in ({"crop": "1,0"}, {"frame": f"{1 / 3:.4f},0,1,1"}))  # fmt: skip
    assert as_crop == as_frame


@pytest.mark.parametrize("frame", ["x", "1", "0,0,1", "0.5,0,0.4,1", "0,0,1,2", "nan,0,1,1", "0,0,0,0", "7,0", ","])
def test_what_is_no_frame_is_a_sentence(client, frame):
    answer = ask(client, file_of(sheet(BOX)), data="mnist", frame=frame)
    assert answer["opened"] is None and ("frame" in answer["message"] or "between 0 and 1" in answer["message"])


def test_where_nothing_stands_out_no_empty_sheet_is_shown_and_a_frame_can_still_be_drawn(client):
    empty = ask(client, file_of(sheet()), data="mnist", copy="1")
    assert empty["message"].startswith(NOTHING)
    assert empty["opened"]["image"] is None and empty["opened"]["frame"] == "0,0,1,1"
    assert empty["opened"]["candidates"] == [] and empty["opened"]["copy"].startswith("data:image/png")
    beside = ask(client, file_of(sheet(BOX)), data="mnist", frame="0,0,0.2,0.2")
    assert beside["message"].startswith(NOTHING) and beside["opened"]["image"] is None
    assert beside["opened"]["candidates"]  # and what stands out elsewhere is offered
    assert ask(client, file_of(sheet()), data="photos")["opened"]["image"]  # a photograph may be of a white wall


@pytest.mark.parametrize("body", [b"", b"no image", b"<svg></svg>"])
def test_junk_is_a_sentence(client, body):
    answer = ask(client, body, data="mnist")
    assert answer["opened"] is None and answer["message"].endswith(".") and "/" not in answer["message"]


def test_an_unknown_data_set_is_a_sentence(client):
    answer = ask(client, file_of(sheet(BOX)), data="letters")
    assert answer["opened"] is None and "letters" in answer["message"]


def test_programs_are_answered_the_same(client):
    file = file_of(sheet(BOX))
    asked = ask(client, file, data="digits", frame="0.2,0.1,0.8,0.9")
    for given in ({"file": file}, {"image": uploads.to_data_uri(file)}):
        assert json.loads(open_endpoint("digits", frame="0.2,0.1,0.8,0.9", **given)) == asked


# The reduced copy.

PHOTOGRAPHS = {"coffee": data.coffee(), "cat": data.chelsea(), "astronaut": data.astronaut()}


@pytest.mark.parametrize(("dataset", "name"), [("mnist", "coffee"), ("fashion", "cat"), ("photos", "astronaut")])
def test_the_copy_is_small_and_leads_to_what_the_file_leads_to(client, dataset, name):
    direct = ask(client, file_of(PHOTOGRAPHS[name]), data=dataset, frame="0.1,0.1,0.9,0.9", copy="1")
    copy = decoded(direct["opened"]["copy"])
    assert len(copy) <= MAX_COPY and "copy" not in ask(client, copy, data=dataset)["opened"]
    again = ask(client, copy, data=dataset, frame="0.1,0.1,0.9,0.9")
    assert again["opened"]["size"] == direct["opened"]["size"]
    assert again["opened"]["image"] == direct["opened"]["image"]  # both are null where nothing is found


def test_the_copy_of_writing_on_paper_has_the_same_frame(client):
    rng = np.random.default_rng(0)
    paper = sheet((slice(150, 400), slice(200, 230)), (slice(380, 410), slice(150, 290)), size=(600, 450))
    paper = np.clip(0.8 * paper + np.linspace(0, 30, 450) + rng.normal(0, 4, paper.shape) + 10, 0, 255).astype(np.uint8)
    direct = ask(client, file_of(paper, "JPEG"), data="mnist", copy="1")
    again = ask(client, decoded(direct["opened"]["copy"]), data="mnist")
    sides = [np.array(answer["opened"]["frame"].split(","), float) for answer in (direct, again)]
    np.testing.assert_allclose(*sides, atol=0.01)
    np.testing.assert_array_equal(seen(again), seen(direct))
    whole = ask(client, file_of(paper, "JPEG"), data="mnist")  # without a copy
    assert np.abs(seen(whole) - seen(direct)).mean() < 0.01


@pytest.mark.parametrize("shape", [(4, 4), (28, 28), (200, 240)])
def test_the_copy_of_a_small_image_is_exact(shape):
    image = np.random.default_rng(0).integers(0, 256, (3, *shape)) / 255
    back = uploads.read(decoded(reduced_copy(image))).numpy()
    np.testing.assert_allclose(back, image, atol=1e-6)


def test_even_noise_fits():
    noise = np.random.default_rng(0).random((3, 512, 1500))
    copy = decoded(reduced_copy(noise))
    assert len(copy) <= MAX_COPY and uploads.read(copy).shape[0] == 3


# Drawings.

LINE = {"eraser": False, "width": 22, "points": [[60, 60], [220, 60], [120, 240]]}
PAPER = {"ground": "#000000", "ink": "#ffffff"}


def test_strokes_are_drawn_and_opened(client):
    body = json.dumps({"strokes": [LINE], **PAPER}).encode()
    answer = client.post(
        "/open", params={"data": "mnist"}, content=body, headers={"content-type": "application/json"}
    ).json()
    assert answer["message"] is None and answer["opened"]["size"] == [280, 280] and seen(answer).max() > 0.9


@pytest.mark.parametrize(
    "given",
    [b"", b"[]", b"{}", b"nonsense", {"strokes": 7}, {"strokes": [7]}, {"strokes": [LINE], "ground": "red"},
     {"strokes": [{**LINE, "points": []}]}, {"strokes": [{**LINE, "points": [[1, 2, 3]]}]},
     {"strokes": [{**LINE, "points": [["a", "b"]]}]}, {"strokes": [{**LINE, "width": 0}]},
     {"strokes": [{**LINE, "width": 1e9}]}, {"strokes": [{**LINE, "width": "x"}]}, {"strokes": [{"points": [[1, 2]]}]},
     {"strokes": [{**LINE, "points": [[1, 2]] * 60_000}]}, {"strokes": [LINE], "ink": None}],
)  # fmt: skip
def test_what_is_no_drawing_is_a_sentence(client, given):
    body = given if isinstance(given, bytes) else json.dumps({**PAPER, **given}).encode()
    answer = client.post(
        "/open", params={"data": "mnist"}, content=body, headers={"content-type": "application/json; charset=utf-8"}
    ).json()
    assert (answer["opened"] is None and "his drawing" in answer["message"]) or "no drawing" in answer["message"]


# Below the page.


def test_two_numbers_are_a_square_and_four_a_frame():
    assert parse_frame("", (40, 100)) is None
    assert parse_frame("1,0", (40, 100)) == Frame.square(40, 100, 1, 0)
    assert parse_frame("0.1,0.2,0.9,0.8", (40, 100)) == Frame(0.1, 0.2, 0.9, 0.8)


@pytest.mark.parametrize("dataset", datasets.DATASETS)
def test_without_a_frame_the_first_proposal_is_shown(dataset):
    image = uploads.read(file_of(sheet(BOX)))
    found = opened(image, dataset)
    assert found.frame == uploads.propose(image, dataset)[0] == found.candidates[0]
    assert torch.equal(found.steps[-1].image, uploads.for_dataset(image, dataset))
    assert png(found.steps[-1].image.numpy()).startswith("data:image/png")
