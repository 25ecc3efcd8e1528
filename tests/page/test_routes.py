"""The addresses beside Gradio's: codes as CSV, and the fetching of a data set."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from aedemo.explore import fetching
from aedemo.page.routes import ACTS, routes


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


def test_fetching_is_looked_at_started_and_called_off(client, monkeypatch):
    said = []
    for method, name in {"GET": "state", "POST": "start", "DELETE": "call_off"}.items():
        act = lambda data, name=name: said.append((name, data)) or fetching.Fetching("fetching", 3.5, 11.6)  # noqa: E731
        monkeypatch.setitem(ACTS, method, act)
    client = TestClient(Starlette(routes=routes()))
    for method in ("GET", "POST", "DELETE"):
        answer = client.request(method, "/fetch", params={"data": "mnist"})
        assert answer.json() == {"state": "fetching", "arrived": 3.5, "megabytes": 11.6, "message": ""}
    assert said == [("state", "mnist"), ("start", "mnist"), ("call_off", "mnist")]


def test_a_data_set_that_is_here_needs_no_fetching(client):
    for method in ("GET", "POST", "DELETE"):
        assert client.request(method, "/fetch", params={"data": "digits"}).json()["state"] == "here"
    assert client.get("/fetch", params={"data": "nonsense"}).status_code == 404


def test_the_program_of_a_view_comes_as_python(client):
    answer = client.get("/program.py", params={"tab": "linear", "data": "digits", "linear-bottleneck": "20"})
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/x-python")
    assert "\nBOTTLENECK = 20  # M" in answer.text
    compile(answer.text, "linear.py", "exec")


@pytest.mark.parametrize("asked", [{}, {"tab": "x"}, {"tab": "linear", "data": "x"}, {"tab": "linear", "x": "1"}])
def test_what_is_no_view_is_a_sentence(client, asked):
    answer = client.get("/program.py", params=asked)
    assert answer.status_code == 404 and "choose" in answer.text
