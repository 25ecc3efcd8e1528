"""How weights lie on disk: as float32, as float16, or as whole numbers from -127 to 127 with a scale for each row.

The last takes a quarter of the first. A row of a matrix is what one unit is given; its scale is that of its largest
weight, so no weight is off by more than 1/254 of it. Biases and means, which are few, stay float16.
Dettmers et al., LLM.int8(): 8-bit matrix multiplication for transformers at scale (2022), section 2.1.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

LEVELS = 127
SCALE = ".scale"  # after the name of a matrix: the name of its scales


def pack(weights: Mapping[str, Tensor], dtype: torch.dtype) -> dict[str, Tensor]:
    """A model's weights as they are written; dtype: float32, float16 or int8."""
    if dtype != torch.int8:
        return {name: value.to(dtype).contiguous() for name, value in weights.items()}
    packed = {}
    for name, value in weights.items():
        if value.ndim < 2:
            packed[name] = value.to(torch.float16).contiguous()
            continue
        scale = value.abs().amax(-1, keepdim=True).clamp_min(1e-12) / LEVELS  # (..., rows, 1)
        packed[name] = (value / scale).round().to(torch.int8).contiguous()
        packed[name + SCALE] = scale.float().contiguous()
    return packed


def unpack(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What `pack` wrote, as float32 again."""
    weights = {name: value.float() for name, value in tensors.items() if not name.endswith(SCALE)}
    for name, value in weights.items():
        if tensors[name].dtype == torch.int8:
            weights[name] = value * tensors[name + SCALE]
    return weights
