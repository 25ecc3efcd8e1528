"""What stands in for test pictures where their data set is not on this machine; labelled as what it is."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from aedemo import checkpoints, datasets, pictures

KEPT_BY = "pca"


def mapped_inputs(dataset: str, places: Sequence[int]) -> tuple[Tensor, bool]:
    """Test inputs by their indices in the maps, float32 (N, C, H, W), and whether they are those themselves.

    Where the data set is not on this machine, and for patches of photographs, which never are: what PCA keeps of them.
    """
    if not datasets.get(dataset).patchwise:
        try:
            test = datasets.load_inputs(dataset, "test")
            return test.images[_largest_map(dataset)[1].indices[list(places)]], True
        except datasets.DataSetUnavailable:
            pass
    return kept_by_pca(dataset, places), False


def kept_by_pca(dataset: str, places: Sequence[int]) -> Tensor:
    """Test inputs by their indices in the maps, drawn from PCA's stored codes, float32 (N, C, H, W) in [0, 1]."""
    latent_dim, kept = _largest_map(dataset)
    return checkpoints.load(dataset, KEPT_BY)[latent_dim].decode(kept.codes[list(places)]).clamp(0, 1)


def first_of_each_class(dataset: str, count: int) -> list[tuple[int, int, Tensor]]:
    """(index in the maps, class, picture as PCA keeps it) of `count` test inputs a class, one of each class in turn."""
    labels = _largest_map(dataset)[1].labels
    places = [
        (int((labels == label).nonzero()[turn]), label)
        for turn in range(count)
        for label in range(int(labels.max()) + 1)
    ]
    drawn = kept_by_pca(dataset, [place for place, _ in places])
    return [(place, label, picture) for (place, label), picture in zip(places, drawn, strict=True)]


def digits_in_frame(dataset: str, count: int) -> list[tuple[int, int, Tensor]]:
    """(index, class, picture) of scikit-learn's digits, `count` a class, framed as the digits of this data set are."""
    test = datasets.load("digits", "test")
    places = [(int((test.labels == label).nonzero()[turn]), label) for turn in range(count) for label in range(10)]
    return [(k, label, pictures.for_dataset(_enlarged(test.images[k]), dataset)) for k, label in places]


def _enlarged(digit: Tensor) -> Tensor:
    """(1, 8, 8) -> float32 (3, 64, 64), dark around it, as a photograph of it would be."""
    large = torch.nn.functional.interpolate(digit[None], (56, 56), mode="bicubic").clamp(0, 1)[0]
    return torch.nn.functional.pad(large, (4, 4, 4, 4)).expand(3, -1, -1)


def _largest_map(dataset: str) -> tuple[int, checkpoints.LatentMap]:
    """The largest of PCA's maps, and its M; CheckpointError where there is none."""
    maps = checkpoints.latent_maps(dataset, KEPT_BY)
    if not maps:
        raise checkpoints.CheckpointError(
            f"No map of PCA is stored for {dataset}; make one: aedemo train pca --data {dataset}"
        )
    largest = max(maps.values(), key=lambda latent: latent.latent_dim)
    return largest.latent_dim, largest
