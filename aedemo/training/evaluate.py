"""The figures of a trained run, measured on the test split: what stands in a checkpoint's header and in the model card.

Errors of dense variants are squared errors summed over the inputs of a picture (or patch), averaged over the pictures.
Errors of the masked one are squared errors per value, counted on removed or on visible patches alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from scipy.linalg import subspace_angles
from torch import Tensor, nn

from aedemo import datasets
from aedemo.checkpoints import Setting, load
from aedemo.corruption import MASK_KNOB, NOISES, corrupt
from aedemo.models import PCA, VARIANTS
from aedemo.models.errors import picture_errors
from aedemo.models.patchwise import pixel_mask
from aedemo.training.fit import _floats, _resized
from aedemo.training.probe import probe_error, probed

MASKED_PICTURES, MASKS = 500, 25
NOISE_SEED = 7
NEED_PCA = ("linear", "shallow")  # their figures hold the angles to PCA's subspace


def evaluate(model: nn.Module, dataset: str, variant: str) -> dict[str, float | list]:
    """All figures of a run, rounded to six digits; the model lies on the CPU, in eval mode."""
    with torch.no_grad():
        if VARIANTS[variant].whole_picture:
            figures = _masked_figures(model, whole_pictures(dataset, "test"))
        else:
            train, test = (datasets.load_inputs(dataset, split).images for split in datasets.SPLITS)
            figures = _dense_figures(model, dataset, variant, train, test)
    return {name: _rounded(value) for name, value in figures.items()}


def main_error(variant: str, setting: Setting, figures: Mapping) -> float:
    """The one figure that says how well a run does its task: the test error, at the noise or mask it was trained at."""
    if variant == "denoising":
        noise, level = setting
        return figures["error_at"][NOISES[noise].knob().index(level)]
    return figures["masked_error_at"][MASK_KNOB.index(setting)] if variant == "masked" else figures["test_error"]


def whole_pictures(dataset: str, split: str) -> Tensor:
    """Whole pictures at the masked variant's size, float32 (N, C, H, W) in [0, 1]."""
    return _floats(_resized(datasets.load(dataset, split).images, datasets.get(dataset).picture_shape[1:]))


@torch.no_grad()
def errors_on_test_pictures(model: nn.Module, dataset: str, variant: str) -> Tensor:
    """How badly a run draws each of a sample of whole test pictures, (N,): see models/errors.py."""
    x = datasets.test_sample(dataset).images
    if VARIANTS[variant].whole_picture:
        x = _resized(x, datasets.get(dataset).picture_shape[1:])
    return picture_errors(model, x)


def squared_error(model: nn.Module, x: Tensor, target: Tensor | None = None) -> float:
    """Squared error summed over the inputs, averaged over x (N, C, H, W); the target is x itself unless given."""
    target = x if target is None else target
    parts = zip(x.split(10_000), target.split(10_000), strict=True)
    return sum((model(a) - b).square().sum().item() for a, b in parts) / len(x)


def principal_angles(columns: Tensor, eigenvectors: Tensor) -> Tensor:
    """Angles in degrees, rising, between the spans of two matrices of columns (D, M) each; scipy's."""
    falling = subspace_angles(columns.double().numpy(), eigenvectors.double().numpy())
    return torch.rad2deg(torch.from_numpy(falling)).flip(0)


def _dense_figures(model, dataset: str, variant: str, train: Tensor, test: Tensor) -> dict:
    figures = {"test_error": squared_error(model, test), "train_error": squared_error(model, train)}
    if variant in NEED_PCA:
        pca = load(dataset, "pca")[model.decoder[0].in_features]
        figures["principal_angles"] = principal_angles(model.decoder[0].weight, pca.components.T).tolist()
    if variant == "sparse":
        figures |= _sparsity(model, test)
    if variant == "denoising":
        kind = NOISES[model.noise]
        noisy = [corrupt(test, kind.name, level, NOISE_SEED) for level in kind.knob()]
        figures["error_at"] = [squared_error(model, x, test) for x in noisy]
        figures["noisy_error_at"] = [(x - test).square().flatten(1).sum(1).mean().item() for x in noisy]
    if probed(dataset, variant):
        figures["probe_error"] = probe_error(model, dataset)
    if variant == "pca" and model.latent_dim == model.mean.numel():
        for kind in NOISES.values():
            chosen, errors = _best_projections(model, kind, train[:20_000], test)
            figures |= {f"{kind.name}_components": chosen, f"{kind.name}_error_at": errors}
        if probed(dataset, "sparse"):
            figures["pixel_probe_error"] = probe_error(None, dataset)
    return figures


def _sparsity(model, test: Tensor) -> dict:
    z = model.encode(test)  # (N, K)
    on = z > 0
    return {
        "units": z.shape[1],
        "mean_code": z.abs().mean().item(),
        "active_units": on.float().sum(1).mean().item(),
        "dead_units": int((~on.any(0)).sum()),
    }


def _best_projections(pca: PCA, kind, train: Tensor, test: Tensor) -> tuple[list[int], list[float]]:
    """For each level of the knob: the number of components that is best on training pictures, and its test error.

    In the basis of all components a projection on the first k leaves Σ_{j≤k} (z̃_j − z_j)² + Σ_{j>k} z_j².
    """
    chosen, errors = [], []
    for level in kind.knob():
        clean, noisy = pca.encode(train), pca.encode(corrupt(train, kind.name, level, NOISE_SEED + 1))
        kept = torch.cat([torch.zeros(1), (noisy - clean).square().mean(0).cumsum(0)])
        lost = clean.square().mean(0)
        lost = torch.cat([lost.flip(0).cumsum(0).flip(0), torch.zeros(1)])
        k = 1 + int((kept + lost)[1:].argmin())
        y = pca(corrupt(test, kind.name, level, NOISE_SEED), components=k)
        chosen.append(k)
        errors.append((y - test).square().flatten(1).sum(1).mean().item())
    return chosen, errors


def _masked_figures(model, test: Tensor) -> dict:
    """Errors at each frame of the mask slider; groups of pictures share a mask, so that PCA solves once a group."""
    groups = test[datasets.evenly_spread(len(test), MASKED_PICTURES)].chunk(MASKS)
    figures = {"masked_error_at": [], "visible_error_at": [], "mean_fill_error_at": []}
    for ratio in MASK_KNOB:
        sums = torch.zeros(3, dtype=torch.float64)
        removed_values = visible_values = 0.0
        for seed, x in enumerate(groups):
            answer = model.reconstruct(x, mask_ratio=ratio, seed=seed)
            removed = pixel_mask(answer.mask, model.patch_size).expand_as(x)
            error = (answer.output - x).square()
            fill = (visible_mean(x, removed) - x).square()
            sums += torch.stack([(error * removed).sum(), (error * (1 - removed)).sum(), (fill * removed).sum()])
            removed_values += removed.sum().item()
            visible_values += (1 - removed).sum().item()
        for name, total in zip(figures, sums.tolist(), strict=True):
            count = visible_values if name == "visible_error_at" else removed_values
            figures[name].append(total / count if count else 0.0)
    return figures


def visible_mean(x: Tensor, removed: Tensor) -> Tensor:
    """The mean of each channel's visible values, (N, C, 1, 1); removed: 1 = removed, of the shape of x (N, C, H, W)."""
    visible = 1 - removed
    return (x * visible).sum((2, 3), keepdim=True) / visible.sum((2, 3), keepdim=True)


def _rounded(value):
    if isinstance(value, list):
        return [_rounded(v) for v in value]
    return value if isinstance(value, int) else float(f"{value:.6g}")
