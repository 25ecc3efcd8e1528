"""A crowd in front of a static edition behind nginx: `uv run python -m tests.benchmarks.static_edition FOLDER`.

FOLDER is what `aedemo export` wrote. Each person opens a view of another image every two seconds, with a browser's
cache of their own: the document, then the pieces that it names and that they have not seen yet. nginx (Debian's
nginx-light) and the crowd share the machine's cores.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import httpx
import numpy as np

from aedemo.page.static.documents import pieces_of, read_document
from tests.benchmarks.many_people import cpu_seconds
from tests.browser.server import free_port

PACE = 2.0  # seconds from one image to the next
SETTINGS = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes auto;
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


class Crowd:
    """People at one address, the seconds that each of their views took, and what went wrong."""

    def __init__(self, client: httpx.AsyncClient, views: list[str], ends: float):
        self.client, self.views, self.ends = client, views, ends
        self.times: list[float] = []
        self.failures: list[str] = []

    async def person(self, number: int) -> None:
        chance, kept = random.Random(number), set()
        await asyncio.sleep(chance.uniform(0, PACE))  # they do not click in step
        while (began := time.monotonic()) < self.ends:
            try:
                await self.look(chance.choice(self.views), kept)
            except httpx.HTTPError as error:
                self.failures.append(repr(error))
            self.times.append(time.monotonic() - began)
            await asyncio.sleep(max(0.0, PACE - self.times[-1]))

    async def look(self, view: str, kept: set[str]) -> None:
        if view in kept:
            return
        document = await self.read(view)
        missing = [f"pieces/{name}.piece" for name in pieces_of(read_document(document))]
        missing = [name for name in missing if name not in kept]
        await asyncio.gather(*map(self.read, missing))
        kept.update([view, *missing])

    async def read(self, path: str) -> bytes:
        answer = await self.client.get(quote(path, safe="/=,"))
        return answer.raise_for_status().content


async def play(url: str, folder: Path, people: int, seconds: float) -> None:
    views = sorted(path.relative_to(folder).as_posix() for path in (folder / "view").rglob("*.view"))
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits, trust_env=False) as client:
        crowd = Crowd(client, views, time.monotonic() + seconds)
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before anybody came; {len(views):,} views")
        await asyncio.gather(*(crowd.person(number) for number in range(people)))
    middle, most = statistics.median(crowd.times), np.quantile(crowd.times, 0.95)
    print(f"{people} people: {len(crowd.times):,} views in {seconds:.0f} s, median {middle:.3f} s, p95 {most:.3f} s")
    print(f"{len(crowd.failures)} failed {sorted(set(crowd.failures))[:5]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        port, settings = free_port(), Path(folder, "nginx.conf")
        settings.write_text(SETTINGS.format(folder=folder, port=port, root=options.folder.resolve()))
        Path(folder).chmod(0o755)  # nginx gives up root
        nginx = subprocess.Popen(["nginx", "-c", str(settings)])
        try:
            time.sleep(2)
            asyncio.run(play(f"http://127.0.0.1:{port}/", options.folder, options.people, options.seconds))
            workers = Path(f"/proc/{nginx.pid}/task/{nginx.pid}/children").read_text().split()
            print(f"nginx used {sum(map(cpu_seconds, map(int, workers))):.2f} s of the processor")
        finally:
            nginx.terminate()
            nginx.wait(10)


if __name__ == "__main__":
    main()
