"""Addresses beside Gradio's: the views, a map's codes, a decoded plane, a view's program, the players' script."""

from __future__ import annotations

import json
from functools import cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from aedemo.explore.latent import codes_csv
from aedemo.page.assets import PLAYERS, script
from aedemo.page.opening import OPEN, open_image
from aedemo.page.planes import DECODED, find_decoded
from aedemo.page.program import program
from aedemo.page.release import release
from aedemo.page.replays import replays
from aedemo.page.responses import Document
from aedemo.page.sidebar import gallery_response
from aedemo.page.source import sidebar_source
from aedemo.page.views import FORGET, IMMUTABLE, OLD_RELEASE, REVALIDATE, document_response, views

CODES, PROGRAM, ALIVE, GALLERY = "/codes.csv", "/program.py", "/alive", "/gallery"
PLAYERS_SCRIPT = "/players.js"
ESCAPED = "/#{link:path}"


def routes() -> list[Route]:
    """GET /codes.csv?data=mnist&variant=deep&run=002, a spreadsheet's or `pandas.read_csv`'s to open;
    GET /decoded?data=mnist&variant=deep&run=002, an image of all places of a plane;
    GET /program.py?tab=linear&data=mnist&image=3&linear-bottleneck=10, which Python runs;
    GET /gallery?data=mnist, what the sidebar shows;
    GET and POST /view/…, what a tab shows, see views.py;
    GET and POST /training, a network while it trains, see replays.py;
    POST /open?data=mnist with an image file, what the models see of it;
    GET /players.js, the script of the Training tab and of a plane's replay, see components/lazy.js;
    /alive, whether the server is there;
    and /%23…, a link whose # a mail program has escaped.
    """
    return [
        Route(GALLERY, gallery),
        Route(CODES, codes),
        Route(DECODED, decoded),
        Route(PROGRAM, code),
        Route(OPEN, open_image, methods=["POST"]),
        Route(PLAYERS_SCRIPT, players),
        Route(ALIVE, alive),
        Route(ESCAPED, escaped),
        *views().routes(),
        *replays().routes(),
    ]


def codes(request: Request) -> Response:
    """The file, or a sentence on what there is no map of."""
    asked = request.query_params
    try:
        table = codes_csv(asked.get("data", ""), asked.get("variant", "deep"), asked.get("run", ""))
    except ValueError as error:
        return PlainTextResponse(str(error), 404)
    return PlainTextResponse(table, media_type="text/csv")


def decoded(request: Request) -> Response:
    """The image; &units=0,5 takes two units of a wide code, and &of=… this very image, to be kept for good."""
    asked = request.query_params
    try:
        found = find_decoded(asked)
    except ValueError as error:
        return PlainTextResponse(str(error), 404)
    headers = {"Cache-Control": IMMUTABLE} if "of" in asked else None
    return Response(found.data, media_type=found.media_type, headers=headers)


def code(request: Request) -> Response:
    """The program of a view, or a sentence on what it cannot be of."""
    asked = dict(request.query_params)
    try:
        written = program(asked.pop("tab", ""), asked)
    except ValueError as error:
        return PlainTextResponse(str(error), 404)
    return PlainTextResponse(written, media_type="text/x-python")


async def gallery(request: Request) -> Response:
    """A data set's gallery for the sidebar; kept by browsers under the release that made it."""
    response = await run_in_threadpool(_gallery, request.query_params.get("data", ""))
    lasting = request.query_params.get("v") == release() and json.loads(response)["message"] is None
    headers = {"Cache-Control": IMMUTABLE if lasting else FORGET}
    return Response(response, media_type="application/json", headers=headers)


def _gallery(data: str) -> str:
    return gallery_response(sidebar_source(), data)


async def players(request: Request) -> Response:
    """The script, compressed once per process; kept by browsers under the release that made it."""
    if request.query_params.get("v", release()) != release():
        return PlainTextResponse(OLD_RELEASE, 409, {"Cache-Control": FORGET})
    lasting = IMMUTABLE if "v" in request.query_params else REVALIDATE
    return document_response(request, _players(), lasting, "text/javascript")


@cache
def _players() -> Document:
    return Document.of(script(PLAYERS).encode())


async def alive(request: Request) -> Response:
    """Nothing, at once: no thread is taken from those that compute."""
    return Response(status_code=204)


async def escaped(request: Request) -> Response:
    """To the page, with what was meant behind its #. The address is relative, so that it holds below any root path."""
    link = request.path_params["link"] + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"./{'../' * request.path_params['link'].count('/')}#{link}")
