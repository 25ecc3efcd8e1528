"""What people bring is theirs: the page sends its images with each request and leaves no file behind.

Programs that call the endpoints do upload files, which Gradio keeps in its temporary folder for an hour, under a name
that anybody with the same file can work out, and would hand them out again. Nothing here needs that, so it is refused;
and the folder has a limit.
"""

from __future__ import annotations

import contextlib
import os
import re

from gradio.utils import get_upload_folder
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aedemo.page.assets import plotly_script


class BlockFileAccess:
    """ASGI middleware: of all files that Gradio could hand out, only plotly.js is."""

    def __init__(self, app: ASGIApp):
        self.app = app
        self.allowed = plotly_script().as_posix()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        asked = re.search(r"/file[=/](.*)", path)  # Gradio knows both ways of asking
        if scope["type"] == "http" and asked and asked[1] != self.allowed:
            return await PlainTextResponse("Files are not handed out here.", 403)(scope, receive, send)
        await self.app(scope, receive, send)


class RequestSizeLimit:
    """ASGI middleware: a request of more than `most` bytes is refused, before or while it is read into memory.

    An image of 20 MB, the most that is taken, has 27 MB as text.
    """

    def __init__(self, app: ASGIApp, most: int = 32 * 2**20):
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        words, read = "This request is too large: bring an image of up to 20 MB.", 0
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > self.most:
            return await PlainTextResponse(words, 413)(scope, receive, send)

        async def counted() -> Message:  # not every request says its length
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.most:
                raise HTTPException(413, words)
            return message

        await self.app(scope, counted, send)


class UploadQuota:
    """ASGI middleware: no more uploads while those of the last hour fill `most` bytes."""

    def __init__(self, app: ASGIApp, most: int = 512 * 2**20):
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].endswith("/upload") and _size(get_upload_folder()) >= self.most:
            words = (
                "Too many files were uploaded within the last hour. Try again later, or send an image as a data-URI."
            )
            return await PlainTextResponse(words, 503)(scope, receive, send)
        await self.app(scope, receive, send)


def _size(folder: str) -> int:
    """Bytes in a folder; a file that goes away meanwhile counts nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                total += os.path.getsize(os.path.join(place, name))
    return total
