"""Digits on paper as people photograph them, made from test images by a program: no file is needed.

`paper(digit, rng, kind)` takes place, size, colours and angles from rng; kind is a list of words: what else is there.
"""

from __future__ import annotations

import io

import numpy as np
import torch
from PIL import Image, ImageDraw
from scipy import ndimage
from skimage.morphology import skeletonize
from torch import Tensor
from torch.nn import functional as F

PAPERS = ((238, 235, 228), (250, 250, 250), (225, 222, 210), (205, 208, 212))
BOARDS = ((30, 50, 42), (25, 25, 28), (45, 48, 55))
PENS = ((25, 25, 40), (20, 40, 140), (150, 25, 30), (70, 70, 75), (20, 90, 50))
CHALKS = ((235, 235, 230), (230, 220, 140), (240, 180, 190))
RULES = ((120, 150, 190), (170, 190, 215), (200, 120, 120), (150, 150, 150), (90, 120, 160), (140, 190, 150))
DESKS = ((70, 48, 32), (120, 85, 55), (30, 30, 34), (60, 90, 70), (150, 150, 155), (160, 60, 40))
HOLES = ((60, 55, 50), (30, 30, 30), (110, 90, 70))
SIZES = ((512, 683), (683, 512), (512, 512), (512, 910), (400, 300), (240, 320))
WIDTHS = {"thin": (0.02, 0.04), "medium": (0.04, 0.07), "marker": (0.15, 0.22)}  # of the pen, in heights of the digit
Rng = np.random.Generator


def paper(digit: Tensor | None, rng: Rng, kind: str = "plain") -> Tensor:
    """A digit (1, 28, 28), or nothing, written on a sheet, float32 (3, H, W) in [0, 1].

    kind: any of thin, medium, marker, board, rotated, lines, dark (lines), grid, rule, holes, desk, desks, shadow, hard
    (shadow), noise; "plain" for none.
    """
    words = set(kind.split())
    height, width = pick(rng, SIZES)
    ground, pen = (pick(rng, BOARDS), pick(rng, CHALKS)) if "board" in words else (pick(rng, PAPERS), pick(rng, PENS))
    sheet = np.ones((height, width, 3)) * ground
    if words & {"lines", "grid", "dark"}:
        sheet = ruled(sheet, rng, (60, 60, 75) if "dark" in words else pick(rng, RULES), "grid" in words)
    if "rule" in words:
        sheet = ruled(sheet, rng, (200, 80, 90), single=True)
    if "holes" in words:
        sheet = holes(sheet, rng)
    if digit is not None:
        sheet = with_digit(sheet, digit, rng, words, pen)
    if words & {"desk", "desks"}:
        sheet = on_desk(sheet, rng, 3 if "desks" in words else 1)
    if "shadow" in words:
        sheet = shaded(sheet, rng, "hard" in words)
    return photographed(sheet, rng, *((12, 35) if "noise" in words else (2, 88)))


def with_digit(sheet: np.ndarray, digit: Tensor, rng: Rng, words: set[str], pen: tuple) -> np.ndarray:
    """The sheet with the digit somewhere on it, as thick and as straight as the words say."""
    tall = round(min(sheet.shape[:2]) * rng.uniform(0.3, 0.55))
    thickness = next((WIDTHS[word] for word in words if word in WIDTHS), (0.07, 0.12))
    ink = written(digit, tall, max(1.2, tall * rng.uniform(*thickness)))
    if "rotated" in words:
        ink = ndimage.rotate(ink, rng.uniform(-9, 9), order=1)
    margin = 0.2 if words & {"desk", "desks", "holes"} else 0.08
    lay(sheet, ink, pen, *(place(rng, margin, sheet.shape[k], ink.shape[k]) for k in (0, 1)))
    return sheet


def pick(rng: Rng, table: tuple) -> tuple:
    return table[int(rng.integers(len(table)))]


