"""Pieces of clothing as shops and people show them, made from test images by a program: no file is needed."""

from __future__ import annotations

import numpy as np
from scipy import ndimage
from torch import Tensor

from tests.uploads.scenes import Rng, cropped, enlarged, painted, photographed, pick

SIZES = ((683, 512), (512, 512), (512, 683), (600, 450), (320, 240))
WHITES = ((253, 253, 253), (253, 253, 253), (244, 244, 246), (236, 234, 230))
GREYS = ((200, 200, 205), (215, 210, 200))
SKINS = ((205, 160, 130), (240, 205, 180), (150, 105, 75), (95, 65, 45), (225, 180, 150))
HAIR = ((40, 30, 25), (120, 85, 50), (190, 160, 110))
DYES = ((0.55, 0.75, 1.0), (1.0, 0.45, 0.5), (0.6, 0.95, 0.7))
TAGS = ((200, 20, 30), (20, 90, 170), (30, 30, 30), (230, 190, 40))
SEEN = 0.04  # what is brighter in a test image is clothing, not ground


def clothes(x: Tensor, rng: Rng, kind: str = "plain") -> Tensor:
    """A piece of clothing (1, 28, 28) on a plain ground, float32 (3, H, W) in [0, 1].

    kind: any of grey (ground), dyed, head, hair, arms, tag, string, caption, shadow; "plain" for none.
    """
    words = set(kind.split())
    height, width = pick(rng, SIZES)
    ground, skin = np.asarray(pick(rng, GREYS if "grey" in words else WHITES), float), pick(rng, SKINS)
    small = cropped(x, SEEN)
    scale = min(height, width) * rng.uniform(0.5, 0.75) / 28
    large = enlarged(small, tuple(max(1, round(scale * side)) for side in small.shape[1:]))
    h, w = large.shape
    top = int((height - h) * (rng.uniform(0.5, 0.8) if words & {"head", "hair"} else rng.uniform(0.3, 0.7)))
    left = int((width - w) * rng.uniform(0.35, 0.65))
    sheet = np.ones((height, width, 3)) * ground
    if "shadow" in words:
        cover = np.zeros((height, width))
        cover[top : top + h, left : left + w] = large > SEEN
        cast = np.roll(ndimage.gaussian_filter(cover, w / 15), (h // 14, w // 14), (0, 1))
        sheet *= (1 - 0.25 * cast)[..., None]
    if "arms" in words:
        sheet = painted(sheet, arms(rng, skin, top, left, h, w))
    if words & {"tag", "string", "caption"}:
        sheet = painted(sheet, tag(rng, words, (height, width), (top + h / 2, left + w / 2)))
    dye = np.asarray(pick(rng, DYES)) if "dyed" in words else np.ones(3)
    colour = ground * (1 - large[..., None] * (1.15 - 0.6 * dye if "dyed" in words else 1))
    part = sheet[top : top + h, left : left + w]
    part[large > SEEN] = colour[large > SEEN]
    if words & {"head", "hair"}:
        bottom, middle = top + rng.uniform(-0.02, 0.07) * h, left + w / 2 + rng.uniform(-0.05, 0.05) * w
        sheet = painted(sheet, head(rng, skin, "hair" in words, rng.uniform(0.12, 0.24) * height, bottom, middle))
    return photographed(sheet, rng, 1, 90)


def arms(rng: Rng, skin: tuple, top: int, left: int, h: int, w: int):
    """Hanging on both sides, behind the clothing."""
    lines = []
    for side in (-1, 1):
        shoulder = left + w / 2 + side * 0.42 * w
        hand = (shoulder + side * rng.uniform(0.02, 0.18) * w, top + rng.uniform(0.75, 1.1) * h)
        lines.append((shoulder, top + 0.2 * h, *hand))

    def draw(pen, zoom):
        for line in lines:
            pen.line([zoom * at for at in line], fill=skin, width=int(zoom * 0.11 * w))

    return draw


def head(rng: Rng, skin: tuple, hair: bool, tall: float, bottom: float, middle: float):
    wide, colour = tall * rng.uniform(0.65, 0.9), pick(rng, HAIR)

    def oval(pen, zoom, size, low, high, fill):
        sides = (middle - size * wide, bottom - high * tall, middle + size * wide, bottom - low * tall)
        pen.ellipse([zoom * side for side in sides], fill=fill)

    def draw(pen, zoom):
        if hair:
            oval(pen, zoom, 0.6, 0.15, 1.1, colour)
        oval(pen, zoom, 0.5, 0, 1, skin)

    return draw


def tag(rng: Rng, words: set[str], size: tuple[int, int], middle: tuple[float, float]):
    """A price in a corner, on a string from the middle of the clothing, or with captions above and below."""
    (height, width), colour = size, pick(rng, TAGS)
    tall, wide = height * rng.uniform(0.04, 0.09), width * rng.uniform(0.12, 0.26)
    y = pick(rng, (0.03 * height, 0.97 * height - tall))
    x = pick(rng, (0.03 * width, 0.97 * width - wide))

    def draw(pen, zoom):
        if "string" in words:
            ends = (x + wide / 2, y + tall / 2, middle[1], middle[0])
            pen.line([zoom * at for at in ends], fill=(60, 60, 60), width=3)
        pen.rectangle([zoom * at for at in (x, y, x + wide, y + tall)], fill=colour)
        written = [("-30 %", x + wide / 4, y + tall / 4, tall / 2, (255, 255, 255))]
        if "caption" in words:
            written.append(("article 123456, cotton", 0.1 * width, 0.93 * height, 0.025 * height, (70, 70, 70)))
            written.append(("SALE", 0.3 * width, 0.03 * height, 0.04 * height, (20, 20, 20)))
        for text, left, top, large, fill in written:
            pen.text((zoom * left, zoom * top), text, fill=fill, font_size=zoom * large)

    return draw
