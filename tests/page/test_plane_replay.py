"""The replay of the deep plane as it travels: at one address for all images, only when it is asked for."""

import gzip
import json

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from aedemo import checkpoints
from aedemo.explore.plane_replay import plane_replay
from aedemo.page import deep, plane_replays
from aedemo.page.plane_replays import NAME
from aedemo.page.routes import routes
from aedemo.page.static.documents import Documents, Place, read_document
from aedemo.page.static.walk import Request, walk
from aedemo.page.views import CONTAINER
from tests.page.slots import BY_NAME, image_frames, payload

DATA = ("mnist", "fashion")
each_data_set = pytest.mark.parametrize("data", DATA)
LARGEST = 900_000  # bytes, compressed


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


def replay_of(data: str) -> dict:
    return json.loads(plane_replays.payload(data, "", 0).to_json())["replays"][NAME]


@each_data_set
def test_it_shows_the_codes_and_sheets_that_are_stored(data):
    sent, stored = replay_of(data), checkpoints.load_replay(data, "deep", 2)
    low, high = np.moveaxis(np.array(sent["ranges"]), -1, 0)[:, :, None]
    codes = low + (high - low) * np.reshape(sent["codes"], stored.codes.shape) / sent["levels"]
    assert (np.abs(codes - stored.codes) < 1e-3 * (high - low)).all()
    assert sent["steps"] == stored.steps.tolist() and len(sent["errors"]) == len(sent["steps"]) == 40
    assert sent["groups"] == stored.labels.tolist() and len(sent["colors"]) == len(sent["names"]) == 10
    assert image_frames(sent["sheets"]).shape == (40, 280, 280, 3)


@each_data_set
def test_its_sentence_is_made_of_its_numbers(data):
    sent, found = replay_of(data), plane_replay(data)
    first = min(step for step, error in zip(sent["steps"], sent["errors"], strict=True) if error < found.pca_error)
    assert sent["reference"] == pytest.approx(found.pca_error, rel=1e-3) and found.ahead >= first > 0
    after = [error for step, error in zip(sent["steps"], sent["errors"], strict=True) if step >= found.ahead]
    assert max(after) < found.pca_error < sent["errors"][sent["steps"].index(found.ahead) - 1]
    for said in (f"{sent['errors'][0]:.1f} before", f"{sent['errors'][-1]:.1f} after", f"from step {found.ahead:,} on"):
        assert said in sent["words"]


@each_data_set
def test_the_tab_names_the_part_and_nothing_of_it_travels_before(data, client):
    filled = payload("deep", data)
    assert filled["later"] == {NAME: "replay"} and filled["replays"] == {}
    answer = client.get("/view/deep", params={"data": data, "part": "replay"}, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200 and answer.headers["content-type"] == CONTAINER
    assert int(answer.headers["content-length"]) < LARGEST


def test_where_there_is_none_the_tab_says_nothing_and_the_address_a_sentence(client):
    assert payload("deep", "digits")["later"] == {}
    answer = client.get("/view/deep", params={"data": "digits", "part": "replay"})
    assert b"replay.safetensors is missing" in answer.content


def test_a_static_edition_has_one_for_each_data_set(tmp_path):
    tab = BY_NAME["deep"]
    found = walk(tab, ["3"], lambda image, request: {"choices": {}, "later": {NAME: "replay"}})
    asked = next(request for request in found.requests if request.part == plane_replays.PART.name)
    documents = Documents(tmp_path, BY_NAME)
    paths = {documents.path(tab, Place("fashion", image), asked) for image in "37"}
    assert [path.name for path in paths] == ["data=fashion,part=replay.view"]
    documents.write(tab, Place("fashion", "3"), Request(asked.part, ()))
    (path,) = paths
    pieces = [path for path in tmp_path.rglob("*.piece")]
    written = read_document(path.read_bytes())["replays"][NAME]
    assert written["sheets"]["src"]["type"] == "image/webp" and len(gzip.decompress(path.read_bytes())) < 10_000
    assert sum(piece.stat().st_size for piece in pieces) < LARGEST and deep.TAB is tab
