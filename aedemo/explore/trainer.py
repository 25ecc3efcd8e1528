"""A process of its own that trains for the page, one run after the other, and hands over records as they come.

Small networks spend their time in Python, so two threads of one process would wait for each other, and for them whoever
looks at another tab.
"""

from __future__ import annotations

import contextlib
import os
from multiprocessing.connection import Connection

import numpy as np
import torch

from aedemo.explore.replay_bytes import stream
from aedemo.explore.training import TrainingSettings, prepare, record, replay

NICE = 10  # lets whoever only looks at the page go first


def serve(connection: Connection) -> None:
    """Take (settings, uint8 images (N, C, 16, 16) or None) from the connection; send the records of the replay.

    An empty record ends a replay. None, sent meanwhile, stops the run. Ends when the other side is gone.
    """
    torch.set_num_threads(1)
    record(prepare(TrainingSettings(steps=2)))  # the first run of a process loads libraries for some seconds
    if hasattr(os, "nice"):
        os.nice(NICE)
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            job = connection.recv()
            if job is not None:  # None: what was to be stopped had ended by itself
                _train(connection, *job)


def _train(connection: Connection, settings: TrainingSettings, images: np.ndarray | None) -> None:
    setup = prepare(settings, None if images is None else to_floats(images))
    for found in stream(setup, replay(setup)):
        connection.send_bytes(found)
        if connection.poll():
            connection.recv()
            break
    connection.send_bytes(b"")


def to_floats(images: np.ndarray) -> torch.Tensor:
    """uint8 -> float32 in [0, 1], the very values that `images.read_collection` has."""
    return torch.tensor(images).float() / 255
