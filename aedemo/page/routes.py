"""Addresses beside Gradio's: a map's codes as a file, and the fetching of a data set."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from aedemo.explore import fetching
from aedemo.explore.latent import codes_csv

CODES, FETCH = "/codes.csv", "/fetch"
ACTS = {"GET": fetching.state, "POST": fetching.start, "DELETE": fetching.call_off}


def routes() -> list[Route]:
    """GET /codes.csv?data=mnist&variant=deep&run=002, a spreadsheet's or `pandas.read_csv`'s to open; and
    /fetch?data=mnist, which POST starts, GET looks at and DELETE calls off."""
    return [Route(CODES, codes), Route(FETCH, fetch, methods=list(ACTS))]


def codes(request: Request) -> Response:
    """The file, or a sentence on what there is no map of."""
    asked = request.query_params
    try:
        table = codes_csv(asked.get("data", ""), asked.get("variant", "deep"), asked.get("run", ""))
    except ValueError as error:
        return PlainTextResponse(str(error), 404)
    return PlainTextResponse(table, media_type="text/csv")


def fetch(request: Request) -> Response:
    """How far the data set has come."""
    try:
        return JSONResponse(asdict(ACTS[request.method](request.query_params.get("data", ""))))
    except ValueError as error:
        return PlainTextResponse(str(error), 404)
