"""The views of a static edition: a file each, and what several of them have in common as pieces of their own."""

from __future__ import annotations

import gzip
import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aedemo import atomic
from aedemo.page.components import Payload
from aedemo.page.planes import find_decoded
from aedemo.page.sprites import Sprite
from aedemo.page.static.walk import Request
from aedemo.page.tab import Tab
from aedemo.page.views import Images, read_view

MIN_PIECE = 4096  # bytes; what is smaller stays in its document: a request more would take longer
VIEWS, PIECES = "view", "pieces"


def file_name(query: str) -> str:
    """A query as a part of a file's name: "data=digits&image=24" -> "data=digits,image=24"; static.js does the same."""
    return query.replace("&", ",")


def write_file(path: Path, content: bytes) -> None:
    """All of it or nothing."""
    atomic.write(path, lambda part: part.write_bytes(content))


@dataclass(frozen=True)
class Place:
    """An image of the gallery and a seed, which each document is about."""

    data: str
    image: str
    seed: int = 0

    def query(self, tab: Tab) -> str:
        """As view.js writes it: a seed where it is not 0 and changes what the tab shows."""
        seed = f"&seed={self.seed}" if tab.seeded and self.seed else ""
        return f"data={self.data}&image={self.image}{seed}"


class Documents:
    """The documents below a folder; written where they are missing, and read back."""

    def __init__(self, folder: Path, tabs: Mapping[str, Tab]):
        self.folder, self.tabs = folder, tabs

    def path(self, tab: Tab, place: Place, request: Request) -> Path:
        of_image = all(part.of_image for part in tab.parts if part.name == request.part)
        about = place.query(tab) if of_image else f"data={place.data}"
        query = "&".join(filter(None, (about, request.query)))
        return self.folder / VIEWS / tab.name / f"{file_name(query)}.view"

    def read(self, tab: Tab, place: Place, request: Request) -> dict[str, Any]:
        """A document's payload; written too, unless the page would take it over as another one."""
        path = self.path(tab, place, request)
        if path.is_file():
            return read_document(path.read_bytes())
        payload = self._payload(tab, place, request)
        if all(name not in payload.choices or payload.choices[name].chosen == value for name, value in request.choices):
            write_file(path, self._compose(payload))
        return payload.to_dict(lambda image: None)

    def write(self, tab: Tab, place: Place, request: Request) -> None:
        """The document, unless it is there."""
        path = self.path(tab, place, request)
        if not path.is_file():
            write_file(path, self._compose(self._payload(tab, place, request)))

    def _payload(self, tab: Tab, place: Place, request: Request) -> Payload:
        query = {"data": place.data, "image": place.image, "seed": str(place.seed), "part": request.part}
        return read_view(self.tabs, tab.name, query | dict(request.choices)).payload()

    def _compose(self, payload: Payload) -> bytes:
        """As views.pack has it, compressed, with {"piece": …} in place of what is a file of its own."""
        small = Images()

        def source(image: Sprite) -> Any:
            if image.address:
                found = find_decoded(dict(parse_qsl(urlsplit(image.address).query)))
                image = replace(image, data=found.data, media_type=found.media_type, address=None)
            return self._piece(image.data, image.media_type) if len(image.data) >= MIN_PIECE else small.place(image)

        found = payload.to_dict(source)
        for slot in ("filmstrips", "figures", "planes", "replays", "images"):
            found[slot] = {name: self._with_pieces(item) for name, item in found[slot].items()}
        text = _json(found)
        body = b"".join((struct.pack("<I", len(text)), text, *small.found))
        return gzip.compress(body, 9, mtime=0)

    def _with_pieces(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """Points of a map, traces of a figure: the same for all images of a data set."""
        parts = {}
        for name, value in item.items():
            text = _json(value)
            large = len(text) >= MIN_PIECE
            parts[name] = self._piece(gzip.compress(text, 9, mtime=0), "application/json") if large else value
        return parts

    def _piece(self, data: bytes, media_type: str) -> dict[str, str]:
        """Stored under its digest: what is in several documents is there once."""
        name = hashlib.blake2b(data, digest_size=10).hexdigest()
        path = self.folder / PIECES / name[:2] / f"{name[2:]}.piece"
        if not path.is_file():
            write_file(path, data)
        return {"piece": f"{name[:2]}/{name[2:]}", "type": media_type}


def read_document(content: bytes) -> dict[str, Any]:
    """The JSON of a document, with its pieces as they are named."""
    body = gzip.decompress(content)
    (length,) = struct.unpack("<I", body[:4])
    return json.loads(body[4 : 4 + length])


def pieces_of(found: Any) -> set[str]:
    """The names of all pieces in a document's JSON."""
    if isinstance(found, dict):
        return {found["piece"]} if "piece" in found else set().union(*map(pieces_of, found.values()))
    return set().union(*map(pieces_of, found)) if isinstance(found, list) else set()


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
