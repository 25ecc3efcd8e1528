"""How many threads one computation takes."""

from __future__ import annotations

import os

import torch
from threadpoolctl import threadpool_limits


def one_each() -> None:
    """Let each computation keep to one thread, unless OMP_NUM_THREADS says otherwise.

    A page serves people side by side, one thread for each who waits. Threads within a computation would wait for each
    other beside them, busily, and these models are too small to gain by them.
    """
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(1)
        threadpool_limits(1, user_api="blas")  # numpy's
