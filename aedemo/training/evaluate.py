"""The metrics of a trained run, measured on the test split: what stands in a checkpoint's header and in the model card.

Errors of dense variants are squared errors summed over the inputs of an image (or patch), averaged over the images.
Errors of the masked one are squared errors per value, counted on removed or on visible patches alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from scipy.linalg import subspace_angles
from torch import Tensor, nn

from aedemo import datasets
from aedemo.checkpoints import OOD_BOTTLENECK, OOD_VARIANTS, Setting, load
from aedemo.corruption import KIND_RATIOS, MASK_KINDS, NOISES, TEST_MASK_RATIOS, corrupt
from aedemo.models import PCA, VARIANTS, Denoising, Sparse
from aedemo.models.errors import image_errors
from aedemo.models.nonlocal_means import nonlocal_means
from aedemo.models.patchwise import OVERLAP, Patchwise, pixel_mask
from aedemo.training import out_of_distribution
from aedemo.training.fit import as_floats, resized
from aedemo.training.probe import probe_error, probed

MASKED_IMAGES, MASKS = 500, 25
NOISE_SEED = 7
PHOTOGRAPHS = 100  # test photographs that denoisers of patches are measured on as a whole
NEED_PCA = ("linear", "shallow")  # their metrics hold the angles to PCA's subspace


def evaluate(model: nn.Module, dataset: str, variant: str) -> dict[str, float | list]:
    """All metrics of a run, rounded to six digits; the model lies on the CPU, in eval mode."""
    with torch.no_grad():
        if VARIANTS[variant].masks:
            metrics = _masked_metrics(model, whole_images(dataset, "test"))
        else:
            train, test = (datasets.load_inputs(dataset, split).images for split in datasets.SPLITS)
            metrics = _dense_metrics(model, dataset, variant, train, test)
    return {name: _rounded(value) for name, value in metrics.items()}


def main_error(variant: str, setting: Setting, metrics: Mapping) -> float:
    """The one metric that says how well a run does its task: the test error, at the noise or mask it was trained at."""
    if VARIANTS[variant].model is Denoising:
        noise, level = setting
        return metrics["error_at"][NOISES[noise].test_levels().index(level)]
    return metrics["masked_error_at"][TEST_MASK_RATIOS.index(setting)] if variant == "masked" else metrics["test_error"]


def whole_images(dataset: str, split: str) -> Tensor:
    """Whole images at the masked variant's size, float32 (N, C, H, W) in [0, 1]."""
    return as_floats(resized(datasets.load(dataset, split).images, datasets.get(dataset).image_shape[1:]))


@torch.no_grad()
def errors_on_test_images(model: nn.Module, dataset: str, variant: str) -> Tensor:
    """The reconstruction error of each of a sample of whole test images, (N,): see models/errors.py."""
    x = datasets.test_sample(dataset).images
    if VARIANTS[variant].masks:
        x = resized(x, datasets.get(dataset).image_shape[1:])
    return image_errors(model, x)


def squared_error(model: nn.Module, x: Tensor, target: Tensor | None = None) -> float:
    """Squared error summed over the inputs, averaged over x (N, C, H, W); the target is x itself unless given."""
    target = x if target is None else target
    parts = zip(x.split(10_000), target.split(10_000), strict=True)
    return sum((model(a) - b).square().sum().item() for a, b in parts) / len(x)


def principal_angles(columns: Tensor, eigenvectors: Tensor) -> Tensor:
    """Angles in degrees, rising, between the spans of two matrices of columns (D, M) each; scipy's."""
    falling = subspace_angles(columns.double().numpy(), eigenvectors.double().numpy())
    return torch.rad2deg(torch.from_numpy(falling)).flip(0)


def _dense_metrics(model, dataset: str, variant: str, train: Tensor, test: Tensor) -> dict:
    metrics = {"test_error": squared_error(model, test), "train_error": squared_error(model, train)}
    if variant in NEED_PCA:
        pca = load(dataset, "pca")[model.decoder[0].in_features]
        metrics["principal_angles"] = principal_angles(model.decoder[0].weight, pca.components.T).tolist()
    if VARIANTS[variant].model is Sparse:
        metrics |= _sparsity(model, test)
    if VARIANTS[variant].model is Denoising:
        kind = NOISES[model.noise]
        noisy = [corrupt(test, kind.name, level, NOISE_SEED) for level in kind.test_levels()]
        metrics["error_at"] = [squared_error(model, x, test) for x in noisy]
        metrics["noisy_error_at"] = [(x - test).square().flatten(1).sum(1).mean().item() for x in noisy]
        if datasets.get(dataset).patchwise:
            metrics |= _whole_photographs(model, dataset, kind)
    tried = datasets.get(dataset).out_of_distribution and variant in OOD_VARIANTS
    if tried and model.encode(test[:1]).shape[1] == OOD_BOTTLENECK:
        metrics["ood_found"] = out_of_distribution.found(model, dataset)
    if probed(dataset, variant):
        metrics["probe_error"] = probe_error(model, dataset)
    if variant == "pca" and model.latent_dim == model.mean.numel():
        for kind in NOISES.values():
            chosen, errors = _best_projections(model, kind, train[:20_000], test)
            metrics |= {f"{kind.name}_components": chosen, f"{kind.name}_error_at": errors}
            if datasets.get(dataset).patchwise:
                metrics |= _baselines_on_photographs(model, dataset, kind, chosen)
        if probed(dataset, "sparse"):
            metrics["pixel_probe_error"] = probe_error(None, dataset)
    return metrics


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
    """For each level of the levels: the number of components that is best on training images, and its test error.

    In the basis of all components a projection on the first k leaves Σ_{j≤k} (z̃_j − z_j)² + Σ_{j>k} z_j².
    """
    chosen, errors = [], []
    for level in kind.test_levels():
        clean, noisy = pca.encode(train), pca.encode(corrupt(train, kind.name, level, NOISE_SEED + 1))
        kept = torch.cat([torch.zeros(1), (noisy - clean).square().mean(0).cumsum(0)])
        lost = clean.square().mean(0)
        lost = torch.cat([lost.flip(0).cumsum(0).flip(0), torch.zeros(1)])
        k = 1 + int((kept + lost)[1:].argmin())
        y = pca(corrupt(test, kind.name, level, NOISE_SEED), components=k)
        chosen.append(k)
        errors.append((y - test).square().flatten(1).sum(1).mean().item())
    return chosen, errors


