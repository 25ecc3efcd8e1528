"""From `app.py` to the first page, beside what Python needs for torch and Gradio: `… -m tests.benchmarks.starting`.

Both are taken in turns, so that they saw the same machine; the page counts as there when it has been sent whole. Before
the first turn each is run once, since the very first import also fills the system's cache of files.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.browser.server import ROOT, Server

TURNS = 5


def importing() -> float:
    """Seconds of `import torch, gradio` in a process of its own."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import torch, gradio"], cwd=ROOT, check=True)
    return time.perf_counter() - began


def opening() -> float:
    """Seconds until a server that was just started has sent its page."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)):
        return time.perf_counter() - began


def main() -> None:
    importing(), opening()
    turns = [(importing(), opening()) for _ in range(TURNS)]
    imports, pages = (statistics.median(column) for column in zip(*turns, strict=True))
    beyond = statistics.median(page - alone for alone, page in turns)
    print(f"import torch, gradio: {imports:.1f} s; app.py to its first page: {pages:.1f} s; beyond: {beyond:.1f} s")
    print(f"{pages / imports:.2f} times the imports; medians of {TURNS} turns")


if __name__ == "__main__":
    main()
