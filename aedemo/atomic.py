"""Files that appear whole or not at all, so that whoever was stopped can go on."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path


def write(path: Path, save: Callable[[Path], object]) -> Path:
    """Let `save` write a file beside its place, and move it there when it is whole. Returns its path.

    Processes and threads that write the same file do not disturb each other: the last one stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.stem}.{os.getpid()}-{threading.get_ident()}.part")
    save(unfinished)
    unfinished.replace(path)
    return path


def write_text(path: Path, text: str) -> Path:
    """Write a text in UTF-8, all of it or nothing."""
    return write(path, lambda part: part.write_text(text, encoding="utf-8"))
