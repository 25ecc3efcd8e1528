"""The latent plane of a trained run at M = 2: codes of a fixed sample of test inputs and the decoded plane."""

from __future__ import annotations

import math

import torch
from sklearn.manifold import trustworthiness
from sklearn.model_selection import StratifiedShuffleSplit, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from torch import nn

from aedemo import datasets
from aedemo.checkpoints import LatentMap

SAMPLE, GRID = 2000, 32
NEIGHBOURS, FOLDS = 10, 5


@torch.no_grad()
def latent_map(model: nn.Module, dataset: str) -> LatentMap:
    """Codes of a stratified sample of at most 2,000 test inputs, and the plane decoded at 32×32 places around them."""
    test = datasets.load_inputs(dataset, "test")
    chosen = _sample(test.labels)
    x, labels = test.images[chosen], test.labels[chosen]
    codes = model.encode(x)
    xs, ys = (_axis(codes[:, k]) for k in (0, 1))
    grid = torch.stack([xs.repeat(GRID), ys.repeat_interleave(GRID)], dim=1)  # row i, column j: (xs[j], ys[i])
    return LatentMap(
        codes=codes,
        labels=labels,
        colours=x.mean((2, 3)).expand(-1, 3),
        xs=xs,
        ys=ys,
        decoded=model.decode(grid).view(GRID, GRID, *model.input_shape),
        trustworthiness=_trustworthiness(x.flatten(1), codes),
        neighbour_accuracy=_neighbour_accuracy(codes, labels),
    )


def _sample(labels: torch.Tensor) -> torch.Tensor:
    """Indices of at most 2,000 of the labels (N,), the classes in proportion, unless one has a single member."""
    if len(labels) <= SAMPLE:
        return torch.arange(len(labels))
    counts = labels.bincount()
    counts = counts[counts > 0]
    if counts.min() < 2 or len(counts) > min(SAMPLE, len(labels) - SAMPLE):
        chosen = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))[:SAMPLE]
    else:
        split = StratifiedShuffleSplit(1, train_size=SAMPLE, random_state=0)
        chosen = torch.from_numpy(next(split.split(labels, labels))[0])
    return chosen.sort().values


def _trustworthiness(x: torch.Tensor, codes: torch.Tensor) -> float:
    """scikit-learn's, over 10 neighbours, or fewer where there are fewer than 21 codes; not-a-number below 3."""
    neighbours = min(NEIGHBOURS, (len(codes) - 1) // 2)
    return float(trustworthiness(x, codes, n_neighbors=neighbours)) if neighbours else math.nan


def _neighbour_accuracy(codes: torch.Tensor, labels: torch.Tensor) -> float:
    """How often 10 neighbours name the class, over five folds, of classes with a member in each fold.

    Not-a-number where there are not two such classes, or too few codes to have 10 neighbours.
    """
    counts = labels.bincount()
    kept = counts[labels] >= FOLDS
    codes, labels = codes[kept], labels[kept]
    if len(labels.unique()) < 2 or len(labels) - -(-len(labels) // FOLDS) < NEIGHBOURS:
        return math.nan
    return float(cross_val_score(KNeighborsClassifier(NEIGHBOURS), codes, labels, cv=FOLDS).mean())


def _axis(values: torch.Tensor) -> torch.Tensor:
    """32 places from the lowest to the highest code, a twentieth of the range beyond either end."""
    margin = 0.05 * (values.max() - values.min())
    if margin == 0:  # one picture, or pictures that are all the same
        margin = torch.ones(())
    return torch.linspace(float(values.min() - margin), float(values.max() + margin), GRID)
