"""A named HTTP endpoint for each tab, for scripts of one's own: what the page gets, as JSON."""

import json
import urllib.error
import urllib.request
from functools import cache

import pytest
from gradio_client import Client, handle_file
from PIL import Image
from skimage import data

from aedemo.page.assets import plotly_script
from tests.page.slots import BY_NAME, KINDS, slots

KEYS = {"sliders", "filmstrips", "figures", "planes", "images", "texts", "choices", "message"}
KEYS |= {"histograms", "networks", "replays", "later"}


@pytest.fixture(scope="module")
def client(server):
    client = Client(server.url, verbose=False)
    yield client
    client.close()


@pytest.fixture(scope="module")
def opening(client):
    """opening(tab, data set): what a tab answers for the first image of the gallery, asked for once."""

    @cache
    def ask(tab: str, dataset: str) -> dict:
        choices = [control.default for control in BY_NAME[tab].choices]
        return json.loads(client.predict(dataset, "", 0, *choices, api_name=f"/{tab}"))

    return ask


@pytest.mark.parametrize("tab", BY_NAME)
@pytest.mark.parametrize("dataset", ["digits", "photos"])
def test_each_tab_answers_json_with_every_slot(opening, tab, dataset):
    answer = opening(tab, dataset)
    assert set(answer) == KEYS and answer["message"] is None
    for slot in slots(tab):
        if slot.part in KINDS and slot.part != "choice" and not slot.later:
            assert slot.name in answer[KINDS[slot.part]]


@pytest.mark.parametrize("tab", BY_NAME)
def test_a_wrong_question_is_answered_with_a_sentence(client, tab):
    choices = [control.default for control in BY_NAME[tab].choices]
    answer = json.loads(client.predict("digits", "gallery:cat", 0, *choices, api_name=f"/{tab}"))
    assert "digits has no image 'gallery:cat'; choose one of" in answer["message"] and answer["filmstrips"] == {}


def test_the_gallery_is_answered_with_names_that_tabs_know(client):
    answer = json.loads(client.predict("photos", api_name="/gallery"))
    image = f"gallery:{answer['items'][1][0]}"
    assert json.loads(client.predict("photos", image, 0, api_name="/deep"))["message"] is None


def test_the_same_question_has_the_same_answer(client):
    one, other = (json.loads(client.predict("digits", "", 7, api_name="/compare")) for _ in range(2))
    assert one == other


@pytest.fixture
def coffee(tmp_path, alone_on_disk) -> str:
    Image.fromarray(data.coffee()).save(tmp_path / "coffee.png")
    return str(tmp_path / "coffee.png")


@pytest.mark.parametrize("tab", BY_NAME)
def test_each_tab_takes_a_file(client, opening, tab, coffee):
    for dataset in ("digits", "photos") if tab in ("linear", "deep", "masked") else ("digits",):
        answer = json.loads(client.predict(data=dataset, file=handle_file(coffee), api_name=f"/{tab}"))
        gallery = opening(tab, dataset)
        assert answer["message"] is None
        changed = [name for name, filmstrip in answer["filmstrips"].items() if filmstrip != gallery["filmstrips"][name]]
        assert changed


def test_a_file_and_the_page_give_the_same_numbers(client, coffee):
    """The page keeps the image as text that it got from /open."""
    opened = json.loads(client.predict(data="digits", file=handle_file(coffee), api_name="/open"))
    assert opened["message"] is None and opened["opened"]["steps"]["names"][-1] == "centred"
    as_page = json.loads(client.predict("digits", opened["opened"]["image"], 0, api_name="/compare"))
    as_file = json.loads(client.predict(data="digits", file=handle_file(coffee), api_name="/compare"))
    assert as_page["texts"] == as_file["texts"] and as_page["filmstrips"] == as_file["filmstrips"]


def test_junk_is_a_sentence_without_a_path(client, tmp_path, alone_on_disk):
    path = tmp_path / "secret-name.png"
    path.write_bytes(b"no image")
    for endpoint in ("/open", "/compare"):
        message = json.loads(client.predict(data="digits", file=handle_file(str(path)), api_name=endpoint))["message"]
        assert message.endswith(".") and "secret" not in message and "/" not in message


def test_nobody_can_fetch_what_another_uploaded(client, server, coffee):
    """Gradio keeps a program's upload for an hour under a name that whoever has the same file can work out."""
    client.predict(data="digits", file=handle_file(coffee), api_name="/open")
    kept = [path for path in (server.log.parent / "uploads").rglob("*.png") if path.is_file()]
    assert kept
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for route in ("gradio_api/file=", "file=", "gradio_api/file%3D", "gradio_api/file/"):
        try:
            body = direct.open(f"{server.url}{route}{kept[0]}").read()
        except urllib.error.HTTPError as refused:
            body = refused.read()
        assert kept[0].read_bytes() not in body, route
    needed = direct.open(f"{server.url}gradio_api/file={plotly_script().as_posix()}").read()
    assert needed == plotly_script().read_bytes()
