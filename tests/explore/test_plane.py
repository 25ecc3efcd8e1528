"""Latent planes: stored codes by two of their coordinates, and what the decoder gives at each point."""

import numpy as np
import pytest
import torch

from aedemo import checkpoints, datasets
from aedemo.explore.latent import mapped
from aedemo.explore.plane import GRID, field, plane, unit_title
from tests.explore.reference import DATASETS, chosen, codes

FLAT = [
    (dataset, variant, setting)
    for dataset in DATASETS
    for variant, settings in mapped(dataset).items()
    for setting in settings[:: len(settings) - 1 or 1]  # the first and the last: the plane itself, and components
    if variant != "masked"
]
every_plane = pytest.mark.parametrize(("dataset", "variant", "setting"), FLAT, ids=str)


@every_plane
def test_the_decoded_plane_covers_the_points(dataset, variant, setting):
    shown = field(dataset, variant, setting)
    assert shown.points.shape == (len(shown.map.labels), 2) and len(shown.titles) == 2
    assert shown.decoded.shape == (GRID, GRID, *datasets.get(dataset).shape)
    assert shown.decoded.min() >= 0 and shown.decoded.max() <= 1
    for values, places in zip(shown.points.T, (shown.xs, shown.ys), strict=True):
        assert places[0] < values.min() and values.max() < places[-1] and len(places) == GRID
        np.testing.assert_allclose(np.diff(places), np.diff(places)[0], rtol=1e-3)


@every_plane
def test_each_place_is_decoded_with_the_rest_of_the_code_at_its_mean(dataset, variant, setting):
    """decoded[i, j] belongs to (xs[j], ys[i])."""
    shown, model = field(dataset, variant, setting), checkpoints.load(dataset, variant)[setting]
    latent, last = shown.map, GRID - 1
    for i, j in ((0, 0), (0, last), (last, 0), (last // 2, last // 3)):
        if shown.titles == ("PC 1", "PC 2"):
            z = latent.mean + shown.xs[j] * latent.axes[0] + shown.ys[i] * latent.axes[1]
        else:
            z = torch.tensor([shown.xs[j], shown.ys[i]])
        drawn = model.decode(z[None])[0].clamp(0, 1)
        np.testing.assert_allclose(shown.decoded[i, j], drawn, atol=1e-4)


@pytest.mark.parametrize("dataset", DATASETS)
def test_two_units_may_be_the_axes(dataset):
    model, unit = checkpoints.load(dataset, "deep")[30], (7, 3)
    shown = plane(dataset, "deep", chosen(dataset), 30, unit)
    latent = checkpoints.load_latent_map(dataset, "deep", 30)
    assert shown.field.titles == ("z₈", "z₄")
    np.testing.assert_array_equal(shown.field.points, latent.codes[:, unit])
    np.testing.assert_allclose(shown.marks, codes(model, chosen(dataset))[:, unit], atol=1e-4)
    z = latent.mean.clone()
    z[list(unit)] = torch.tensor([shown.field.xs[4], shown.field.ys[9]])
    np.testing.assert_allclose(shown.field.decoded[9, 4], model.decode(z[None])[0].clamp(0, 1), atol=1e-4)


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_code_of_three_numbers_stands_in_space(dataset):
    shown = plane(dataset, "deep", chosen(dataset), 3)
    assert shown.field.titles == ("z₁", "z₂", "z₃") and shown.field.points.shape[1] == 3
    assert shown.marks.shape[1] == 3


@pytest.mark.parametrize("dataset", DATASETS)
def test_in_space_each_point_is_decoded(dataset):
    shown, model = field(dataset, "deep", 3), checkpoints.load(dataset, "deep")[3]
    assert len(shown.decoded) == len(shown.points)
    for index in (0, 7, len(shown.points) - 1):
        drawn = model.decode(torch.from_numpy(shown.points[index])[None])[0].clamp(0, 1)
        np.testing.assert_allclose(shown.decoded[index], drawn, atol=1e-5)


@pytest.mark.parametrize("dataset", DATASETS)
def test_marks_along_principal_components_are_scikit_learns_projection(dataset):
    model, latent = checkpoints.load(dataset, "sparse")[0.1], None
    setting = mapped(dataset)["sparse"][0]
    model, latent = (
        checkpoints.load(dataset, "sparse")[setting],
        checkpoints.load_latent_map(dataset, "sparse", setting),
    )
    z = codes(model, chosen(dataset))
    expected = (z - latent.mean.numpy()) @ latent.axes[:2].numpy().T
    np.testing.assert_allclose(plane(dataset, "sparse", chosen(dataset), setting).marks, expected, atol=1e-3)


def test_a_unit_that_the_map_lacks_is_named():
    with pytest.raises(ValueError, match=r"unit \(0, 99\) of digits/deep is not in its map"):
        field("digits", "deep", 30, (0, 99))


def test_units_are_counted_from_one():
    assert [unit_title(k) for k in (0, 9, 249)] == ["z₁", "z₁₀", "z₂₅₀"]
