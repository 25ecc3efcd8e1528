"""What a tab promises and what it sends: the slots written in its skeleton, and sprites decoded again."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser

import numpy as np
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from aedemo.page.routes import routes
from aedemo.page.tabs import TABS
from tests.explore.byhand import ALL_DATASETS, SEED, identity

BY_NAME = {tab.name: tab for tab in TABS}
KINDS = {
    "slider": "sliders",
    "filmstrip": "strips",
    "patches": "strips",
    "figure": "figures",
    "histogram": "histograms",
    "plane": "planes",
    "pictures": "pictures",
    "text": "texts",
    "choice": "choices",
}


@dataclass(frozen=True)
class Slot:
    """An element with data-part: what it is, how it is called, which slider it follows, whether it arrives later."""

    part: str
    name: str
    slider: str | None
    later: bool = False


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.elements = []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))


def elements(html: str) -> list[tuple[str, dict]]:
    """Every element of a piece of HTML: its tag and attributes."""
    reader = _Reader()
    reader.feed(html)
    return reader.elements


@cache
def slots(tab: str) -> tuple[Slot, ...]:
    """The slots of a tab's skeleton."""
    found = [a for _, a in elements(BY_NAME[tab].skeleton()) if "data-part" in a]
    return tuple(Slot(a["data-part"], a["data-name"], a.get("data-slider"), "data-later" in a) for a in found)


def variations() -> list[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """(tab, data set, choices): each tab over each data set as it opens, and over digits and photographs, which are of
    the two kinds, once for each other choice it offers."""
    found = []
    for tab in TABS:
        start = {control.name: control.default for control in tab.choices}
        changed = [{control.name: value} for control in tab.choices for value, _ in control.options]
        for dataset in ALL_DATASETS:
            changes = ({}, *changed) if dataset in ("digits", "photos") else ({},)
            every = {tuple((start | change).items()): None for change in changes}
            found += [(tab.name, dataset, chosen) for chosen in every]
    return found


@cache
def payload(tab: str, dataset: str, chosen: tuple = ()) -> dict:
    """A tab's payload as the page gets it."""
    choices = dict(chosen) or {control.name: control.default for control in BY_NAME[tab].choices}
    return json.loads(
        BY_NAME[tab].payload(dataset, identity(dataset), SEED, **choices).to_json(), parse_constant=_refuse
    )


def _refuse(constant: str):
    raise ValueError(f"{constant} is no JSON: a browser would refuse the whole answer")


def written(sprite: dict) -> bytes:
    """The picture of a sprite: in its data-URI, or at its address."""
    if sprite["src"].startswith("/"):
        return TestClient(Starlette(routes=routes())).get(sprite["src"]).raise_for_status().content
    kind, _, text = sprite["src"].partition(";base64,")
    assert kind in ("data:image/png", "data:image/jpeg")
    return base64.b64decode(text, validate=True)


def exact(sprite: dict) -> bool:
    """Whether it is a PNG, and not a JPEG."""
    return written(sprite).startswith(b"\x89PNG")


def decoded(sprite: dict) -> np.ndarray:
    """The frames of a sprite as the browser cuts them: uint8 (F, H, W, 3)."""
    sheet = np.asarray(Image.open(io.BytesIO(written(sprite))).convert("RGB"))
    width, height, columns = sprite["width"], sprite["height"], sprite["columns"]
    rows = -(-sprite["frames"] // columns)
    assert sheet.shape == (rows * height, columns * width, 3) and max(sheet.shape) <= 8192
    cells = [divmod(k, columns) for k in range(sprite["frames"])]
    return np.stack([sheet[r * height : (r + 1) * height, c * width : (c + 1) * width] for r, c in cells])


def shown(pictures: np.ndarray) -> np.ndarray:
    """float (F, C, H, W) as it ought to look: clamped, rounded to bytes, grey as three equal channels."""
    frames = np.rint(np.clip(pictures, 0, 1) * 255).astype(np.uint8).transpose(0, 2, 3, 1)
    return np.broadcast_to(frames, (*frames.shape[:3], 3))


def assert_shows(sprite: dict, pictures: np.ndarray) -> None:
    """The sprite shows these pictures (F, C, H, W): exactly as PNG, to a few grey levels as JPEG."""
    frames, expected = decoded(sprite).astype(int), shown(pictures).astype(int)
    assert frames.shape == expected.shape
    difference = np.abs(frames - expected)
    if exact(sprite):
        assert difference.max() <= 1
    else:
        assert difference.mean() < 6 and np.percentile(difference, 99) < 24
