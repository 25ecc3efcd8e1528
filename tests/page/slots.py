"""What a tab promises and what it sends: the slots written in its skeleton, and sprites decoded again."""

from __future__ import annotations

import base64
import io
import json
import zlib
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser

import numpy as np
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from aedemo.page.routes import routes
from aedemo.page.tabs import TABS
from tests.explore.reference import ALL_DATASETS, SEED, identity

BLUE, RED = (33, 102, 172), (178, 24, 43)  # the ends of ColorBrewer's RdBu
BY_NAME = {tab.name: tab for tab in TABS}
KINDS = {
    "slider": "sliders",
    "filmstrip": "filmstrips",
    "patches": "filmstrips",
    "figure": "figures",
    "histogram": "histograms",
    "network": "networks",
    "plane": "planes",
    "plane-replay": "replays",
    "images": "images",
    "text": "texts",
    "lead": "texts",
    "choice": "choices",
}


@dataclass(frozen=True)
class Slot:
    """An element with data-widget: what it is, how it is called, which slider it follows, whether it arrives later."""

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
    found = [a for _, a in elements(BY_NAME[tab].skeleton()) if "data-widget" in a]
    return tuple(Slot(a["data-widget"], a["data-name"], a.get("data-slider"), "data-later" in a) for a in found)


def variations() -> list[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """(tab, data set, choices): each tab over each data set as it opens, over digits once for each other choice that it
    offers, and over photographs, which are of the other kind, once for each, and of many once for the first and last.
    """
    found = []
    for tab in TABS:
        start = {control.name: control.default for control in tab.choices}
        every_option = {control.name: [value for value, _ in control.options] for control in tab.choices}
        for dataset in ALL_DATASETS:
            some = {
                name: [v[0], v[-1]] if dataset == "photos" and len(v) > 3 else v for name, v in every_option.items()
            }
            changed = [{name: value} for name, values in some.items() for value in values]
            changes = ({}, *changed) if dataset in ("digits", "photos") else ({},)
            every = {tuple((start | change).items()): None for change in changes}
            found += [(tab.name, dataset, chosen) for chosen in every]
    return found


_MADE: dict[tuple, dict] = {}


def payload(tab: str, dataset: str, chosen: tuple = (), anew: bool = False) -> dict:
    """A tab's payload as the page gets it, made once, or anew, for whoever watches, and kept for the others."""
    key = tab, dataset, chosen
    if anew or key not in _MADE:
        choices = dict(chosen) or {control.name: control.default for control in BY_NAME[tab].choices}
        made = BY_NAME[tab].payload(dataset, identity(dataset), SEED, **choices)
        _MADE[key] = json.loads(made.to_json(), parse_constant=_refuse)
    return _MADE[key]


def _refuse(constant: str):
    raise ValueError(f"{constant} is no JSON: a browser would refuse the whole answer")


def written(sprite: dict) -> bytes:
    """The file of a sprite: in its data-URI, or at its address."""
    if sprite["src"].startswith("/"):
        return TestClient(Starlette(routes=routes())).get(sprite["src"]).raise_for_status().content
    kind, _, text = sprite["src"].partition(";base64,")
    assert kind in ("data:image/png", "data:image/jpeg", "data:image/webp", "data:application/zlib")
    return base64.b64decode(text, validate=True)


def exact(sprite: dict) -> bool:
    """Whether nothing was lost: no JPEG in it, and no mixture."""
    parts = sprite.get("sheets", [sprite])
    return "weights" not in sprite and not any(written(part).startswith(b"\xff\xd8") for part in parts)


def decoded(sprite: dict) -> np.ndarray:
    """The frames of a filmstrip as the browser makes them: uint8 (F, H, W, 3)."""
    if "sheets" in sprite:
        sheets = [image_frames(one) for one in sprite["sheets"]]
        frames = np.stack([sheets[which][cell] for which, cell in sprite["cells"]])
        return copied(frames, image_frames(sprite["clean"]), sprite["same"]) if sprite["clean"] else frames
    if "weights" in sprite:
        first, difference = (image_frames(sprite[name]).astype(float) for name in ("first", "difference"))
        weights = np.reshape(sprite["weights"], (-1, 1, 1, 1))
        return np.rint(np.clip(first + weights * (difference - 128), 0, 255)).astype(np.uint8)
    return coloured(levels(sprite), sprite["limit"]) if "limit" in sprite else image_frames(sprite)


def image_frames(sprite: dict) -> np.ndarray:
    """The frames of one image: uint8 (F, H, W, 3)."""
    sheet = np.asarray(Image.open(io.BytesIO(written(sprite))).convert("RGB"))
    width, height, columns = sprite["width"], sprite["height"], sprite["columns"]
    rows = -(-sprite["frames"] // columns)
    assert sheet.shape == (rows * height, columns * width, 3) and max(sheet.shape) <= 8192
    cells = [divmod(k, columns) for k in range(sprite["frames"])]
    return np.stack([sheet[r * height : (r + 1) * height, c * width : (c + 1) * width] for r, c in cells])


def copied(frames: np.ndarray, clean: np.ndarray, same: list[str]) -> np.ndarray:
    """The frames with those blocks of 8×8 from the clean image that are marked "1"."""
    height, width = (side // 8 for side in frames.shape[1:3])
    marks = np.array([[block == "1" for block in frame] for frame in same]).reshape(-1, height, width)
    return np.where(marks.repeat(8, 1).repeat(8, 2)[..., None], clean, frames)


def levels(sprite: dict) -> np.ndarray:
    """The numbers of error maps, undone one by one, as slowly as it is plain: int (F, H, W) in grey levels."""
    sent = np.frombuffer(zlib.decompress(written(sprite)), np.int8).astype(int)
    changes = np.pad(sent.reshape(sprite["frames"], sprite["height"], sprite["width"]), ((0, 0), (1, 0), (1, 0)))
    for y in range(1, changes.shape[1]):
        for x in range(1, changes.shape[2]):
            left, above, between = changes[:, y, x - 1], changes[:, y - 1, x], changes[:, y - 1, x - 1]
            guess = np.clip(left + above - between, np.minimum(left, above), np.maximum(left, above))
            changes[:, y, x] = (changes[:, y, x] + guess + 128) % 256 - 128
    return (np.cumsum(changes[:, 1:, 1:], axis=0) + 128) % 256 - 128


def coloured(levels: np.ndarray, limit: float) -> np.ndarray:
    """Signed numbers (F, H, W) from blue at -limit through white to red: uint8 (F, H, W, 3)."""
    share = np.clip(np.abs(levels) / limit, 0, 1)[..., None]
    ends = np.where(levels[..., None] < 0, BLUE, RED)
    return np.rint(255 + share * (ends - 255)).astype(np.uint8)


def shown(images: np.ndarray) -> np.ndarray:
    """float (F, C, H, W) as it ought to look: clamped, rounded to bytes, grey as three equal channels."""
    frames = np.rint(np.clip(images, 0, 1) * 255).astype(np.uint8).transpose(0, 2, 3, 1)
    return np.broadcast_to(frames, (*frames.shape[:3], 3))


def assert_shows(sprite: dict, images: np.ndarray) -> None:
    """The sprite shows these images (F, C, H, W): exactly where it is lossless, to a few grey levels as JPEG."""
    frames, expected = decoded(sprite).astype(int), shown(images).astype(int)
    assert frames.shape == expected.shape
    difference = np.abs(frames - expected)
    if exact(sprite):
        assert difference.max() <= 1
    else:
        assert difference.mean() < 6 and np.percentile(difference, 99) < 24
