"""Test inputs by their indices in the latent maps; of patches of photographs, which cannot travel, what PCA keeps."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from aedemo import checkpoints, datasets

KEPT_BY = "pca"


def mapped_inputs(dataset: str, places: Sequence[int]) -> tuple[Tensor, bool]:
    """Test inputs by their indices in the maps, float32 (N, C, H, W), and whether they are those themselves.

    Where the test images are nowhere, as patches of photographs never are: what PCA keeps of them.
    """
    if not datasets.get(dataset).patchwise:
        try:
            test = checkpoints.test_images(dataset)
            return test.images[test.sample[list(places)]], True
        except datasets.DataSetUnavailable:
            pass
    latent_dim, kept = _largest_map(dataset)
    return checkpoints.load(dataset, KEPT_BY)[latent_dim].decode(kept.codes[list(places)]).clamp(0, 1), False


def first_inputs(dataset: str, count: int) -> Tensor:
    """The first test inputs of the maps, at most so many, float32 (N, C, H, W), as `mapped_inputs` has them.

    CheckpointError where no map is stored.
    """
    _, kept = _largest_map(dataset)
    return mapped_inputs(dataset, range(min(count, len(kept.codes))))[0]


def _largest_map(dataset: str) -> tuple[int, checkpoints.LatentMap]:
    """The largest of PCA's maps, and its M; CheckpointError where there is none."""
    maps = checkpoints.latent_maps(dataset, KEPT_BY)
    if not maps:
        raise checkpoints.CheckpointError(
            f"No map of PCA is stored for {dataset}; make one: aedemo train pca --data {dataset}"
        )
    largest = max(maps.values(), key=lambda latent: latent.latent_dim)
    return largest.latent_dim, largest
