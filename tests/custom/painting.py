"""Folders of images that a test paints: photographs, tiny images, and files that are broken."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

BROKEN = ("cats/cut.jpg", "cats/text.png", "empty.gif")


def paint(path: Path, width: int, height: int, seed: int = 0, grey: bool = False) -> None:
    """An image of soft blobs, in the format of its ending."""
    random = np.random.default_rng([seed, width, height])
    values = random.integers(0, 256, (4, 4) if grey else (4, 4, 3), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(values).resize((width, height), Image.Resampling.BILINEAR).save(path)


def photographs(folder: Path, count: int = 12) -> None:
    """Photographs of cats and dogs, half each, upright and across."""
    for k in range(count):
        kind = ("cats", "dogs")[k % 2]
        paint(folder / kind / f"{k:02d}.jpg", 60 + 10 * k, 140, seed=k)


def tiny(folder: Path, count: int = 40, side: int = 8, grey: bool = True) -> None:
    """Tiny images of two classes."""
    for k in range(count):
        paint(folder / ("round", "square")[k % 2] / f"{k:03d}.png", side, side, seed=k, grey=grey)


def broken(folder: Path) -> None:
    """The files BROKEN beside photographs: cut off, no image, empty; and files that nobody takes for images."""
    whole = next(folder.rglob("*.jpg")).read_bytes()
    for name, data in zip(BROKEN, (whole[: len(whole) // 2], b"no image", b""), strict=True):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    for name in ("notes.txt", "cats/.DS_Store", ".hidden/secret.jpg", "cats/.thumb.jpg", "README.md"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"not for training")
