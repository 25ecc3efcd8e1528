"""The Linear tab: the linear autoencoder, the two-layer one and PCA, at each bottleneck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from scipy.linalg import orthogonal_procrustes

from aedemo import checkpoints, datasets
from aedemo.explore.filmstrips import Filmstrip, bottlenecks, full_pca, pca_filmstrip, stride_of, sweep_filmstrip
from aedemo.explore.gallery import find

MAX_COLUMNS = 12


@dataclass(frozen=True)
class Columns:
    """Images of columns at one M, float32 (k, C, h, w), k ≤ 12, each scaled to [-1, 1] by its largest value.

    learned: columns of the linear decoder; rotated: an orthonormal basis of their span, turned onto the eigenvectors;
    eigenvectors: PCA's
    """

    learned: np.ndarray
    rotated: np.ndarray
    eigenvectors: np.ndarray


@dataclass(frozen=True)
class LinearView:
    """Everything that the bottleneck slider scrubs through.

    values: (F,) the M that exist; dimension: D
    linear, shallow, pca: filmstrips of F frames
    overlapping: whether the patches overlap; None where the models see whole images
    test_error, train_error: by variant ("linear", "shallow", "pca"), (F,) squared error per image (or patch)
    angles, shallow_angles: (F,) the largest principal angle in degrees between the span of the linear, or of the
        two-layer, decoder's columns and PCA's
    columns: (F,) images of them
    """

    values: tuple[int, ...]
    dimension: int
    clean: np.ndarray
    linear: Filmstrip
    shallow: Filmstrip
    pca: Filmstrip
    overlapping: bool | None
    test_error: dict[str, tuple[float, ...]]
    train_error: dict[str, tuple[float, ...]]
    angles: tuple[float, ...]
    shallow_angles: tuple[float, ...]
    columns: tuple[Columns, ...]


def linear(dataset: str, image: str, seed: int = 0, overlapping: bool = False) -> LinearView:
    """One image through every bottleneck of the three; the seed changes nothing here.

    overlapping: whether the patches of a photograph overlap, and their reconstructions are averaged.
    """
    x = find(dataset, image)
    sweeps = {variant: checkpoints.load(dataset, variant) for variant in ("linear", "shallow", "pca")}
    values, stride = bottlenecks(dataset), stride_of(dataset, overlapping)

    def errors(name: str) -> dict[str, tuple[float, ...]]:
        return {v: tuple(sweep.header(m).metrics[name] for m in values) for v, sweep in sweeps.items()}

    def angles(variant: str) -> tuple[float, ...]:
        return tuple(max(sweeps[variant].header(m).metrics["principal_angles"]) for m in values)

    return LinearView(
        values=values,
        dimension=datasets.get(dataset).dimension,
        clean=x.numpy(),
        linear=sweep_filmstrip(sweeps["linear"], x, values, stride),
        shallow=sweep_filmstrip(sweeps["shallow"], x, values, stride),
        pca=pca_filmstrip(dataset, x, values, stride),
        overlapping=overlapping if datasets.get(dataset).patchwise else None,
        test_error=errors("test_error"),
        train_error=errors("train_error"),
        angles=angles("linear"),
        shallow_angles=angles("shallow"),
        columns=tuple(learned_columns(dataset, m) for m in values),
    )


def learned_columns(dataset: str, latent_dim: int) -> Columns:
    """The linear decoder's columns W (D, M), their span turned onto the eigenvectors U, and U itself.

    Q is an orthonormal basis of the span of W; the rotation R that minimizes ‖QR − U‖ is scipy's orthogonal Procrustes.
    """
    sweep = checkpoints.load(dataset, "linear")
    columns = sweep[latent_dim].decoder[0].weight  # (D, M)
    eigenvectors = full_pca(dataset).components[:latent_dim].T
    basis = torch.linalg.qr(columns).Q
    rotation, _ = orthogonal_procrustes(basis.numpy(), eigenvectors.numpy())
    rotated = basis @ torch.from_numpy(rotation)

    def images(matrix: torch.Tensor) -> np.ndarray:
        chosen = matrix[:, :MAX_COLUMNS].T
        return (chosen / chosen.abs().amax(1, keepdim=True)).view(-1, *sweep.input_shape).numpy()

    return Columns(images(columns), images(rotated), images(eigenvectors))
