"""How near PCA comes to the examples of a training run, with each number of components."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from aedemo.datasets.examples import Examples


@dataclass(frozen=True, eq=False)
class Projections:
    """PCA of the training examples, and its error with k = 0, 1, …, K components.

    mean: (D,); components: (K, D), rows of length one
    train_errors, test_errors: (K + 1,) squared error summed over the inputs, averaged over the examples, as a
        snapshot's: ‖x − P_k(x̃)‖², where x̃ is x itself unless denoising corrupts it
    """

    mean: np.ndarray
    components: np.ndarray
    train_errors: np.ndarray
    test_errors: np.ndarray


def project(examples: Examples, seen_train: Tensor, seen_test: Tensor) -> Projections:
    """PCA of the clean training examples, and its errors on what is seen of them, against the clean ones."""
    from sklearn.decomposition import PCA  # takes longer to import than the rest of aedemo

    pca = PCA(svd_solver="full").fit(_flat(examples.train))
    pairs = ((examples.train, seen_train), (examples.test, seen_test))
    errors = (_errors(pca, _flat(clean), _flat(seen)) for clean, seen in pairs)
    return Projections(pca.mean_, pca.components_, *errors)


def _errors(pca, clean: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """With orthonormal rows u_i, ‖x − P_k(x̃)‖² = ‖x − mean‖² + Σ_{i ≤ k} (c̃_i² − 2 c̃_i c_i), c_i = u_i (x − mean)."""
    c, c_seen = pca.transform(clean), pca.transform(seen)
    whole = np.square(clean - pca.mean_).sum(1).mean()
    errors = whole + np.append(0.0, np.cumsum((c_seen * (c_seen - 2 * c)).mean(0)))
    return np.where(errors > 1e-9 * whole, errors, 0.0)  # what rounding leaves of nothing


def _flat(x: Tensor) -> np.ndarray:
    return x.flatten(1).double().numpy()
