"""The release: a digest of code and checkpoints. An address that holds it means the same document for good."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from aedemo import checkpoints

SOURCES = (".py", ".md", ".js", ".css")


@lru_cache(maxsize=1)
def release() -> str:
    """Twelve hexadecimal digits: others whenever a source file or a checkpoint is another one.

    The same in every process and on every machine with the same files, so that any of them may answer.
    """
    found = hashlib.blake2b(digest_size=6)
    package = Path(__file__).parents[1]
    for folder, endings in ((package, SOURCES), (checkpoints.folder(), (".safetensors", ".png"))):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in endings):
            found.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as file:
                found.update(hashlib.file_digest(file, "blake2b").digest())
    return found.hexdigest()
