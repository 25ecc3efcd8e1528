"""Many image files at once, or a ZIP of them, as small images to train on, within bounds of bytes, pixels and number.

A ZIP says how large its files become, and may lie: what comes out of it is counted while it is unpacked.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from PIL import Image
from torch import Tensor

from aedemo.uploads.decoding import FORMATS
from aedemo.uploads.files import read
from aedemo.uploads.frame import Frame
from aedemo.uploads.limits import MAX_BYTES
from aedemo.uploads.placing import resize

MAX_FILES = 200
MAX_PIXELS = 300_000_000  # of all files together: decoding them takes some seconds
SIDE = 16
ZIP_START = b"PK\x03\x04"
BROKEN_ZIP = (
    "This ZIP is damaged, encrypted or packed in an unusual way: pack the images anew, or choose them one by one."
)


@dataclass(frozen=True, eq=False)
class Collection:
    """Small images made of many files.

    images:  float32 (N, 1 or 3, 16, 16) in [0, 1], in 256 levels; grey where all files are
    skipped: (name, reason) of each file that could not be read
    """

    images: Tensor
    skipped: tuple[tuple[str, str], ...]


def read_collection(files: Mapping[str, bytes]) -> Collection:
    """The middle square of each image at 16×16; files: their bytes by name, a ZIP counts as the files in it.

    Raises ValueError, with a sentence for the person who brought them, where they are more than 200 files, 20 MB packed
    or unpacked, or 300 million pixels, and where none of them can be read.
    """
    size = sum(map(len, files.values()))
    if size > MAX_BYTES:
        raise ValueError(f"These files have {size / 1e6:.1f} MB; bring up to {MAX_BYTES / 1e6:.0f} MB.")
    images, skipped, pixels = [], [], 0
    for name, data in _limited(_unpacked(files)):
        pixels += _pixels(data)
        if pixels > MAX_PIXELS:
            raise ValueError(f"These images have more than {MAX_PIXELS // 10**6} million pixels: make them smaller.")
        try:
            images.append(resize(Frame.whole().cut_square(read(data)), (SIDE, SIDE)))
        except ValueError as error:
            skipped.append((name, str(error)))
    if not images:
        reason = f" {skipped[0][0]}: {skipped[0][1]}" if skipped else ""
        raise ValueError(f"None of these files is an image that can be read.{reason}")
    found = (torch.stack(images) * 255).round() / 255
    if all(torch.equal(image[:1].expand_as(image), image) for image in found):
        return Collection(found[:, :1].contiguous(), tuple(skipped))
    return Collection(found, tuple(skipped))


def _limited(files: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """The same files; ValueError where they are too many, or unpacked too large."""
    size = 0
    for count, (name, data) in enumerate(files, 1):
        size += len(data)
        if count > MAX_FILES:
            raise ValueError(f"These are more than {MAX_FILES} files; bring up to {MAX_FILES} images.")
        if size > MAX_BYTES:
            raise ValueError(
                f"These files have more than {MAX_BYTES / 1e6:.0f} MB when they are unpacked; bring fewer."
            )
        yield name, data


def _unpacked(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Each file, and in the place of a ZIP those in it, but for hidden ones and those that macOS adds."""
    for name, data in files.items():
        if not data.startswith(ZIP_START):
            yield name, data
            continue
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for member in archive.infolist():
                    if not member.is_dir() and not _hidden(member.filename):
                        with archive.open(member) as file:
                            yield member.filename, file.read(MAX_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as error:
            raise ValueError(BROKEN_ZIP) from error


def _hidden(path: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in path.split("/"))


def _pixels(data: bytes) -> int:
    """How many pixels an image claims to have; 0 of what `read` will refuse anyway."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            return image.width * image.height
    except Exception:  # a damaged file raises whatever its decoder met
        return 0
