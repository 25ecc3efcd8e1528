"""Points to watch a network learn: what each set looks like, and what its noise does."""

import numpy as np
import pytest

from aedemo.datasets.points import POINT_SETS, TEST_POINTS, TRAIN_POINTS, load_points


@pytest.mark.parametrize("name", POINT_SETS)
def test_points_have_mean_0_and_variance_1_on_average(name):
    points, dimension = load_points(name), POINT_SETS[name].dimension
    assert points.train.shape == (TRAIN_POINTS, dimension) and points.test.shape == (TEST_POINTS, dimension)
    assert points.train.dtype == points.test.dtype == np.float32
    np.testing.assert_allclose(points.train.mean(0), 0, atol=1e-5)
    assert points.train.var(0).mean() == pytest.approx(1, rel=1e-4)
    np.testing.assert_allclose(np.cov(points.test.T), np.cov(points.train.T), atol=0.25)
    assert points.colours.shape == (TRAIN_POINTS,) and (points.colours.min(), points.colours.max()) == (0, 1)
    assert len(np.unique(np.concatenate([points.train, points.test]), axis=0)) == TRAIN_POINTS + TEST_POINTS


@pytest.mark.parametrize("name", POINT_SETS)
def test_noise_only_scales_one_field(name):
    clean, some, more = (load_points(name, noise) for noise in (0.0, 0.1, 0.4))
    field = (some.train - clean.train) / 0.1
    np.testing.assert_allclose(more.train - clean.train, 0.4 * field, atol=1e-5)
    assert abs(field.std() - 1) < 0.05 and abs(field.mean()) < 0.05
    np.testing.assert_array_equal(some.colours, clean.colours)


def test_shapes_are_what_they_are_called():
    radii = {name: np.linalg.norm(load_points(name).train, axis=1) for name in ("ring", "sphere")}
    assert radii["ring"].std() < 0.03 and radii["sphere"].std() < 0.1  # around the mean of the training points
    variances = {name: np.linalg.eigvalsh(np.cov(load_points(name).train.T)) for name in ("ellipse", "ellipsoid")}
    np.testing.assert_allclose(np.sqrt(variances["ellipse"] / variances["ellipse"][-1]), [0.3, 1], rtol=0.1)
    np.testing.assert_allclose(np.sqrt(variances["ellipsoid"] / variances["ellipsoid"][-1]), [0.2, 0.6, 1], rtol=0.1)


@pytest.mark.parametrize(("name", "known"), [("spiral", 1), ("s-curve", 2), ("swiss-roll", 2), ("ring", None)])
def test_coordinates_lie_on_the_curve_or_sheet(name, known):
    """Points with nearly the same coordinates are nearly the same point."""
    points = load_points(name)
    if known is None:
        assert points.coordinates is None
        return
    t = (points.coordinates - points.coordinates.mean(0)) / points.coordinates.std(0)
    distance = np.linalg.norm(t[:, None] - t, axis=2) + 9 * np.eye(len(t))
    nearest = distance.argmin(1)
    apart = np.linalg.norm(points.train - points.train[nearest], axis=1)
    assert t.shape[1] == known and np.quantile(apart / distance.min(1), 0.99) < 6


@pytest.mark.parametrize(
    ("name", "noise", "words"),
    [
        ("cube", 0.0, "point set 'cube' is unknown; choose one of moons, spiral"),
        ("ring", 0.6, r"noise must lie between 0 and 0.5, got 0.6"),
        ("ring", float("nan"), "noise must lie between 0 and 0.5, got nan"),
    ],
)
def test_what_is_not_offered_is_a_sentence(name, noise, words):
    with pytest.raises(ValueError, match=words):
        load_points(name, noise)
