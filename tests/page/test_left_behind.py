"""What programs upload lies in Gradio's temporary folder for at most an hour: the folder does not grow for ever.

Nor does it in that hour: more than so many bytes are refused.
"""

import json

import pytest
from gradio.route_utils import delete_files_created_by_app
from gradio_client import Client, handle_file
from PIL import Image
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from aedemo.page import build_page, launch_options
from aedemo.page.privacy import RequestSizeLimit, UploadQuota
from tests.browser.server import free_port


def test_gradio_takes_away_what_was_uploaded(tmp_path, monkeypatch):
    uploads = tmp_path / "uploads"
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(uploads))
    Image.radial_gradient("L").save(tmp_path / "own.png")
    page = build_page()
    every, age = page.delete_cache
    assert every + age <= 3600  # seconds: looked for every so often, gone at this age
    place = {"server_name": "127.0.0.1", "server_port": free_port()}
    _, url, _ = page.launch(**launch_options(), **place, prevent_thread_lock=True, quiet=True)
    try:
        client = Client(url, verbose=False)
        answer = client.predict(data="digits", file=handle_file(str(tmp_path / "own.png")), api_name="/open")
        client.close()
        assert json.loads(answer)["message"] is None
        kept = [path for path in uploads.rglob("*") if path.is_file()]
        assert [path.name for path in kept] == ["own.png"]  # one copy, and nothing that was made of it
        delete_files_created_by_app(page, age)
        assert kept[0].is_file()
        delete_files_created_by_app(page, 0)  # what Gradio does on time
        assert not [path for path in uploads.rglob("*") if path.is_file()]
    finally:
        page.close()


def test_no_more_is_uploaded_while_the_folder_is_full(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    takes = Route("/gradio_api/upload", lambda request: PlainTextResponse("taken"), methods=["POST"])
    client = TestClient(UploadQuota(Starlette(routes=[takes]), most=1000))
    folder = tmp_path / "digest"
    folder.mkdir()
    for size, status in ((0, 200), (999, 200), (1000, 503)):
        (folder / "own.png").write_bytes(b"x" * size)
        answer = client.post("/gradio_api/upload")
        assert answer.status_code == status
    assert "Try again later" in answer.text
    assert client.get("/").status_code == 404  # all else goes on
    (folder / "own.png").unlink()
    assert client.post("/gradio_api/upload").status_code == 200


def test_a_request_that_is_too_large_is_refused_whether_it_says_so_or_not():
    async def measure(request):
        return PlainTextResponse(str(len(await request.body())))

    client = TestClient(RequestSizeLimit(Starlette(routes=[Route("/", measure, methods=["POST"])]), most=1000))
    for size, status in ((1000, 200), (1001, 413)):
        for body in (b"x" * size, iter([b"x" * (size - 1), b"x"])):  # the second does not say its length
            answer = client.post("/", content=body)
            assert answer.status_code == status
            assert "20 MB" in answer.text if status == 413 else answer.text == str(size)


@pytest.mark.parametrize("limit", [UploadQuota, RequestSizeLimit])
def test_the_pages_server_has_these_limits(limit):
    assert limit in [entry.cls for entry in launch_options()["app_kwargs"]["middleware"]]
