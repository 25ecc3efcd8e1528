"""How many threads one computation takes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

import torch
from threadpoolctl import threadpool_limits
from torch import Tensor


def one_each() -> None:
    """Let each computation keep to one thread, unless OMP_NUM_THREADS says otherwise.

    A page serves people side by side, one thread for each who waits. Threads within a computation would wait for each
    other beside them, busily, and these models are too small to gain by them.
    """
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(1)
        threadpool_limits(1, user_api="blas")  # numpy's


def each_frame(compute: Callable[..., Tensor], *arguments: Iterable) -> Tensor:
    """What a function makes of the arguments of each frame, (F, …), the frames shared out among the cores.

    compute: (…) -> (1, …), as `map` calls it, without gradients. For frames that take long, as those of overlapping
    patches and of a vision transformer.
    """
    return torch.cat(list(_cores().map(torch.no_grad()(compute), *arguments)))


def beside(compute: Callable[..., Tensor], *arguments: Tensor) -> Future[Tensor]:
    """A computation without gradients on one of the cores, while the caller goes on with others."""
    return _cores().submit(torch.no_grad()(compute), *arguments)


@cache
def _cores() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="frame")
