"""How many threads one computation takes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any, TypeVar

import torch
from threadpoolctl import threadpool_limits
from torch import Tensor

T = TypeVar("T")


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


def beside(compute: Callable[..., T], *arguments: Any) -> Future[T]:
    """A computation without gradients on one of the cores, while the caller goes on with others.

    It may use nothing of this module, and would wait for the core that it takes itself.
    """
    return _cores().submit(torch.no_grad()(compute), *arguments)


def together(parts: Mapping[str, Callable[[], T]]) -> dict[str, T]:
    """What each function gives, by its name: for images that are compressed side by side; see `beside`."""
    futures = {name: beside(compute) for name, compute in parts.items()}
    return {name: future.result() for name, future in futures.items()}


@cache
def _cores() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="frame")
