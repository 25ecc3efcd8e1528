"""Local minima: what the seeds of one network found."""

import numpy as np
import pytest

from aedemo import checkpoints
from aedemo.explore.minima import MAX_POINTS, align, starts, unexplained
from aedemo.training.recipes import RECIPES
from tests.explore.reference import ALL_DATASETS

NETWORKS = [
    (dataset, variant) for dataset in ALL_DATASETS for variant in ("deep", "deeper") if variant in RECIPES[dataset]
]


@pytest.mark.parametrize(("dataset", "variant"), NETWORKS)
def test_each_seed_has_its_codes_and_its_errors(dataset, variant):
    found = starts(dataset, variant)
    assert [start.seed for start in found] == list(range(RECIPES[dataset][variant].seeds))
    for start in found:
        latent = checkpoints.load_latent_map(dataset, variant, 2, start.seed)
        assert 100 < len(start.points) == len(start.labels) == len(start.colours) <= MAX_POINTS
        assert {*map(tuple, start.points.tolist())} <= {*map(tuple, latent.codes.tolist())}
        assert dict(start.errors)[2] == latent.test_error
    if len(found) > 1:
        assert all({2, 30} <= {m for m, _ in start.errors} for start in found)
        assert not np.allclose(found[0].points, found[1].points, atol=0.1)
        assert found[0].left is None and all(0.01 < start.left < 1 for start in found[1:])
        assert found[0].aligned is None and all(start.aligned.shape == found[0].points.shape for start in found[1:])
        assert all(unexplained(s.aligned, found[0].points) < unexplained(s.points, found[0].points) for s in found[1:])


def test_what_an_affine_map_undoes_is_the_same_code():
    """The next layer could undo it: A z + b for any invertible A."""
    draw = np.random.default_rng(0)
    codes, other = draw.normal(size=(2, 400, 2))
    mapped = codes @ [[2.0, 1.0], [-3.0, 0.5]] + 7
    np.testing.assert_allclose(align(mapped, codes), codes, atol=1e-9)
    assert unexplained(align(mapped, codes), codes) == pytest.approx(0, abs=1e-12)
    assert align(codes[:29], other[:29]) is None  # too few to tell
    assert unexplained(align(other, codes), codes) > 0.95
    assert 0.2 < unexplained(align(codes**3, codes), codes) < 0.6


def test_of_what_was_not_trained_there_is_none():
    assert starts("digits", "ppca") == ()
