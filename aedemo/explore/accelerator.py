"""What the models could run on beside the processor."""

from __future__ import annotations

import torch


def accelerator() -> str:
    """The name of the accelerator, or "cpu"."""
    return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
