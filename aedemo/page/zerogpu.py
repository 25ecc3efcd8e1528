"""On a ZeroGPU Space, which starts only if a function is registered for its accelerator."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable


def register() -> Callable[[], str] | None:
    """Registers one function with `spaces.GPU` where that package is there, and returns it; None elsewhere.

    The page itself computes on the processor, where a view takes some tenths of a second.
    """
    if importlib.util.find_spec("spaces") is None:
        return None
    spaces = importlib.import_module("spaces")  # before anything uses an accelerator, as it asks

    from aedemo.explore.accelerator import accelerator

    return spaces.GPU(accelerator)
