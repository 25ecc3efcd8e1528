"""`python app.py` in a process of its own, told by environment variables where to listen."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).parents[2]
PATIENCE = 180  # seconds until it must answer, on a machine that trains beside


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running page; `folder` takes its log and what people upload. Environment variables may be added.

    port: where another Server has run, to start again in its place
    python, tree: another interpreter, a copy of the tree; command: what it runs
    """

    def __init__(
        self,
        folder: Path,
        port: int | None = None,
        python: Path | str = sys.executable,
        tree: Path = ROOT,
        command: Sequence[str] = ("app.py",),
        **environment: str,
    ):
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.log = folder / "server.log"
        variables = {"GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_SERVER_PORT": str(self.port),
                     "GRADIO_TEMP_DIR": str(folder / "uploads"), "PYTHONUNBUFFERED": "1",
                     "AEDEMO_PREFETCH": "0", **environment}  # fmt: skip
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [str(python), *command], cwd=tree, env=os.environ | variables, stdout=log, stderr=subprocess.STDOUT
            )

    def __enter__(self) -> Server:
        ends = time.monotonic() + PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > ends:
                self.__exit__()
                raise RuntimeError(f"app.py does not answer at {self.url}:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.2)
        return self

    def __exit__(self, *_) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def check(self) -> None:
        """Fails at once where the process has ended, with its last words, instead of after a minute of waiting."""
        assert self.process.poll() is None, f"app.py has ended:\n{self.log.read_text()[-3000:]}"

    def _answers(self) -> bool:
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(self.url, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False


class SharedServer:
    """One Server for all processes of a test run: the first starts it, the last that leaves ends it.

    What it has read and computed for one of them is there for the others.
    """

    def __init__(self, folder: Path):
        folder.mkdir(exist_ok=True)
        self.folder, self.log, self.own = folder, folder / "server.log", None

    @contextmanager
    def _users(self) -> Iterator[dict]:
        """Port, process and number of users, for one process of the run at a time."""
        with (self.folder / "users.json").open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            users = json.loads(file.read() or "{}")
            yield users
            file.truncate(0)
            file.write(json.dumps(users))

    def __enter__(self) -> SharedServer:
        with self._users() as users:
            if not users:
                self.own = Server(self.folder).__enter__()
                users |= {"port": self.own.port, "process": self.own.process.pid, "count": 0}
            users["count"] += 1
            self.url, self.process = f"http://127.0.0.1:{users['port']}/", users["process"]
        return self

    def __exit__(self, *_) -> None:
        with self._users() as users:
            users["count"] -= 1
            if users["count"]:
                return
            users.clear()
        if self.own:
            self.own.__exit__()
        else:
            os.kill(self.process, signal.SIGTERM)

    def check(self) -> None:
        """Fails at once where the process has ended, with its last words, instead of after a minute of waiting."""
        if self.own:
            return self.own.check()
        state = Path(f"/proc/{self.process}/stat")
        ended = not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"
        assert not ended, f"app.py has ended:\n{self.log.read_text()[-3000:]}"


class Files:
    """A folder behind `python -m http.server`'s own handler, below a path, as on a host that others share."""

    def __init__(self, folder: Path):
        handler = partial(Quiet, directory=str(folder.parent))
        self.files = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.files.server_port}/{folder.name}/"

    def __enter__(self) -> Files:
        Thread(target=self.files.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self.files.shutdown()
        self.files.server_close()

    def check(self) -> None:
        """There is no process that could have ended."""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_) -> None:
        pass
