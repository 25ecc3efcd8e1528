"""Views: what a tab shows of an image is a document with an address.

`GET /view/deep?data=mnist&image=3&v=…` of an image of the gallery: computed once for everybody, kept by browsers and
by whatever lies between. `POST` to the same address, with a user's image as the body: computed and forgotten.
A document is JSON with its images beside it, see `pack`.
"""

from __future__ import annotations

import json
import re
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from aedemo.page.components import Payload
from aedemo.page.release import release
from aedemo.page.renamed import VALUES, renamed
from aedemo.page.responses import Document, ResponseCache, cores
from aedemo.page.sprites import Sprite
from aedemo.page.tab import Part, Tab

VIEW = "/view"
MAX_SEED = 2**32 - 1
NAME = re.compile(r"[\w.:-]{0,60}")  # of a data set, an image of the gallery, an option
OLD_RELEASE = "This page is older than the server behind it: reload it."
IMMUTABLE, REVALIDATE, FORGET = "public, max-age=31536000, immutable", "no-cache", "no-store"
CONTAINER = "application/vnd.aedemo"


@dataclass(frozen=True)
class View:
    """A question: which tab, or which part of it, of which image with which choices.

    image: "gallery:<id>", "" for the gallery's first, or a user's as text, see explore.gallery.find
    """

    tab: Tab
    part: Part | None
    data: str
    image: str
    seed: int
    choices: Mapping[str, str]

    def payload(self) -> Payload:
        """What the page shows; a ValueError, and only that, becomes its sentence for a person."""
        make = self.part.payload if self.part else self.tab.payload
        try:
            return make(self.data, self.image, self.seed, **self.choices)
        except ValueError as error:
            return Payload(message=str(error))

    @property
    def made(self) -> bool:
        """Whether something in it was made by a person, so that it is nobody else's."""
        own = self.image and not self.image.startswith("gallery:")
        return bool(own) or any(self.choices.get(choice.name) for choice in self.tab.choices if choice.made)

    @property
    def key(self) -> str:
        """The same for the same question, however it was asked."""
        part = self.part.name if self.part else ""
        return json.dumps([self.tab.name, part, self.data, self.image, self.seed, *sorted(self.choices.items())])


def read_view(tabs: Mapping[str, Tab], name: str, query: Mapping[str, str], own: str = "") -> View:
    """The question that an address asks; ValueError with a sentence where it is none.

    query: data, image (the id of one in the gallery), seed, part, and each choice by its name; own: a person's image.
    """
    name, query = VALUES.get(name, name), renamed(query)
    if name not in tabs:
        raise ValueError(f"tab {name!r} is unknown; choose one of {', '.join(tabs)}")
    tab, given = tabs[name], dict(query)
    data, image, seed, part = (given.pop(key, "") for key in ("data", "image", "seed", "part"))
    given.pop("v", None)
    parts = {one.name: one for one in tab.parts}
    if part and part not in parts:
        raise ValueError(f"{name} has no part {part!r}; choose one of {', '.join(parts) or 'none'}")
    names = parts[part].choices if part else tuple(choice.name for choice in tab.choices)
    if unknown := set(given) - {choice.name for choice in tab.choices}:
        raise ValueError(f"{name} has no choice {min(unknown)!r}; choose from {', '.join(names) or 'none'}")
    number = read_seed(seed or 0)
    made = {choice.name for choice in tab.choices if choice.made}
    if not all(NAME.fullmatch(text) for text in (data, image, *(v for k, v in given.items() if k not in made))):
        raise ValueError("a name in this address has signs that no name here has")
    chosen = {choice.name: given.get(choice.name, choice.default) for choice in tab.choices if choice.name in names}
    image = own or (f"gallery:{image}" if image else "")
    return View(tab, parts.get(part), data, image, number if tab.seeded else 0, chosen)


def read_seed(value: object) -> int:
    """A seed as a person or a program gives it; ValueError where it is no whole number in range."""
    try:
        number = float(value)
        if not number.is_integer() or not 0 <= number <= MAX_SEED:
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"seed is {value!r}; take a whole number from 0 to {MAX_SEED}") from None
    return int(number)


def pack(payload: Payload) -> tuple[bytes, bytes]:
    """A payload as both halves of a document: the length of its JSON (4 bytes, little-endian) and the JSON; the images.

    In the JSON an image stands as [start, end, media type], counted from the end of the JSON.
    """
    images = Images()
    text = json.dumps(payload.to_dict(images.place), separators=(",", ":")).encode()
    return struct.pack("<I", len(text)) + text, b"".join(images.found)


class Images:
    """The images of a document, one after the other, each once."""

    def __init__(self):
        self.found: dict[bytes, list] = {}  # in their order -> where each lies
        self.size = 0

    def place(self, image: Sprite) -> str | list:
        """Where an image lies, or its address if it has one of its own."""
        if image.address:
            return image.address
        if image.data not in self.found:  # the same image may stand in several filmstrips
            self.found[image.data] = [self.size, self.size + len(image.data), image.media_type]
            self.size += len(image.data)
        return self.found[image.data]


class Views:
    """The documents of all tabs and the routes to them."""

    def __init__(self, tabs: Mapping[str, Tab], cache: ResponseCache | None = None):
        self.tabs, self.cache = tabs, cache or ResponseCache()
        self.last_asked = time.monotonic()

    def document(self, view: View) -> Document:
        """What is kept for everybody, or computed for one person and forgotten."""
        if view.made:
            with cores():
                return _document(view)
        return self.cache.get(view.key, lambda: _document(view))

    async def respond(self, request: Request) -> Response:
        """GET for the gallery, POST with a user's image as the body."""
        self.last_asked = time.monotonic()
        own = (await request.body()).decode("utf-8", "replace") if request.method == "POST" else ""
        asked = request.query_params
        if asked.get("v", release()) != release():
            return PlainTextResponse(OLD_RELEASE, 409, {"Cache-Control": FORGET})
        try:
            view = read_view(self.tabs, request.path_params["tab"], asked, own)
        except ValueError as error:
            return PlainTextResponse(str(error), 404)
        found = None if view.made else self.cache.peek(view.key)
        found = found or await run_in_threadpool(self.document, view)
        if not found.lasting:
            return document_response(request, found, FORGET)
        return document_response(request, found, IMMUTABLE if "v" in asked else REVALIDATE)

    def routes(self) -> list[Route]:
        return [Route(f"{VIEW}/{{tab}}", self.respond, methods=["GET", "POST"])]


@lru_cache(maxsize=1)
def views() -> Views:
    """The page's own, made once per process."""
    from aedemo.page import traversal
    from aedemo.page.tabs import TABS

    return Views({tab.name: tab for tab in (*TABS, traversal.VIEW)})


def _document(view: View) -> Document:
    """A document with a sentence is not kept: somebody may do what it advises."""
    payload = view.payload()
    text, images = pack(payload)
    return Document.of(text, images, lasting=payload.message is None and not view.made)


def document_response(request: Request, found: Document, cache_control: str, media_type: str = CONTAINER) -> Response:
    """A kept document, as it lies where the browser takes gzip; nothing where the browser has it already."""
    headers = {"ETag": found.etag, "Cache-Control": cache_control, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == found.etag:
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(found.body, media_type=media_type, headers=headers)
    return Response(found.compressed, media_type=media_type, headers=headers | {"Content-Encoding": "gzip"})
