"""What programs send to an endpoint: a `file` that is no upload becomes a sentence, a missing argument its default.

Gradio refuses both before a function of ours runs, with no word on why. So they are looked at before: what is no upload
travels on as text, which the endpoint answers like any other image that cannot be read.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from gradio import Blocks
from gradio.utils import get_upload_folder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aedemo.uploads import to_data_uri

REFUSED = "refused-file"
NO_UPLOAD = (
    "The file is no upload: a path or a dictionary is not enough. Send gradio_client's handle_file(path) as file, or"
    " the image as a data-URI (data:image/png;base64,…) as image."
)
ASKS = re.compile(r"/gradio_api/(?:run|api|call|queue)/(?:v2/)?(\w+)")


def image_text(image: str, file: bytes | None = None) -> str:
    """The image of a request as one text: the file as a data-URI where one came with it; ValueError for no upload."""
    if image == REFUSED:
        raise ValueError(NO_UPLOAD)
    return image if file is None else to_data_uri(file)


class WholeRequests:
    """ASGI middleware: arguments that are left out at the end of a request get their defaults.

    A `file`, the last argument of an endpoint, that is no upload becomes an image named REFUSED.
    """

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or not (asks := ASKS.search(scope["path"])):
            return await self.app(scope, receive, send)
        parts, more = [], True
        while more:
            message = await receive()
            parts.append(message.get("body", b""))
            more = message.get("more_body", False)
        body, sent = _whole(b"".join(parts), scope["app"].get_blocks(), asks[1]), False

        async def again() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        length = (b"content-length", str(len(body)).encode())
        headers = [header for header in scope["headers"] if header[0] != b"content-length"]
        await self.app(scope | {"headers": [*headers, length]}, again, send)


def _whole(body: bytes, blocks: Blocks, endpoint: str) -> bytes:
    try:
        asked = json.loads(body)
        given = asked["data"]
        inputs = next((fn.inputs for fn in blocks.fns.values() if fn.api_name == endpoint), ())
        given += [component.value for component in inputs[len(given) :]]
        if len(given) >= 3 and not _is_upload(given[-1]):
            given[1], given[-1] = REFUSED, None
    except (ValueError, TypeError, KeyError):
        return body
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
