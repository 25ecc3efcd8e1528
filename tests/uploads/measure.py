"""Reads image files, each in a process of its own, and prints what that took, a line of JSON each.

python -m tests.uploads.measure COUNT FILE …: every codec has read something small before, and only then a process is
split off for each file, so that its memory counts from there. The last process reads COUNT corrupt files (corrupt.py).
For Linux, where ru_maxrss is in KiB.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from aedemo import uploads
from tests.uploads.corrupt import read_corrupt
from tests.uploads.samples import EVERY


def peak() -> float:
    """The most memory that this process has held so far, in MB (2²⁰ bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def warm_up() -> None:
    """Read one file of each kind, so that all libraries are loaded and their tables made."""
    for data in EVERY.values():
        uploads.read(data)


def open_one(path: Path) -> dict:
    start = time.process_time()
    try:
        answer = list(uploads.read(path).shape)
    except ValueError as error:
        answer = str(error)
    return {"answer": answer, "seconds": time.process_time() - start}


def apart(task: Callable[[], dict]) -> None:
    """Do it in a process of its own, and print what it says and by how many MB that process grew."""
    if (child := os.fork()) == 0:
        status = 1
        try:
            before = peak()
            result = task()
            print(json.dumps({**result, "grown": peak() - before}), flush=True)
            status = 0
        finally:
            os._exit(status)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit("a process that read images ended badly")


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # Pillow's of large images, hypothesis's of itself
    count, *paths = sys.argv[1:]
    warm_up()
    for path in paths:
        apart(lambda path=path: open_one(Path(path)))
    apart(lambda: read_corrupt(int(count)))
