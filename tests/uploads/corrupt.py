"""Files corrupted by accident or ill will: bytes changed, ends cut off, sizes claimed that are not there.

`read_corrupt(most)` reads so many of them, in this process, and says what that took (measure.py does it in its own).
"""

from __future__ import annotations

import re
import struct
import time
import zlib
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.uploads.samples import EVERY, image_or_sentence

WILD = st.sampled_from([0, 1, 4, 7071, 16_383, 65_535, 2**31 - 1]) | st.integers(1, 60_000)
ALLOWED = st.sampled_from([(4000, 3000), (4096, 4096), (6000, 4000), (7000, 7000), (7071, 7071), (1600, 31_000)])
SIZES = ALLOWED | st.tuples(st.integers(4, 8000), st.integers(4, 8000)) | st.tuples(WILD, WILD)
CHANGES = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4)
HOW = st.one_of(  # a claim or none, bytes to change, where the file ends
    st.tuples(st.none(), CHANGES, st.just(1.0)),
    st.tuples(st.none(), st.just([]), st.floats(0, 1)),
    st.tuples(SIZES, st.just([]), st.just(1.0)),
    st.tuples(SIZES, CHANGES, st.floats(0.5, 1)),
)
TIFF_SIZES = (256, 257, 278, 322, 323)  # width, height, rows in a strip, width and height of a tile


def claim(name: str, data: bytes, width: int, height: int) -> bytes:
    """The same file, with another size in its header, as far as that has room for it."""
    return CLAIMS[name.replace(",", " ").split()[0]](bytearray(data), width, height)


def _claim_png(data: bytearray, width: int, height: int) -> bytes:
    struct.pack_into(">II", data, 16, width, height)
    struct.pack_into(">I", data, 29, zlib.crc32(data[12:29]))
    return bytes(data)


def _claim_jpeg(data: bytearray, width: int, height: int) -> bytes:
    frame = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
    struct.pack_into(">HH", data, frame + 5, height & 0xFFFF, width & 0xFFFF)
    return bytes(data)


def _claim_gif(data: bytearray, width: int, height: int) -> bytes:
    struct.pack_into("<HH", data, 6, width & 0xFFFF, height & 0xFFFF)
    first = data.index(b"," + bytes(4))  # the image's own place on the screen
    if width % 2:
        struct.pack_into("<HH", data, first + 5, width & 0xFFFF, height & 0xFFFF)
    return bytes(data)


def _claim_bmp(data: bytearray, width: int, height: int) -> bytes:
    struct.pack_into("<ii", data, 18, width, height)
    if width % 4 == 1:
        struct.pack_into("<HI", data, 28, 8, 1)  # eight bits, in run lengths
    return bytes(data)


def _claim_tiff(data: bytearray, width: int, height: int) -> bytes:
    order = "<" if data[:2] == b"II" else ">"
    (start,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, start)
    for entry in range(start + 2, start + 2 + 12 * count, 12):
        (tag,) = struct.unpack_from(order + "H", data, entry)
        if tag in TIFF_SIZES:
            value = width if tag in (256, 322) else height
            struct.pack_into(order + "HI", data, entry + 2, 4, 1)
            struct.pack_into(order + "I", data, entry + 8, value)
    return bytes(data)


def _claim_webp(data: bytearray, width: int, height: int) -> bytes:
    at = 20  # where the first chunk's body begins
    if data[12:16] == b"VP8X":
        canvas = (width - 1 & 0xFFFFFF) | (height - 1 & 0xFFFFFF) << 24
        data[at + 4 : at + 10] = canvas.to_bytes(6, "little")
        frame = data.find(b"ANMF") + 8
        if width % 2 and frame > 8:
            data[frame + 6 : frame + 12] = canvas.to_bytes(6, "little")
    elif data[12:16] == b"VP8L":
        (old,) = struct.unpack_from("<I", data, at + 1)
        new = (width - 1 & 0x3FFF) | (height - 1 & 0x3FFF) << 14 | old & 0xF0000000
        struct.pack_into("<I", data, at + 1, new)
    else:
        struct.pack_into("<HH", data, at + 6, width & 0x3FFF, height & 0x3FFF)
    return bytes(data)


def _claim_avif(data: bytearray, width: int, height: int) -> bytes:
    struct.pack_into(">II", data, data.index(b"ispe") + 8, width, height)
    return bytes(data)


def _claim_ppm(data: bytearray, width: int, height: int) -> bytes:
    return re.sub(rb"16\s24", b"%d %d" % (width, height), bytes(data), count=1)


def _claim_tga(data: bytearray, width: int, height: int) -> bytes:
    struct.pack_into("<HH", data, 12, width & 0xFFFF, height & 0xFFFF)
    return bytes(data)


def _claim_pcx(data: bytearray, width: int, height: int) -> bytes:
    struct.pack_into("<HH", data, 8, width - 1 & 0xFFFF, height - 1 & 0xFFFF)
    return bytes(data)


CLAIMS = {
    **dict.fromkeys(("PNG", "APNG"), _claim_png),
    **dict.fromkeys(("JPEG", "MPO"), _claim_jpeg),
    **{"GIF": _claim_gif, "BMP": _claim_bmp, "TIFF": _claim_tiff, "WebP": _claim_webp, "AVIF": _claim_avif},
    **{"PPM": _claim_ppm, "TGA": _claim_tga, "PCX": _claim_pcx},
}


def read_corrupt(most: int) -> dict:
    """Read `most` corrupt files; a wrong answer to one is an error. Returns counts, and the slowest, in seconds."""
    seen, slowest = Counter(), (0.0, "none")

    @settings(
        max_examples=most, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.sampled_from(sorted(EVERY)), HOW)
    def every_answer_is_right(name, how):
        nonlocal slowest
        size, changes, end = how
        data = bytearray(claim(name, EVERY[name], *size) if size else EVERY[name])
        for place, byte in changes:
            data[int(place**3 * len(data))] = byte  # most of them near the beginning, where headers are
        start = time.process_time()
        image = image_or_sentence(bytes(data[: round(end * len(data))]))
        slowest = max(slowest, (time.process_time() - start, f"{name} claiming {size}"))
        seen["images" if image is not None else "sentences"] += 1
        seen["claims"] += size is not None

    every_answer_is_right()
    return {**seen, "seconds": slowest[0], "slowest": slowest[1]}
