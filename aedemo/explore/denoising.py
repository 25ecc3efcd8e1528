"""The Denoising tab: a corrupted picture through denoisers trained at five levels, beside the best PCA projection."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from aedemo import checkpoints
from aedemo.corruption import NOISES, corrupt, get_noise
from aedemo.explore.gallery import find
from aedemo.explore.tracks import Track, answers, full_pca, track
from aedemo.models.patchwise import Patchwise


@dataclass(frozen=True)
class DenoisingView:
    """Everything that the noise slider scrubs through, for one kind of noise.

    levels: (F,) of the slider; trained_at: the level of the denoiser that is shown
    clean:  float32 (1, C, H, W); noisy, denoised, pca: tracks of F frames
    components: (F,) how many components PCA keeps at each level, the best number on training pictures
    trained_levels: (T,); units: (T,) how wide each denoiser's code is
    psnr_map: (T, F) PSNR in dB on the test split, trained at × tested at
    psnr_pca, psnr_noisy: (F,) PSNR in dB on the test split of the best PCA projection, and of doing nothing
    """

    levels: tuple[float, ...]
    trained_at: float
    clean: np.ndarray
    noisy: Track
    denoised: Track
    pca: Track
    components: tuple[int, ...]
    trained_levels: tuple[float, ...]
    units: tuple[int, ...]
    psnr_map: np.ndarray
    psnr_pca: np.ndarray
    psnr_noisy: np.ndarray


def denoising(
    dataset: str, picture: str, seed: int, kind: str = "gaussian", trained_at: float | None = None
) -> DenoisingView:
    """One picture under rising noise of one kind, denoised by the run trained at one level (by default the middle)."""
    noise = get_noise(kind)
    x = find(dataset, picture)
    sweep = checkpoints.load(dataset, "denoising")
    trained = trained_levels(sweep, kind)
    shown = trained[len(trained) // 2] if trained_at is None else trained_at
    levels = noise.knob()
    noisy = noisy_frames(x, kind, seed)
    model = Patchwise(sweep[kind, shown])
    pca, components = pca_answers(dataset, noisy, kind)
    figures = [sweep.header((kind, level)).figures for level in trained]
    best = full_pca_figures(dataset)[f"{kind}_error_at"]
    size = int(np.prod(sweep.input_shape))
    return DenoisingView(
        levels=levels,
        trained_at=shown,
        clean=x.numpy(),
        noisy=track(noisy, x),
        denoised=track(model(noisy), x),
        pca=track(pca, x),
        components=components,
        trained_levels=trained,
        units=tuple(sweep.header((kind, level)).config["latent_dim"] for level in trained),
        psnr_map=np.stack([to_psnr(f["error_at"], size) for f in figures]),
        psnr_pca=to_psnr(best, size),
        psnr_noisy=to_psnr(figures[0]["noisy_error_at"], size),
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
    return torch.cat([corrupt(x, kind, level, seed) for level in NOISES[kind].knob()])


def nearest_denoiser(sweep: checkpoints.Sweep, kind: str, level: float) -> nn.Module:
    """The denoiser trained nearest to a level."""
    return sweep[kind, min(trained_levels(sweep, kind), key=lambda trained: abs(trained - level))]


def matched_answers(dataset: str, noisy: Tensor, kind: str) -> Tensor:
    """Each frame of noisy (F, C, H, W) through the denoiser trained nearest to its level."""
    sweep = checkpoints.load(dataset, "denoising")
    frames = zip(noisy.split(1), NOISES[kind].knob(), strict=True)
    return torch.cat([answers([nearest_denoiser(sweep, kind, level)], x) for x, level in frames])


def pca_answers(dataset: str, noisy: Tensor, kind: str) -> tuple[Tensor, tuple[int, ...]]:
    """Each frame of noisy (F, C, H, W) through the PCA projection that is best for its level, and its components."""
    components = tuple(full_pca_figures(dataset)[f"{kind}_components"])
    model = Patchwise(full_pca(dataset))
    frames = zip(noisy.split(1), components, strict=True)
    return torch.cat([model(x, components=k) for x, k in frames]), components


def full_pca_figures(dataset: str):
    """The figures of PCA with all components: the best projections for each noise among them."""
    sweep = checkpoints.load(dataset, "pca")
    return sweep.header(sweep.values[-1]).figures


def to_psnr(errors, size: int) -> np.ndarray:
    """Squared errors summed over `size` inputs -> PSNR in dB."""
    return -10 * np.log10(np.maximum(np.asarray(errors) / size, 1e-10))
