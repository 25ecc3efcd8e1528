"""Photographs compressed so far that the loss stays small beside the model error that each frame shows."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
from PIL import Image

from aedemo.page.sprites import BLOCK, Source, Sprite, lossless, sheet, shown_as_pixels, sprite, to_bytes, written

MARGIN = 12  # dB by which the compression's squared error stays below the model's
# Quantization steps of JPEG, in grey levels. All frequencies have the same step, which gives the smallest squared error
# for the bytes. Coarser steps would keep the margin where a model errs much, but JPEG's blocks lie on the models'
# patches, and would show.
STEPS = (8, 6, 4, 3, 2, 1)
BLANK = 128  # in the place of what is copied: it costs next to nothing


@dataclass(frozen=True)
class Sheets:
    """Frames in sprites of their own for each step.

    cells: of each frame the sprite, and its place in it
    clean: what the blocks of 8×8 are copied from that are the same there; same: of each frame "1" for each such block
    """

    sprites: tuple[Sprite, ...]
    cells: tuple[tuple[int, int], ...]
    clean: Sprite | None = None
    same: tuple[str, ...] = ()

    def to_payload(self, source: Source = attrgetter("src")) -> dict[str, Any]:
        """The size of a frame, the sprites, where each frame is, and what is copied into it."""
        first = self.sprites[0]
        return {
            "width": first.width, "height": first.height, "frames": len(self.cells), "pixelated": first.pixelated,
            "sheets": [one.to_payload(source) for one in self.sprites], "cells": self.cells,
            "clean": self.clean and self.clean.to_payload(source), "same": self.same,
        }  # fmt: skip


def sheets(images: np.ndarray, errors: Sequence[float], clean: np.ndarray | None = None) -> Sheets | Sprite:
    """Frames float (F, C, H, W) in [0, 1], as coarsely as their errors allow: 4:4:4 JPEG, or lossless.

    errors: (F,) the mean squared error of each frame's model, of which the loss is at most a sixteenth, as measured.
    clean: (1, C, H, W), of which many frames have parts that are the same, as what was visible to a masked model.
    Small images, shown as pixels, and sides of no whole blocks are one lossless sprite.
    """
    frames = to_bytes(images)
    if shown_as_pixels(images) or frames.shape[1] % BLOCK or frames.shape[2] % BLOCK:
        return sprite(images)
    allowed = 255**2 * np.asarray(errors, float) / 10 ** (MARGIN / 10)
    if clean is None:
        return Sheets(*_compressed(frames, allowed))
    same = _blocks(frames == to_bytes(clean)).all(axis=(2, 4, 5))  # (F, rows, columns)
    frames = np.where(same.repeat(BLOCK, 1).repeat(BLOCK, 2)[..., None], np.uint8(BLANK), frames)
    words = tuple("".join("01"[int(block)] for block in frame.flat) for frame in same)
    return Sheets(*_compressed(frames, allowed), sprite(clean), words)


def _blocks(frames: np.ndarray) -> np.ndarray:
    """(F, H, W, C) -> (F, rows, 8, columns, 8, C)"""
    count, height, width, channels = frames.shape
    return frames.reshape(count, height // BLOCK, BLOCK, width // BLOCK, BLOCK, channels)


def _compressed(frames: np.ndarray, allowed: np.ndarray) -> tuple[tuple[Sprite, ...], tuple[tuple[int, int], ...]]:
    """uint8 (F, H, W, C) -> sprites and cells; allowed: (F,) squared error in grey levels."""
    count, height, width, _ = frames.shape
    left, sprites, cells = np.arange(count), [], [(0, 0)] * count
    for step in (*STEPS, 0):
        # A step's error is up to step² / 12 in each channel, and mostly less in colour: so these are worth a try.
        data, media_type, members = _one_sheet(frames, left[allowed[left] >= step**2 / 12], allowed, step)
        if not len(members):
            continue
        for place, frame in enumerate(members.tolist()):
            cells[frame] = len(sprites), place
        columns = sheet(frames[members])[1]
        sprites.append(Sprite(data, media_type, width, height, columns, len(members), False))
        left = np.setdiff1d(left, members)
    return tuple(sprites), tuple(cells)


def _one_sheet(
    frames: np.ndarray, members: np.ndarray, allowed: np.ndarray, step: int
) -> tuple[bytes, str, np.ndarray]:
    """One file of those members whose loss is allowed, its type, and which they are; lossless at step 0."""
    while len(members):
        image, columns = sheet(frames[members])
        if step == 0:
            return *lossless(image, False), members
        data = written(image, "JPEG", qtables=[[step] * 64] * 2, subsampling=0)
        loss = np.asarray(Image.open(io.BytesIO(data))).reshape(image.shape) - image.astype(np.int16)
        cells = np.square(loss, dtype=np.float32).reshape(-1, frames.shape[1], columns, frames[0, 0].size)
        squares = cells.mean(axis=(1, 3))  # (rows, columns)
        good = squares.ravel()[: len(members)] <= allowed[members]
        if good.all():
            return data, "image/jpeg", members
        members = members[good]
    return b"", "", members