def place(rng: Rng, margin: float, length: int, own: int) -> int:
    """Where something begins that is `own` pixels long, at least a margin away from both ends where it fits."""
    low, high = int(margin * length), length - own - int(margin * length)
    return int(rng.integers(low, high)) if high > low else max((length - own) // 2, 0)


def cropped(x: Tensor, least: float) -> Tensor:
    rows, columns = (x[0] > least).any(1).nonzero(), (x[0] > least).any(0).nonzero()
    return x[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def enlarged(x: Tensor, size: tuple[int, int]) -> np.ndarray:
    """(1, h, w) -> (H, W), smoothly."""
    return F.interpolate(x[None], size, mode="bicubic")[0, 0].clamp(0, 1).numpy()


def written(digit: Tensor, tall: int, pen: float) -> np.ndarray:
    """A digit drawn along its skeleton with a round pen so many pixels wide: how much each pixel is covered, (h, w)."""
    small = F.pad(cropped(digit, 0.4), (1, 1, 1, 1))
    large = enlarged(small, (tall, round(tall * small.shape[2] / small.shape[1])))
    line = np.pad(skeletonize(large > 0.4), int(pen) + 2)
    return np.clip(0.5 + pen / 2 - ndimage.distance_transform_edt(~line), 0, 1)


def lay(sheet: np.ndarray, cover: np.ndarray, colour: tuple, top: int, left: int) -> None:
    """Lay ink (h, w) on a sheet (H, W, 3) in place."""
    part = sheet[top : top + cover.shape[0], left : left + cover.shape[1]]
    part += cover[: part.shape[0], : part.shape[1], None] * (np.asarray(colour, float) - part)


def painted(sheet: np.ndarray, draw) -> np.ndarray:
    """What `draw(pen, 2)` paints with Pillow, antialiased: twice as large, and then made smaller."""
    height, width = sheet.shape[:2]
    image = Image.fromarray(sheet.clip(0, 255).astype(np.uint8)).resize((2 * width, 2 * height), 0)
    draw(ImageDraw.Draw(image), 2)
    return np.asarray(image.resize((width, height), Image.Resampling.BOX)).astype(np.float64)


def ruled(sheet: np.ndarray, rng: Rng, colour: tuple, squared: bool = False, single: bool = False) -> np.ndarray:
    """Parallel lines across the sheet, held not quite straight; squared: down as well; single: one that runs down."""
    height, width = sheet.shape[:2]
    space, slope = rng.uniform(0.04, 0.11) * height, np.tan(np.radians(rng.uniform(-4, 4)))
    thick, first, margin = int(rng.integers(2, 5)), rng.uniform(0, space), rng.uniform(0.08, 0.2) * width
    far = 2 * max(height, width)

    def draw(pen, zoom):
        for at in [margin] if single else first + space * np.arange(-40, 100):
            at *= zoom
            if not single:
                pen.line([(-far, at - slope * far), (zoom * far, at + slope * zoom * far)], fill=colour, width=thick)
            if squared or single:
                pen.line([(at + slope * far, -far), (at - slope * zoom * far, zoom * far)], fill=colour, width=thick)

    return painted(sheet, draw)


def on_desk(sheet: np.ndarray, rng: Rng, sides: int) -> np.ndarray:
    """So many sides of the sheet end on a desk with a grain, not quite parallel to the image."""
    rows, columns = np.mgrid[: sheet.shape[0], : sheet.shape[1]] / np.reshape(sheet.shape[:2], (2, 1, 1))
    colour = np.asarray(pick(rng, DESKS))
    for side in rng.permutation(4)[:sides]:
        along, across = (rows, columns) if side < 2 else (columns, rows)
        across = across if side % 2 == 0 else 1 - across
        grain = 8 * np.sin(60 * along + 9 * across)[..., None]
        edge = rng.uniform(0.03, 0.16) + rng.uniform(-0.06, 0.06) * (along - 0.5)
        sheet = np.where((across < edge)[..., None], colour + grain, sheet)
    return sheet


def holes(sheet: np.ndarray, rng: Rng) -> np.ndarray:
    """The holes of a spiral binding along the left side, or the upper one."""
    height, width = sheet.shape[:2]
    count, colour, at, above = int(rng.integers(9, 22)), pick(rng, HOLES), rng.uniform(0.025, 0.05), rng.random() < 0.25
    radius = rng.uniform(0.15, 0.3) / count * height

    def draw(pen, zoom):
        for k in (np.arange(count) + 0.5) / count:
            x, y = (k * width, at * height) if above else (at * width, k * height)
            pen.ellipse([zoom * side for side in (x - radius, y - radius, x + radius, y + radius)], fill=colour)

    return painted(sheet, draw)


def shaded(sheet: np.ndarray, rng: Rng, hard: bool = False) -> np.ndarray:
    """A shadow over a corner."""
    y, x = np.mgrid[: sheet.shape[0], : sheet.shape[1]] / np.reshape(sheet.shape[:2], (2, 1, 1))
    y, x = (y if rng.random() < 0.5 else 1 - y), (x if rng.random() < 0.5 else 1 - x)
    soft = 0.012 if hard else rng.uniform(0.05, 0.2)
    dark = 1 / (1 + np.exp((x + y * rng.uniform(0.6, 1.6) - rng.uniform(0.45, 0.9)) / soft))
    return sheet * (1 - rng.uniform(0.25, 0.5) * dark)[..., None]


def photographed(sheet: np.ndarray, rng: Rng, noise: float = 2, quality: int = 88) -> Tensor:
    """With a camera's noise and JPEG: float32 (3, H, W) in [0, 1]."""
    stream = io.BytesIO()
    noisy = (sheet + noise * rng.standard_normal(sheet.shape)).clip(0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(stream, "JPEG", quality=quality)
    return torch.from_numpy(np.asarray(Image.open(stream)).astype(np.float32) / 255).permute(2, 0, 1)
