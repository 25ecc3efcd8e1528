"""A named HTTP endpoint for each tab, for scripts of one's own: what the page gets, as JSON."""

import json

import pytest
from gradio_client import Client

from tests.page.slots import BY_NAME, KINDS, slots

KEYS = {"answer", "sliders", "strips", "figures", "planes", "pictures", "texts", "choices", "message"}


@pytest.fixture(scope="module")
def client(server):
    client = Client(server.url, verbose=False)
    yield client
    client.close()


@pytest.mark.parametrize("tab", BY_NAME)
@pytest.mark.parametrize("dataset", ["digits", "photos"])
def test_each_tab_answers_json_with_every_slot(client, tab, dataset):
    choices = [control.default for control in BY_NAME[tab].choices]
    answer = json.loads(client.predict(dataset, "", 0, *choices, api_name=f"/{tab}"))
    assert set(answer) == KEYS and answer["message"] is None
    for slot in slots(tab):
        if slot.part != "choice":
            assert slot.name in answer[KINDS[slot.part]]


@pytest.mark.parametrize("tab", BY_NAME)
def test_a_wrong_question_is_answered_with_a_sentence(client, tab):
    choices = [control.default for control in BY_NAME[tab].choices]
    answer = json.loads(client.predict("digits", "gallery:cat", 0, *choices, api_name=f"/{tab}"))
    assert "digits has no picture 'gallery:cat'; choose one of" in answer["message"] and answer["strips"] == {}


def test_the_gallery_is_answered_with_names_that_tabs_know(client):
    answer = json.loads(client.predict("photos", api_name="/gallery"))
    picture = f"gallery:{answer['items'][1][0]}"
    assert json.loads(client.predict("photos", picture, 0, api_name="/deep"))["message"] is None


def test_the_same_question_has_the_same_answer(client):
    one, other = (json.loads(client.predict("digits", "", 7, api_name="/compare")) for _ in range(2))
    assert one.pop("answer") != other.pop("answer")
    assert one == other
