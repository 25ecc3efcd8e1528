"""Addresses beside Gradio's: a map's codes as a file, a view's program, and the fetching of a data set."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from aedemo.explore import fetching
from aedemo.explore.latent import codes_csv
from aedemo.page.program import program

CODES, PROGRAM, FETCH = "/codes.csv", "/program.py", "/fetch"
ACTS = {"GET": fetching.state, "POST": fetching.start, "DELETE": fetching.call_off}


def routes() -> list[Route]:
    """GET /codes.csv?data=mnist&variant=deep&run=002, a spreadsheet's or `pandas.read_csv`'s to open;
    GET /program.py?tab=linear&data=mnist&picture=3&linear-bottleneck=10, which Python runs; and
    /fetch?data=mnist, which POST starts, GET looks at and DELETE calls off."""
    return [Route(CODES, codes), Route(PROGRAM, code), Route(FETCH, fetch, methods=list(ACTS))]


def codes(request: Request) -> Response:
    """The file, or a sentence on what there is no map of."""
    asked = request.query_params
    try:
        table = codes_csv(asked.get("data", ""), asked.get("variant", "deep"), asked.get("run", ""))
    except ValueError as error:
        return PlainTextResponse(str(error), 404)
    return PlainTextResponse(table, media_type="text/csv")


def code(request: Request) -> Response:
    """The program of a view, or a sentence on what it cannot be of."""
    asked = dict(request.query_params)
    try:
        written = program(asked.pop("tab", ""), asked)
    except ValueError as error:
        return PlainTextResponse(str(error), 404)
    return PlainTextResponse(written, media_type="text/x-python")


def fetch(request: Request) -> Response:
    """How far the data set has come."""
    try:
        return JSONResponse(asdict(ACTS[request.method](request.query_params.get("data", ""))))
    except ValueError as error:
        return PlainTextResponse(str(error), 404)