def _whole_photographs(model, dataset: str, kind) -> dict:
    """Squared errors per value on whole test photographs at each trained level, patches side by side or overlapping."""
    clean, stride = _photographs(dataset), model.input_shape[1] // OVERLAP
    errors = {"photographs": len(clean)}
    for name, patchwise in (("side_by_side", Patchwise(model)), ("overlapping", Patchwise(model, stride))):
        errors[f"{name}_error_at"] = [_error_per_value(patchwise, clean, kind, level) for level in kind.levels]
    return errors


def _baselines_on_photographs(pca: PCA, dataset: str, kind, components: list[int]) -> dict:
    """As `_whole_photographs`, of the best PCA projections on overlapping patches, and of non-local means."""
    clean, patchwise = _photographs(dataset), Patchwise(pca, pca.input_shape[1] // OVERLAP)
    chosen = {level: components[kind.test_levels().index(level)] for level in kind.levels}
    found = {
        f"{kind.name}_overlapping_error_at": [
            _error_per_value(lambda x, k=k: patchwise(x, components=k), clean, kind, level)
            for level, k in chosen.items()
        ]
    }
    if kind.name == "gaussian":
        found[f"{kind.name}_nonlocal_means_error_at"] = [
            _error_per_value(lambda x, level=level: nonlocal_means(x, level), clean, kind, level)
            for level in kind.levels
        ]
    return found


def _error_per_value(denoise, clean: Tensor, kind, level: float) -> float:
    noisy = corrupt(clean, kind.name, level, NOISE_SEED)
    return sum(
        (denoise(x) - y).square().mean().item() for x, y in zip(noisy.split(1), clean.split(1), strict=True)
    ) / len(clean)


def _photographs(dataset: str) -> Tensor:
    """Whole test photographs, evenly spread over the split, float32 (N, C, H, W) in [0, 1]."""
    images = datasets.load(dataset, "test").images
    return as_floats(images[datasets.evenly_spread(len(images), PHOTOGRAPHS)])


def _masked_metrics(model, test: Tensor) -> dict:
    """Errors at each frame of the mask slider, and of each kind of mask at KIND_RATIOS."""
    x = test[datasets.evenly_spread(len(test), MASKED_IMAGES)]
    along = [_masked_errors(model, x, ratio, "random") for ratio in TEST_MASK_RATIOS]
    names = ("masked_error_at", "visible_error_at", "mean_imputation_error_at")
    metrics = {name: list(errors) for name, errors in zip(names, zip(*along, strict=True), strict=True)}
    for kind in MASK_KINDS:
        metrics[f"{kind}_error_at"] = [_masked_errors(model, x, ratio, kind)[0] for ratio in KIND_RATIOS]
    return metrics


def _masked_errors(model, x: Tensor, ratio: float, kind: str) -> tuple[float, float, float]:
    """Squared errors per value: on removed patches, on visible ones, and of the visible mean on removed ones.

    Groups of images share a mask, so that PCA solves once a group.
    """
    sums = torch.zeros(3, dtype=torch.float64)
    removed_values = visible_values = 0.0
    for seed, group in enumerate(x.chunk(MASKS)):
        answer = model.reconstruct(group, ratio, seed, kind)
        removed = pixel_mask(answer.mask, model.patch_size).expand_as(group)
        error = (answer.output - group).square()
        fill = (visible_mean(group, removed) - group).square()
        sums += torch.stack([(error * removed).sum(), (error * (1 - removed)).sum(), (fill * removed).sum()])
        removed_values += removed.sum().item()
        visible_values += (1 - removed).sum().item()
    counts = (removed_values, visible_values, removed_values)
    masked, visible, mean_fill = (
        total / count if count else 0.0 for total, count in zip(sums.tolist(), counts, strict=True)
    )
    return masked, visible, mean_fill


def visible_mean(x: Tensor, removed: Tensor) -> Tensor:
    """The mean of each channel's visible values, (N, C, 1, 1); removed: 1 = removed, of the shape of x (N, C, H, W)."""
    visible = 1 - removed
    return (x * visible).sum((2, 3), keepdim=True) / visible.sum((2, 3), keepdim=True)


def _rounded(value):
    if isinstance(value, list):
        return [_rounded(v) for v in value]
    return value if isinstance(value, int) else float(f"{value:.6g}")
