"""What people bring is theirs: the page sends its pictures with each request and leaves no file behind.

Programs that call the endpoints do upload files, which Gradio keeps in its temporary folder under a name that anybody
with the same file can work out, and would hand them out again. Nothing here needs that, so it is refused.
"""

from __future__ import annotations

import re

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from aedemo.page.assets import plotly_script


class NobodyFetchesUploads:
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
