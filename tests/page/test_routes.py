"""The addresses beside Gradio's: codes as CSV, decoded planes, programs, and what comes after the rest."""

import io
from urllib.parse import urljoin

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from aedemo.explore.plane import field
from aedemo.page.assets import PLAYERS, script
from aedemo.page.planes import decoded_plane, digest
from aedemo.page.release import release
from aedemo.page.routes import routes
from aedemo.page.views import FORGET, IMMUTABLE, REVALIDATE


@pytest.fixture
def client():
    return TestClient(Starlette(routes=routes()))


def test_codes_come_as_a_table(client):
    answer = client.get("/codes.csv", params={"data": "digits", "variant": "deep", "run": "003"})
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/csv")
    head, *lines = answer.text.splitlines()
    assert head == "test_input,class,z1,z2,z3,pc1,pc2" and len(lines) == 360


@pytest.mark.parametrize(
    "asked", [{}, {"data": "nonsense"}, {"data": "digits", "run": "../../etc"}, {"data": "digits", "variant": "x"}]
)
def test_what_has_no_map_is_a_sentence(client, asked):
    answer = client.get("/codes.csv", params=asked)
    assert answer.status_code == 404 and "choose one of" in answer.text


def test_a_decoded_plane_is_kept_for_good_under_an_address_that_names_its_content(client):
    asked = {"data": "digits", "variant": "deep", "run": "002"}
    answer = client.get("/decoded", params=asked)
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (31 * 8, 31 * 8)
    assert "cache-control" not in answer.headers
    found = decoded_plane(field("digits", "deep", 2))
    assert "immutable" in client.get("/decoded", params=asked | {"of": digest(found)}).headers["cache-control"]
    wide = {"data": "digits", "variant": "deep", "run": "010"}
    images = [client.get("/decoded", params=wide | {"units": two}) for two in ("", "0,1")]
    assert all(image.status_code == 200 for image in images) and images[0].content != images[1].content


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"data": "nonsense"},
        {"data": "digits", "run": "x"},
        {"data": "digits", "units": "x"},
        {"data": "digits", "units": "a,b"},
        {"data": "digits", "units": "0,-1"},
        {"data": "digits", "units": "99,98"},
        {"data": "digits", "units": "0"},
        {"data": "digits", "units": "0,1,0,1"},
        {"data": "digits", "variant": "masked"},
        {"data": "digits", "run": "002", "of": "what was there before"},
    ],
)
def test_what_is_no_decoded_plane_is_a_sentence(client, asked):
    answer = client.get("/decoded", params=asked)
    assert answer.status_code == 404 and len(answer.text) > 10 and "invalid literal" not in answer.text


def test_the_program_of_a_view_comes_as_python(client):
    answer = client.get("/program.py", params={"tab": "linear", "data": "digits", "linear-bottleneck": "20"})
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/x-python")
    assert "\nBOTTLENECK = 20  # M" in answer.text
    compile(answer.text, "linear.py", "exec")


@pytest.mark.parametrize("asked", [{}, {"tab": "x"}, {"tab": "linear", "data": "x"}, {"tab": "linear", "x": "1"}])
def test_what_is_no_view_is_a_sentence(client, asked):
    answer = client.get("/program.py", params=asked)
    assert answer.status_code == 404 and "choose" in answer.text


def test_whether_the_server_is_there_costs_nothing(client):
    for answer in (client.head("/alive"), client.get("/alive")):
        assert answer.status_code == 204 and answer.content == b""


@pytest.mark.parametrize("link", ["tab=masked&data=digits", "tab=sparse&image=a/b"])
def test_a_link_whose_sharp_was_escaped_leads_to_the_page(client, link):
    answer = client.get(f"/%23{link}", follow_redirects=False)
    assert answer.status_code == 307
    assert urljoin(f"http://host/root/%23{link}", answer.headers["location"]) == f"http://host/root/#{link}"


def test_the_players_script_is_kept_under_its_release(client):
    asked = {"v": release()}
    answer = client.get("/players.js", params=asked)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == IMMUTABLE and answer.headers["content-encoding"] == "gzip"
    assert answer.text == script(PLAYERS) and int(answer.headers["content-length"]) < len(answer.text) / 2
    plain = client.get("/players.js", params=asked, headers={"accept-encoding": "identity"})
    assert plain.text == answer.text and "content-encoding" not in plain.headers
    known = {"if-none-match": answer.headers["etag"]}
    assert client.get("/players.js", params=asked, headers=known).status_code == 304
    assert client.get("/players.js").headers["cache-control"] == REVALIDATE
    older = client.get("/players.js", params={"v": "older"})
    assert older.status_code == 409 and older.headers["cache-control"] == FORGET
