"""The Denoising tab: a corrupted image through denoisers trained at five levels, beside the best PCA projection.

On photographs the models see patches, side by side or overlapping, and scikit-image's non-local means stand beside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import torch
from torch import Tensor, nn

from aedemo import checkpoints, datasets
from aedemo.corruption import NOISES, corrupt, get_noise
from aedemo.explore.filmstrips import Filmstrip, filmstrip, full_pca, reconstruct, reconstruct_between, stride_of
from aedemo.explore.gallery import find
from aedemo.explore.threads import each_frame
from aedemo.models.nonlocal_means import nonlocal_means

NONLOCAL_NOISE = "gaussian"  # the noise that non-local means are made for


@dataclass(frozen=True)
class WholePhotographs:
    """PSNR in dB on whole test photographs, at each level that denoisers are trained at.

    count: how many photographs; levels: (T,); side_by_side, overlapping: (T,) of the denoiser that is shown
    pca_overlapping: (T,) of the best PCA projection; nonlocal_means: (T,), None where they are not made for the noise
    """

    count: int
    levels: tuple[float, ...]
    side_by_side: np.ndarray
    overlapping: np.ndarray
    pca_overlapping: np.ndarray
    nonlocal_means: np.ndarray | None


@dataclass(frozen=True)
class DenoisingView:
    """Everything that the noise slider scrubs through, for one kind of noise.

    levels: (F,) of the slider; trained_at: the level of the denoiser that is shown
    clean:  float32 (1, C, H, W); noisy, denoised, pca: filmstrips of F frames
    components: (F,) how many components PCA keeps at each level, the best number on training images
    trained_levels: (T,); units: (T,) how wide each denoiser's code is
    psnr_map: (T, F) PSNR in dB on the test split, trained at × tested at
    psnr_pca, psnr_noisy: (F,) PSNR in dB on the test split of the best PCA projection, and of doing nothing
    overlapping: whether patches overlap; None where the models see whole images
    whole: what the models do to whole photographs; None for models of whole images, or where it was not measured
    """

    levels: tuple[float, ...]
    trained_at: float
    clean: np.ndarray
    noisy: Filmstrip
    denoised: Filmstrip
    pca: Filmstrip
    components: tuple[int, ...]
    trained_levels: tuple[float, ...]
    units: tuple[int, ...]
    psnr_map: np.ndarray
    psnr_pca: np.ndarray
    psnr_noisy: np.ndarray
    overlapping: bool | None
    whole: WholePhotographs | None


def denoising(
    dataset: str,
    image: str,
    seed: int,
    kind: str = "gaussian",
    trained_at: float | None = None,
    overlapping: bool = False,
) -> DenoisingView:
    """One image under rising noise of one kind, denoised by the run trained at one level (by default the middle).

    overlapping: whether the patches of a photograph overlap, and their reconstructions are averaged.
    """
    noise = get_noise(kind)
    x = find(dataset, image)
    sweep = checkpoints.load(dataset, "denoising")
    trained = trained_levels(sweep, kind)
    shown = trained[len(trained) // 2] if trained_at is None else trained_at
    levels = noise.test_levels()
    noisy = noisy_frames(x, kind, seed)
    stride = stride_of(dataset, overlapping)
    denoised = _reconstruct_noisy(sweep[kind, shown], noisy, kind, stride)
    pca, components = pca_projections(dataset, noisy, kind, stride)
    metrics = [sweep.header((kind, level)).metrics for level in trained]
    best = full_pca_metrics(dataset)[f"{kind}_error_at"]
    size = int(np.prod(sweep.input_shape))
    return DenoisingView(
        levels=levels,
        trained_at=shown,
        clean=x.numpy(),
        noisy=filmstrip(noisy, x),
        denoised=filmstrip(denoised, x),
        pca=filmstrip(pca, x),
        components=components,
        trained_levels=trained,
        units=tuple(sweep.header((kind, level)).config["latent_dim"] for level in trained),
        psnr_map=np.stack([to_psnr(f["error_at"], size) for f in metrics]),
        psnr_pca=to_psnr(best, size),
        psnr_noisy=to_psnr(metrics[0]["noisy_error_at"], size),
        overlapping=overlapping if datasets.get(dataset).patchwise else None,
        whole=_whole_photographs(dataset, kind, metrics[trained.index(shown)]),
    )


def denoised_by_nonlocal_means(dataset: str, image: str, seed: int) -> Filmstrip:
    """One photograph under rising Gaussian noise, as `denoising` has it, denoised by scikit-image's non-local means.

    Raises ValueError for a data set whose models see whole images: it is shown beside models of patches alone.
    """
    if not datasets.get(dataset).patchwise:
        raise ValueError(f"non-local means are shown for photographs, not for {dataset}")
    x = find(dataset, image)
    noisy = noisy_frames(x, NONLOCAL_NOISE, seed)
    return filmstrip(each_frame(nonlocal_means, noisy.split(1), NOISES[NONLOCAL_NOISE].test_levels()), x)


def _whole_photographs(dataset: str, kind: str, metrics) -> WholePhotographs | None:
    pca = full_pca_metrics(dataset)
    if "photographs" not in metrics or f"{kind}_overlapping_error_at" not in pca:  # trained before it was measured
        return None
    others = pca.get(f"{kind}_nonlocal_means_error_at")
    return WholePhotographs(
        count=metrics["photographs"],
        levels=NOISES[kind].levels,
        side_by_side=to_psnr(metrics["side_by_side_error_at"], 1),
        overlapping=to_psnr(metrics["overlapping_error_at"], 1),
        pca_overlapping=to_psnr(pca[f"{kind}_overlapping_error_at"], 1),
        nonlocal_means=None if others is None else to_psnr(others, 1),
    )


def trained_levels(sweep: checkpoints.Sweep, kind: str) -> tuple[float, ...]:
    """The levels of one kind of noise that denoisers were trained at, rising; CheckpointError where there is none."""
    if not (levels := tuple(level for name, level in sweep.values if name == kind)):
        raise checkpoints.CheckpointError(
            f"No denoiser was trained on {sweep.dataset} under {kind} noise yet; make one: "
            f"aedemo train denoising --data {sweep.dataset}"
        )
    return levels


def noisy_frames(x: Tensor, kind: str, seed: int) -> Tensor:
    """x (1, C, H, W) at each level of the noise slider, all from one field of the seed: (F, C, H, W)."""
    return torch.cat([corrupt(x, kind, level, seed) for level in NOISES[kind].test_levels()])


def nearest_denoiser(sweep: checkpoints.Sweep, kind: str, level: float) -> nn.Module:
    """The denoiser trained nearest to a level."""
    return sweep[kind, nearest_level(sweep, kind, level)]


def nearest_level(sweep: checkpoints.Sweep, kind: str, level: float) -> float:
    """The level that a denoiser was trained at which is nearest to another."""
    return min(trained_levels(sweep, kind), key=lambda trained: abs(trained - level))


def matched_denoisers(dataset: str, noisy: Tensor, kind: str, stride: int | None = None) -> Tensor:
    """Each frame of noisy (F, C, H, W) through the denoiser trained nearest to its level."""
    sweep = checkpoints.load(dataset, "denoising")
    models = [nearest_denoiser(sweep, kind, level) for level in NOISES[kind].test_levels()]
    return reconstruct(models, noisy.split(1), stride)


def pca_projections(
    dataset: str, noisy: Tensor, kind: str, stride: int | None = None
) -> tuple[Tensor, tuple[int, ...]]:
    """Each frame of noisy (F, C, H, W) through the PCA projection that is best for its level, and its components."""
    components = tuple(full_pca_metrics(dataset)[f"{kind}_components"])
    return _reconstruct_noisy(full_pca(dataset), noisy, kind, stride, components), components


def _reconstruct_noisy(
    model: nn.Module, noisy: Tensor, kind: str, stride: int | None, components: Iterable[int | None] = repeat(None)
) -> Tensor:
    """Each frame of noisy (F, C, H, W) through one model; under additive noise they lie between the first and last."""
    if not NOISES[kind].additive:
        return reconstruct(repeat(model), noisy.split(1), stride, components)
    levels = NOISES[kind].test_levels()
    return reconstruct_between(model, noisy[[0, -1]], [level / levels[-1] for level in levels], stride, components)


def full_pca_metrics(dataset: str):
    """The metrics of PCA with all components: the best projections for each noise among them."""
    sweep = checkpoints.load(dataset, "pca")
    return sweep.header(sweep.values[-1]).metrics


def to_psnr(errors, size: int) -> np.ndarray:
    """Squared errors summed over `size` inputs -> PSNR in dB."""
    return -10 * np.log10(np.maximum(np.asarray(errors) / size, 1e-10))
