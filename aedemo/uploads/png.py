"""The chunks of a PNG that its pixels need; the rest is passed over unread, whatever its size or checksum."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
NEEDED = (b"tRNS", b"iCCP", b"gAMA", b"cHRM", b"sRGB", b"eXIf")  # beside the critical ones
TEXTS = (b"tEXt", b"zTXt", b"iTXt")
ORIENTED = (b"Raw profile type exif\0", b"XML:com.adobe.xmp\0")  # texts that may say how the camera was held
MAX_TEXT = 65_536  # bytes of such a text, compressed or not


def without_notes(data: bytes) -> bytes:
    """The PNG without the ancillary chunks that change no pixel, without animation, and without damaged notes.

    As browsers do, an ancillary chunk with a wrong checksum is passed over. Raises ValueError where the checksum of a
    critical chunk is wrong. What comes after a truncated chunk is kept as it is, for the decoder to judge.
    """
    return b"".join((SIGNATURE, *_kept(data)))


def _kept(data: bytes) -> Iterator[memoryview]:
    view, start = memoryview(data), len(SIGNATURE)
    while start + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, start)
        end = start + 12 + length
        if end > len(data):
            break
        intact = zlib.crc32(view[start + 4 : end - 4]) == int.from_bytes(view[end - 4 : end])
        critical = not name[0] & 0x20
        if critical and not intact:
            raise ValueError("a critical chunk has a wrong checksum")
        if critical or (intact and _is_needed(name, view[start + 8 : end - 4])):
            yield view[start:end]
        if name == b"IEND":
            return
        start = end
    yield view[start:]


def _is_needed(name: bytes, body: memoryview) -> bool:
    return name in NEEDED or (name in TEXTS and _says_orientation(body))


def _says_orientation(text: memoryview) -> bool:
    if len(text) > MAX_TEXT or not bytes(text[:24]).startswith(ORIENTED):
        return False
    body = bytes(text).partition(b"\0")[2]
    for skipped in (1, 4):  # zTXt: the method; iTXt: flag, method, language and translation, both empty
        unpacker = zlib.decompressobj()
        try:
            unpacker.decompress(body[skipped:], MAX_TEXT)
        except zlib.error:
            continue
        return not unpacker.unconsumed_tail
    return True
