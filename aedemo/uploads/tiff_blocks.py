"""The samples in the strips and tiles of a TIFF, row by row, whatever their depth, format, order and packing.

libtiff, inside Pillow, unpacks a band of blocks as if its bytes were grey pixels of a TIFF of their own; what these
bytes are is decided here. See TIFF 6.0 (1992), sections 14 and 15, and Adobe's Technical Note 3 (2005).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

UNSIGNED, SIGNED, FLOAT = 1, 2, 3  # SampleFormat
UNCOMPRESSED, DEFLATE = 1, 8
HORIZONTAL, FLOATING_POINT = 2, 3  # Predictor
LARGEST = np.finfo(np.float32).max
BAND = 1_000_000  # samples that are unpacked at once, if a strip or a row of tiles does not hold more


@dataclass(frozen=True)
class Layout:
    """How the samples of a TIFF lie in its bytes.

    samples: of a pixel, each of `bits` bits; kind: their SampleFormat; order: "<" or ">"
    planar: each sample of a pixel is in blocks of its own
    block: (height, width) of a strip or, where tiled, of a tile
    offsets, counts: where each block begins and how many bytes it has, row by row, plane after plane
    """

    width: int
    height: int
    samples: int
    bits: int
    kind: int
    order: str
    compression: int
    predictor: int
    fill_order: int
    planar: bool
    tiled: bool
    block: tuple[int, int]
    offsets: tuple[int, ...]
    counts: tuple[int, ...]

    @property
    def together(self) -> int:
        """Samples of a pixel that lie side by side."""
        return 1 if self.planar else self.samples

    @property
    def planes(self) -> int:
        return self.samples if self.planar else 1

    @property
    def row_bytes(self) -> int:
        """Bytes in a row of a block."""
        return -(-self.block[1] * self.together * self.bits // 8)

    @property
    def across(self) -> int:
        return -(-self.width // self.block[1])

    @property
    def down(self) -> int:
        return -(-self.height // self.block[0])

    @property
    def memory(self) -> int:
        """Bytes that a row of blocks takes while it is unpacked: libtiff's copy of a block, and Pillow's of all."""
        return self.block[0] * self.row_bytes * (1 + self.across * self.planes)


def read_rows(layout: Layout, data: bytes) -> Iterator[np.ndarray]:
    """The samples as float32 (n, W, samples), some rows at a time; what is no finite number is 0.

    Raises ValueError or OSError where blocks are corrupt or truncated.
    """
    height = layout.block[0]
    step = 1 if layout.tiled else max(1, BAND // (height * layout.width * layout.samples))
    chunk = max(1, BAND // (layout.width * layout.samples))
    for first in range(0, layout.down, step):
        count = min(step, layout.down - first)
        planes = [
            _unpack(layout, data, (plane * layout.down + first) * layout.across, count * layout.across)
            for plane in range(layout.planes)
        ]
        rows = min(count * height, layout.height - first * height)
        for top in range(0, rows, chunk):
            yield np.concatenate([_decode(layout, plane, top, min(top + chunk, rows)) for plane in planes], axis=2)


def _unpack(layout: Layout, data: bytes, first: int, count: int) -> Image.Image:
    """The bytes of some blocks, one below the other, as an image of bytes."""
    height, row_bytes = layout.block[0], layout.row_bytes
    rows = height * count if layout.tiled else min(height * count, layout.height - first % layout.down * height)
    offsets = layout.offsets[first : first + count]
    if layout.compression == UNCOMPRESSED:
        body = b"".join(data[offset : offset + height * row_bytes] for offset in offsets)
        mode = "L" if layout.fill_order == 1 else "L;R"
        return Image.frombytes("L", (row_bytes, rows), body[: rows * row_bytes], "raw", mode, 0, 1)
    blocks = [data[at : at + size] for at, size in zip(offsets, layout.counts[first : first + count], strict=True)]
    with Image.open(io.BytesIO(_grey_tiff(layout, rows, blocks)), formats=["TIFF"]) as image:
        image.load()
        return image


def _grey_tiff(layout: Layout, rows: int, blocks: list[bytes]) -> bytes:
    """A TIFF of these blocks as strips, in which every byte is a grey pixel."""
    starts, at = [], 8
    for block in blocks:
        starts.append(at)
        at += len(block)
    many, count = f"{layout.order}{len(blocks)}I", len(blocks)
    entries = {  # tag: (type, count, value)
        256: (4, 1, layout.row_bytes), 257: (4, 1, rows), 258: (4, 1, 8), 259: (4, 1, layout.compression),
        262: (4, 1, 1), 266: (4, 1, layout.fill_order), 273: (4, count, at if count > 1 else starts[0]),
        277: (4, 1, 1), 278: (4, 1, layout.block[0]), 279: (4, count, at + 4 * count if count > 1 else len(blocks[0])),
    }  # fmt: skip
    lists = struct.pack(many, *starts) + struct.pack(many, *map(len, blocks))
    directory = b"".join(struct.pack(f"{layout.order}HHII", tag, *entry) for tag, entry in entries.items())
    head = (b"II" if layout.order == "<" else b"MM") + struct.pack(f"{layout.order}HI", 42, at + len(lists))
    return b"".join((head, *blocks, lists, struct.pack(f"{layout.order}H", len(entries)), directory, bytes(4)))


def _decode(layout: Layout, unpacked: Image.Image, top: int, bottom: int) -> np.ndarray:
    """Rows of one plane, float32 (rows, W, together), from the bytes of its blocks."""
    height, width = layout.block
    beside = [
        np.asarray(unpacked.crop((0, i * height + top, layout.row_bytes, i * height + bottom)))
        for i in range(layout.across)
    ]
    raw = np.stack(beside, axis=1)  # (rows, across, row_bytes)
    values = (_whole_bytes if layout.bits in (8, 16, 32, 64) else _odd_bits)(layout, raw)
    values = values.reshape(bottom - top, layout.across * width, layout.together)[:, : layout.width]
    if layout.kind == FLOAT:
        values = np.nan_to_num(values, posinf=0, neginf=0)
        if layout.bits == 64:
            values = values.clip(-LARGEST, LARGEST)
    return values.astype(np.float32)


def _whole_bytes(layout: Layout, raw: np.ndarray) -> np.ndarray:
    """Samples of 1, 2, 4 or 8 bytes, the predictor undone: (rows, across, width · together)."""
    size, step = layout.bits // 8, layout.together
    pixels = (*raw.shape[:2], -1, step)
    order = layout.order
    if layout.predictor == FLOATING_POINT:  # differences of bytes, after all first bytes came all second ones
        planes = raw.reshape(pixels).cumsum(axis=2, dtype=np.uint8).reshape(*raw.shape[:2], size, -1)
        raw, order = np.ascontiguousarray(planes.swapaxes(2, 3)).reshape(raw.shape), ">"
    values = raw.view(f"{order}u{size}")
    if layout.predictor == HORIZONTAL:
        values = values.reshape(pixels).cumsum(axis=2, dtype=f"u{size}").reshape(values.shape)
        order = "="
    return values.view(f"{order}{ {UNSIGNED: 'u', SIGNED: 'i', FLOAT: 'f'}[layout.kind] }{size}")


def _odd_bits(layout: Layout, raw: np.ndarray) -> np.ndarray:
    """Whole numbers of any other depth, packed without gaps, each row from a byte's beginning."""
    count = layout.block[1] * layout.together
    bits = np.unpackbits(raw, axis=2)[..., : count * layout.bits].reshape(*raw.shape[:2], count, layout.bits)
    values = bits @ (1 << np.arange(layout.bits, dtype=np.int64)[::-1])
    return values if layout.kind == UNSIGNED else values - ((values >> (layout.bits - 1)) << layout.bits)
