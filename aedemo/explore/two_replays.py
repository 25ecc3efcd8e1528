"""What two training runs show beside each other: two seeds, or two weights of the sparsity penalty."""

from __future__ import annotations

from dataclasses import replace

from aedemo.explore.minima import align, unexplained
from aedemo.explore.snapshots import Snapshot
from aedemo.explore.training import Replay

SAME_CODE = 0.05  # of the variance


def compare(one: Replay, other: Replay) -> str:
    """What two whole replays show that differ in their seed, or in λ, alone; ValueError for any others."""
    first, second = one.setup.settings, other.setup.settings
    ends = one.last, other.last
    if None in ends:
        raise ValueError("replays to compare must have come to their last step")
    errors = " and ".join(f"{end.train_error:.3g}" for end in ends)
    if first.seed != second.seed and first == replace(second, seed=first.seed):
        return f"Seeds {first.seed} and {second.seed} end at training errors of {errors}.{_same_code(*ends)}"
    weights = first.sparsity_weight, second.sparsity_weight
    if first.variant == "sparse" and first == replace(second, sparsity_weight=weights[0]) != second:
        units = " and ".join(f"{(end.active > 0).sum()} of {first.hidden}" for end in ends)
        return f"λ = {weights[0]:g} and {weights[1]:g} leave {units} units active, at training errors of {errors}."
    raise ValueError("settings to compare must differ in the seed, or in λ of a sparse network, and in nothing else")


def _same_code(one: Snapshot, other: Snapshot) -> str:
    """Whether one code is the other but for an affine map."""
    if one.codes is None or (aligned := align(other.codes.astype(float), one.codes.astype(float))) is None:
        return ""
    left = unexplained(aligned, one.codes)
    if left < SAME_CODE:
        return f" But for {left:.1%} of its variance, one code is an affine map of the other."
    return f" No affine map makes one code of the other: the best leaves {left:.0%} of its variance."
