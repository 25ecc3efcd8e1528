"""How much memory the page takes when all of it has been used: `uv run python -m tests.benchmarks.memory`.

Every tab of every data set is asked for, with each of its choices, so that all sweeps have been read.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from gradio_client import Client

from aedemo import checkpoints
from aedemo.page.tabs import TABS
from tests.browser.server import Server


def resident(pid: int) -> tuple[float, float]:
    """Resident memory of a process now, and at most so far, in MB."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return tuple(int(status[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        client = Client(server.url, verbose=False)
        print(f"started: {resident(server.process.pid)[0]:.0f} MB")
        for data in checkpoints.available():
            for tab in TABS:
                start = [control.default for control in tab.choices]
                client.predict(data, "", 0, *start, api_name=f"/{tab.name}")
                for place, control in enumerate(tab.choices):
                    for value, _ in control.options:
                        chosen = [*start[:place], value, *start[place + 1 :]]
                        client.predict(data, "", 0, *chosen, api_name=f"/{tab.name}")
            now, most = resident(server.process.pid)
            print(f"after all of {data}: {now:.0f} MB, at most {most:.0f} MB", flush=True)
        client.close()


if __name__ == "__main__":
    main()
