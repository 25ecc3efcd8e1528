"""The Sparse tab: reconstruction, active units and their filters for each weight λ of the penalty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch

from aedemo import checkpoints, datasets
from aedemo.explore.filmstrips import Filmstrip, pca_filmstrip, stride_of, sweep_filmstrip
from aedemo.explore.gallery import find
from aedemo.models.patchwise import Patchwise

MAX_UNITS = 24
START_WEIGHT = 0.1  # λ, where the slider begins


@dataclass(frozen=True)
class ActiveUnit:
    """A unit of the code, the index of its filter in the view's filters, and its activation in the image."""

    unit: int
    filter: int
    activation: float


@dataclass(frozen=True)
class WideRun:
    """The metrics of a run with more units than those of the sweep, on the test split."""

    weight: float
    units: int
    test_error: float
    active_units: float
    probe_error: float | None


@dataclass(frozen=True)
class SparseView:
    """Everything that the λ slider scrubs through.

    weights: (F,) the values of λ; units: (F,) K at each, one width but in sweeps that older versions trained
    reconstruction, pca: filmstrips; overlapping: whether patches overlap, None where the models see whole images
    components: (F,) of PCA: as many as the sparse code has active units on average
    active: (F,) units that are active in this image (for photographs, a patch on average)
    strongest: for each λ up to 24 units, the most active in this image first
    filters: float32 (G, C, h, w), decoder columns of those units, each scaled to [-1, 1]
    test_error, code_sum, active_units, dead_units: (F,) on the test split; code_sum is Σ|z|, the penalty on the code
    probe_error: (F,) share of test images that a linear probe on the code classifies wrongly; pixel_probe_error: the
        same on raw pixels; None where it was not measured, as on photographs
    wide: a run apart from the sweep, where one was trained
    """

    weights: tuple[float, ...]
    units: tuple[int, ...]
    clean: np.ndarray
    reconstruction: Filmstrip
    pca: Filmstrip
    overlapping: bool | None
    components: tuple[int, ...]
    active: np.ndarray
    strongest: tuple[tuple[ActiveUnit, ...], ...]
    filters: np.ndarray
    test_error: tuple[float, ...]
    code_sum: tuple[float, ...]
    active_units: tuple[float, ...]
    dead_units: tuple[int, ...]
    probe_error: tuple[float, ...] | None
    pixel_probe_error: float | None
    wide: WideRun | None


def sparse(dataset: str, image: str, seed: int = 0, overlapping: bool = False) -> SparseView:
    """One image through the run at each λ; the seed changes nothing here.

    overlapping: whether the patches of a photograph overlap, and their reconstructions are averaged. Units are counted
    over patches side by side either way.
    """
    x = find(dataset, image)
    sweep = checkpoints.load(dataset, "sparse")
    stride = stride_of(dataset, overlapping)
    active, strongest, filters = [], [], []
    for weight in sweep.values:
        model = sweep[weight]
        z = Patchwise(model).encode(x)  # (1, patches, K)
        active.append(float((z > 0).float().sum(2).mean()))
        units = _strongest(z[0], len(filters))
        strongest.append(units)
        columns = model.decoder[0].columns().T  # (K, D)
        filters += [columns[unit.unit].view(model.input_shape) for unit in units]
    components = tuple(min(max(1, round(n)), model.dimension) for n in sweep.metrics("active_units"))
    stack = torch.stack(filters)
    return SparseView(
        weights=sweep.values,
        units=sweep.metrics("units"),
        clean=x.numpy(),
        reconstruction=sweep_filmstrip(sweep, x, sweep.values, stride),
        pca=pca_filmstrip(dataset, x, components, stride),
        overlapping=overlapping if datasets.get(dataset).patchwise else None,
        components=components,
        active=np.array(active),
        strongest=tuple(strongest),
        filters=(stack / stack.abs().amax((1, 2, 3), keepdim=True)).numpy(),
        test_error=sweep.metrics("test_error"),
        code_sum=tuple(k * z for k, z in zip(sweep.metrics("units"), sweep.metrics("mean_code"), strict=True)),
        active_units=sweep.metrics("active_units"),
        dead_units=sweep.metrics("dead_units"),
        probe_error=_probe_error(sweep),
        pixel_probe_error=_last_metrics(dataset, "pca").get("pixel_probe_error"),
        wide=_wide(dataset),
    )


def _probe_error(sweep: checkpoints.Sweep) -> tuple[float, ...] | None:
    found = [sweep.header(weight).metrics.get("probe_error") for weight in sweep.values]
    return None if None in found else tuple(found)


def _last_metrics(dataset: str, variant: str) -> Mapping:
    sweep = checkpoints.load(dataset, variant)
    return sweep.header(sweep.values[-1]).metrics


def _wide(dataset: str) -> WideRun | None:
    if not checkpoints.has_runs(dataset, "sparse_wide"):
        return None
    sweep = checkpoints.load(dataset, "sparse_wide")
    metrics = sweep.header(sweep.values[0]).metrics
    return WideRun(
        sweep.values[0], metrics["units"], metrics["test_error"], metrics["active_units"], metrics.get("probe_error")
    )


def _strongest(z: torch.Tensor, first: int) -> tuple[ActiveUnit, ...]:
    """The units with the largest mean activation over the patches z (P, K), at most 24, none that is off."""
    values, units = z.mean(0).topk(min(MAX_UNITS, z.shape[1]))
    on = int((values > 0).sum())
    return tuple(ActiveUnit(int(units[k]), first + k, float(values[k])) for k in range(max(on, 1)))
