"""A `file` that is no upload is answered with a sentence, over every way in that Gradio has."""

import json
import urllib.request
from collections.abc import Iterator

import pytest
from gradio_client import Client, handle_file
from PIL import Image

from aedemo.page import build_page, launch_options
from tests.browser.server import free_port

HERE = __file__
META = {"meta": {"_type": "gradio.FileData"}}
WRONG = (HERE, "mine.png", 7, ["x"], {"a": 1}, {"path": 3}, {"path": HERE})
FORBIDDEN = ({"path": HERE, **META}, {"path": "../" * 20 + HERE, **META}, {"path": "nothing.png", **META})


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[Client]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("uploads")))
        page = build_page()
        place = {"server_name": "127.0.0.1", "server_port": free_port()}
        _, url, _ = page.launch(**launch_options(), **place, prevent_thread_lock=True, quiet=True)
        client = Client(url, verbose=False)
        yield client
        client.close()
        page.close()


def post(client: Client, endpoint: str, arguments: list) -> dict:
    """The response of an endpoint to HTTP by hand."""
    asked = json.dumps({"data": arguments}).encode()
    address = f"{client.src}gradio_api/run/{endpoint}"
    request = urllib.request.Request(address, asked, {"content-type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return json.loads(json.load(answer)["data"][0])


@pytest.mark.parametrize("file", WRONG, ids=range(len(WRONG)))
@pytest.mark.parametrize("endpoint", ["/compare", "/open"])
def test_what_is_no_upload_is_a_sentence_on_what_to_send(client, endpoint, file):
    answer = json.loads(client.predict(data="digits", file=file, api_name=endpoint))
    assert answer["message"].startswith("The file is no upload: ") and "handle_file" in answer["message"]


@pytest.mark.parametrize("file", FORBIDDEN, ids=range(len(FORBIDDEN)))
def test_a_file_of_the_servers_own_is_not_read(client, file):
    """gradio_client would upload the file of that name; HTTP by hand does not."""
    said = post(client, "linear", ["digits", "", 0, "side-by-side", file])
    assert said["message"].startswith("The file is no upload: ") and said["filmstrips"] == {}


@pytest.mark.parametrize("given", [[], ["digits"], ["digits", ""]], ids=len)
def test_arguments_that_are_left_out_get_their_defaults(client, given):
    """gradio_client fills them in itself; HTTP by hand does not."""
    said = post(client, "compare", given)
    if given:
        assert said["message"] is None and said == post(client, "compare", ["digits", "", 0, "side-by-side", None])
    else:
        assert "digits" in said["message"]  # of the data sets to choose from


def test_an_upload_is_read_as_before(client, tmp_path):
    Image.radial_gradient("L").save(tmp_path / "own.png")
    for endpoint in ("/linear", "/open"):
        answer = json.loads(
            client.predict(data="digits", file=handle_file(str(tmp_path / "own.png")), api_name=endpoint)
        )
        assert answer["message"] is None


def test_a_seed_that_is_no_number_is_a_sentence(client):
    answer = json.loads(client.predict(data="digits", seed="abc", api_name="/compare"))
    assert answer["message"] == "seed is 'abc'; take a whole number from 0 to 4294967295"
