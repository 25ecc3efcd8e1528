"""Training runs under way: each in a warm process, as many at a time as there are cores, shared by all who ask."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from aedemo.explore.training import TrainingSettings

Ended = Callable[[bytes], None]  # takes all records of a run that came to its end


class Run:
    """One training run, waiting, under way or over: its records so far, and those who read them."""

    def __init__(self):
        self.records: list[bytes] = []
        self.over = self.failed = self.abandoned = False
        self.readers = 0
        self._lock = threading.Lock()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def join(self) -> bool:
        """One more reader; False where it is too late: the run has failed, or everybody has left and it is stopped."""
        with self._lock:
            if self.failed or self.abandoned:
                return False
            self.readers += 1
            return True

    def add(self, record: bytes) -> None:
        """From the thread that the run belongs to."""
        self.records.append(record)
        self._wake()

    def end(self, failed: bool = False) -> None:
        """No more records come; failed: before the last one."""
        self.failed, self.over = failed, True
        self._wake()

    def _wake(self) -> None:
        for loop, event in tuple(self._waiting):
            with contextlib.suppress(RuntimeError):  # the loop is closed: its reader is gone
                loop.call_soon_threadsafe(event.set)

    async def read(self) -> AsyncIterator[bytes]:
        """All records, as they come, for somebody who has joined. Raises RuntimeError where the run has failed."""
        event = asyncio.Event()
        waiter, place = (asyncio.get_running_loop(), event), 0
        self._waiting.add(waiter)
        try:
            while True:
                event.clear()
                over = self.over  # asked before the records: none comes after it
                while place < len(self.records):
                    place += 1
                    yield self.records[place - 1]
                if over:
                    break
                await event.wait()
            if self.failed:
                raise RuntimeError("the training broke off")
        finally:
            self._waiting.discard(waiter)
            with self._lock:
                self.readers -= 1
                self.abandoned = self.readers == 0


class Trainers:
    """Processes that train (explore/trainer.py), started when the first run asks for one, and kept."""

    def __init__(self, count: int):
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="training")  # each with a process of its own
        self._own = threading.local()
        self.count = count

    def warm(self) -> None:
        """Start all processes now: each loads its libraries for some seconds."""
        together = threading.Barrier(self.count)  # so that each thread takes one task
        for _ in range(self.count):
            self._threads.submit(lambda: (together.wait(), self._connection()))

    def start(self, run: Run, settings: TrainingSettings, images: np.ndarray | None, ended: Ended) -> None:
        """Queue a run that somebody has joined; `ended` is told of it unless it is abandoned or fails."""
        self._threads.submit(self._train, run, settings, images, ended)

    def _train(self, run: Run, settings: TrainingSettings, images: np.ndarray | None, ended: Ended) -> None:
        if run.abandoned:  # while it waited for its turn
            return run.end(failed=True)
        try:
            stopped = self._collect(run, self._connection(), settings, images)
        except (OSError, EOFError):  # the process is gone: the next run starts another
            del self._own.connection
            return run.end(failed=True)
        if not stopped:
            ended(b"".join(run.records))
        run.end(failed=stopped)

    def _collect(self, run: Run, connection, settings: TrainingSettings, images: np.ndarray | None) -> bool:
        """Records from the process to the run; returns whether it was stopped, since nobody waits for it any more."""
        connection.send((settings, images))
        stopped = False
        while record := connection.recv_bytes():
            if run.abandoned and not stopped:
                connection.send(None)
                stopped = True
            if not stopped:
                run.add(record)
        return stopped

    def _connection(self):
        """To this thread's process, which is started where there is none."""
        if not hasattr(self._own, "connection"):
            from aedemo.explore.trainer import serve

            context = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold
            self._own.connection, other = context.Pipe()
            context.Process(target=serve, args=(other,), name="trainer", daemon=True).start()
            other.close()
        return self._own.connection


@lru_cache(maxsize=1)
def trainers() -> Trainers:
    """The page's own, made once per process."""
    return Trainers(os.cpu_count() or 1)
