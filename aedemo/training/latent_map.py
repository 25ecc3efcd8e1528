"""Maps of the code: a fixed sample of test inputs in it, with scikit-learn's metrics, for the page's latent plots."""

from __future__ import annotations

import math

import torch
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from torch import Tensor, nn

from aedemo import datasets
from aedemo.checkpoints import LatentMap, Setting
from aedemo.models import VARIANTS
from aedemo.training.evaluate import whole_images
from aedemo.training.recipes import Recipe

BOTTLENECKS = (2, 3, 10, 30)  # the M that are mapped; of other axes the recipe's best run is
MAX_UNITS, OF_WIDE, COMPONENTS = 30, 10, 20  # a code above 30 units keeps 10 of them, and 20 principal components
NEIGHBOURS, FOLDS = 10, 5


def mapped(variant: str, recipe: Recipe) -> tuple[Setting, ...]:
    """The runs of a sweep whose codes are mapped; none of PCA imputation, which has the code of PCA."""
    if variant == "ppca":
        return ()
    if VARIANTS[variant].axis == ("latent_dim",):
        return tuple(m for m in recipe.values if m in BOTTLENECKS)
    return (recipe.best,)


@torch.no_grad()
def latent_map(model: nn.Module, dataset: str, variant: str, test_error: float) -> LatentMap:
    """The code of a stratified sample of at most 2,000 test inputs; model on the CPU, in eval mode."""
    whole = VARIANTS[variant].masks
    labels = (datasets.load if whole else datasets.load_inputs)(dataset, "test").labels
    inputs = whole_images(dataset, "test") if whole else datasets.load_inputs(dataset, "test").images
    chosen = datasets.stratified_sample(labels)
    x, labels = inputs[chosen], labels[chosen]
    z = torch.cat([model.encode(part) for part in x.split(500)])
    units = (
        z.var(0, correction=0).argsort(descending=True)[:OF_WIDE]
        if z.shape[1] > MAX_UNITS
        else torch.arange(z.shape[1])
    )
    mean, axes = _principal_axes(z, COMPONENTS if z.shape[1] > MAX_UNITS else 2)
    return LatentMap(
        indices=chosen,
        labels=labels,
        colours=x.mean((2, 3)).expand(-1, 3),
        codes=z[:, units],
        units=units,
        mean=mean,
        axes=axes,
        components=(z - mean) @ axes.T,
        trustworthiness=_trustworthiness(x.flatten(1), z),
        knn_accuracy=_knn_accuracy(z, labels),
        test_error=test_error,
    )


def _principal_axes(z: Tensor, most: int) -> tuple[Tensor, Tensor]:
    """The mean (M,) of codes (P, M), and up to `most` rows (C, M) of scikit-learn's PCA."""
    if len(z) < 2:
        return z.mean(0), torch.eye(z.shape[1])[:1]
    pca = PCA(min(most, *z.shape), svd_solver="full").fit(z.double().numpy())
    return torch.from_numpy(pca.mean_).float(), torch.from_numpy(pca.components_).float()


def _trustworthiness(x: Tensor, codes: Tensor) -> float:
    """scikit-learn's, over 10 neighbours, or fewer where there are fewer than 21 codes; NaN below 3."""
    neighbours = min(NEIGHBOURS, (len(codes) - 1) // 2)
    return float(trustworthiness(x, codes, n_neighbors=neighbours)) if neighbours else math.nan


def _knn_accuracy(codes: Tensor, labels: Tensor) -> float:
    """How often 10 neighbours name the class, over five folds, of classes with a member in each fold.

    NaN where there are not two such classes, or too few codes to have 10 neighbours.
    """
    counts = labels.bincount()
    kept = counts[labels] >= FOLDS
    codes, labels = codes[kept], labels[kept]
    if len(labels.unique()) < 2 or len(labels) - -(-len(labels) // FOLDS) < NEIGHBOURS:
        return math.nan
    return float(cross_val_score(KNeighborsClassifier(NEIGHBOURS), codes, labels, cv=FOLDS).mean())
