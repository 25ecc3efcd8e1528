"""A `file` that a program sends to an endpoint: an upload, or a sentence on what to send instead.

Gradio refuses anything else before a function of ours runs, with no word on why. So it is looked at before, and what
is no upload travels on as text, which the endpoint answers like any other image that cannot be read.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aedemo.uploads import to_data_uri

REFUSED = "refused-file"
NO_UPLOAD = (
    "The file is no upload: a path or a dictionary is not enough. Send gradio_client's handle_file(path) as file, or"
    " the image as a data-URI (data:image/png;base64,…) as image."
)
ASKS = re.compile(r"/gradio_api/(run|api|call|queue)/")


def image_text(image: str, file: bytes | None = None) -> str:
    """The image of a request as one text: the file as a data-URI where one came with it; ValueError for no upload."""
    if image == REFUSED:
        raise ValueError(NO_UPLOAD)
    return image if file is None else to_data_uri(file)


class FilesAreUploads:
    """ASGI middleware: a `file`, the last argument of an endpoint, that is no upload becomes an image named REFUSED."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or not ASKS.search(scope["path"]):
            return await self.app(scope, receive, send)
        parts, more = [], True
        while more:
            message = await receive()
            parts.append(message.get("body", b""))
            more = message.get("more_body", False)
        body, sent = _without_other_files(b"".join(parts)), False

        async def again() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        length = (b"content-length", str(len(body)).encode())
        headers = [header for header in scope["headers"] if header[0] != b"content-length"]
        await self.app(scope | {"headers": [*headers, length]}, again, send)


def _without_other_files(body: bytes) -> bytes:
    try:
        asked = json.loads(body)
        given = asked["data"]
        if len(given) < 3 or _is_upload(given[-1]):
            return body
    except (ValueError, TypeError, KeyError):
        return body
    given[1], given[-1] = REFUSED, None
    return json.dumps(asked).encode()


def _is_upload(file: Any) -> bool:
    """Nothing, or a file that Gradio has stored, or is to fetch from an address."""
    if file is None:
        return True
    if not isinstance(file, dict) or not isinstance(file.get("path"), str):
        return False
    if re.match(r"https?://", file["path"]):
        return True
    folder, path = Path(get_upload_folder()).resolve(), Path(file["path"]).resolve()
    return path.is_relative_to(folder) and path.is_file()
