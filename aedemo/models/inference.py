"""What makes a trained model faster where no gradient is needed, without changing what it computes."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from aedemo.models.dense import UnitNormLinear


class InplaceGELU(nn.GELU):
    """GELU that overwrites its input: allocating a fresh tensor of that size takes as long as computing it.

    Sixteen photographs at a mask ratio of 25 % take 0.8 of the time (`python tests/benchmarks/masked_forward.py`).
    """

    def forward(self, x: Tensor) -> Tensor:
        return F.gelu(x, out=x)


def for_inference(model: nn.Module) -> nn.Module:
    """The model itself, in eval mode and without gradients, from now on for inference only."""
    for module in model.modules():
        if isinstance(module, UnitNormLinear):
            module.freeze()
        for name, child in module.named_children():
            if type(child) is nn.GELU:
                setattr(module, name, InplaceGELU())
            elif type(child) is nn.ReLU:
                child.inplace = True
    return model.eval().requires_grad_(False)
