"""The latent plane of a trained run at M = 2: codes of a fixed sample of test inputs and the decoded plane."""

from __future__ import annotations

import torch
from sklearn.manifold import trustworthiness
from sklearn.model_selection import StratifiedShuffleSplit, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from torch import nn

from aedemo import datasets
from aedemo.checkpoints import LatentMap

SAMPLE, GRID = 2000, 32


@torch.no_grad()
def latent_map(model: nn.Module, dataset: str) -> LatentMap:
    """Codes of a stratified sample of at most 2,000 test inputs, and the plane decoded at 32×32 places around them."""
    test = datasets.load_inputs(dataset, "test")
    chosen = torch.arange(len(test.images))
    if len(chosen) > SAMPLE:
        split = StratifiedShuffleSplit(1, train_size=SAMPLE, random_state=0)
        chosen = torch.from_numpy(next(split.split(test.images, test.labels))[0]).sort().values
    x, labels = test.images[chosen], test.labels[chosen]
    codes = model.encode(x)
    xs, ys = (_axis(codes[:, k]) for k in (0, 1))
    grid = torch.stack([xs.repeat(GRID), ys.repeat_interleave(GRID)], dim=1)  # row i, column j: (xs[j], ys[i])
    neighbours = KNeighborsClassifier(10)
    return LatentMap(
        codes=codes,
        labels=labels,
        colours=x.mean((2, 3)).expand(-1, 3),
        xs=xs,
        ys=ys,
        decoded=model.decode(grid).view(GRID, GRID, *model.input_shape),
        trustworthiness=float(trustworthiness(x.flatten(1), codes, n_neighbors=10)),
        neighbour_accuracy=float(cross_val_score(neighbours, codes, labels, cv=5).mean()),
    )


def _axis(values: torch.Tensor) -> torch.Tensor:
    """32 places from the lowest to the highest code, a twentieth of the range beyond either end."""
    margin = 0.05 * (values.max() - values.min())
    return torch.linspace(float(values.min() - margin), float(values.max() + margin), GRID)
