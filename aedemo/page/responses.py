"""The response cache: what is asked about an image of the gallery is computed once, for everybody.

Kept in memory alone, and never what a person made: no image of their own, no mask made by hand.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import struct
import zlib
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache, cached_property
from threading import BoundedSemaphore, Lock

MAX_BYTES = 128 * 2**20


@dataclass(frozen=True)
class Document:
    """A response's body, compressed once, and well if it is kept; lasting: whether the same address always gives it."""

    compressed: bytes
    lasting: bool = True

    @classmethod
    def of(cls, text: bytes, images: bytes = b"", *, lasting: bool = True) -> Document:
        """A body of text and of images behind it, which are compressed already: a few % are left for what is kept."""
        return cls(gzip.compress(text + images, 6, mtime=0) if lasting else _gzip(text, images), lasting)

    @property
    def body(self) -> bytes:
        return gzip.decompress(self.compressed)

    @cached_property
    def etag(self) -> str:
        return f'"{hashlib.blake2b(self.compressed, digest_size=12).hexdigest()}"'


@cache
def cores() -> BoundedSemaphore:
    """Entered by whoever computes or reads a file: no more do so at a time than there are cores."""
    return BoundedSemaphore(os.cpu_count() or 1)


class ResponseCache:
    """Documents by their addresses; those not asked for longest go when they would fill more than `limit` bytes.

    Whoever asks for what is being computed already waits for that document: a class that opens the page computes once.
    """

    def __init__(self, limit: int = MAX_BYTES):
        self.limit, self.size = limit, 0
        self._lock = Lock()
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._pending: dict[str, Future] = {}

    def peek(self, address: str) -> Document | None:
        """The document at an address if it is kept; computes nothing and never waits long."""
        with self._lock:
            if address in self._kept:
                self._kept.move_to_end(address)
            return self._kept.get(address)

    def get(self, address: str, compute: Callable[[], Document]) -> Document:
        """The document at an address: kept, under way, or computed now. Only a lasting one is kept."""
        with self._lock:
            if address in self._kept:
                self._kept.move_to_end(address)
                return self._kept[address]
            pending = self._pending.get(address)
            mine = pending is None
            if mine:
                pending = self._pending[address] = Future()
        if not mine:
            return pending.result()
        try:
            with cores():
                found = compute()
        except BaseException as error:
            self._finish(address)
            pending.set_exception(error)
            raise
        if found.lasting:
            self.keep(address, found)
        self._finish(address)
        pending.set_result(found)
        return found

    def keep(self, address: str, found: Document) -> None:
        """Keep a document that was computed elsewhere."""
        with self._lock:
            if address in self._kept:
                return
            self._kept[address] = found
            self.size += len(address) + len(found.compressed)
            while self.size > self.limit:
                gone, document = self._kept.popitem(last=False)
                self.size -= len(gone) + len(document.compressed)

    def _finish(self, address: str) -> None:
        with self._lock:
            del self._pending[address]


def _gzip(text: bytes, images: bytes) -> bytes:
    """gzip's format (RFC 1952) of text and of images, which are stored as they are.

    Python's own gzip would search the images too, ten times as long as the text.
    """
    deflated, stored = (zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS) for level in (1, 0))  # without headers
    return b"".join(
        (
            b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff",  # deflate, no name, no time, no system
            deflated.compress(text) + deflated.flush(zlib.Z_FULL_FLUSH),  # to the end of a byte, and not the last block
            stored.compress(images) + stored.flush(),
            struct.pack("<II", zlib.crc32(images, zlib.crc32(text)), len(text) + len(images)),
        )
    )
