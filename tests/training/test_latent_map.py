"""The stored latent planes: each decoded picture is the model's at its place, each code that of a test input."""

import pytest
import torch

from aedemo import checkpoints, datasets
from aedemo.training import LATENT_MAPS
from aedemo.training.latent_map import latent_map
from tests.data import inputs
from tests.tables import SWEEPS

MAPS = [(dataset, variant) for dataset, variant in SWEEPS if variant in LATENT_MAPS]


@pytest.mark.parametrize(("dataset", "variant"), MAPS)
def test_the_stored_plane_is_the_models(dataset, variant):
    latent, model = checkpoints.load_latent_map(dataset, variant), checkpoints.load(dataset, variant)[2]
    rows, columns = torch.meshgrid(torch.arange(len(latent.ys)), torch.arange(len(latent.xs)), indexing="ij")
    for i, j in zip(rows.flatten()[::37].tolist(), columns.flatten()[::37].tolist(), strict=True):
        drawn = model.decode(torch.stack([latent.xs[j], latent.ys[i]])[None])[0]
        torch.testing.assert_close(latent.decoded[i, j], drawn.clamp(0, 1), atol=0.6 / 255, rtol=0)


@pytest.mark.parametrize(("dataset", "variant"), MAPS)
def test_the_stored_plane_holds_all_codes_with_their_labels_and_colours(dataset, variant):
    latent, row = checkpoints.load_latent_map(dataset, variant), datasets.get(dataset)
    assert latent.codes.shape == (len(latent.labels), 2) and len(latent.codes) >= 300
    assert set(latent.labels.tolist()) == set(range(len(row.classes)))
    assert latent.colours.shape == (len(latent.labels), 3)
    assert latent.colours.min() >= 0 and latent.colours.max() <= 1
    for codes, places in zip(latent.codes.T, (latent.xs, latent.ys), strict=True):
        assert (places.diff() > 0).all() and places[0] <= codes.min() and codes.max() <= places[-1]
    assert 0.5 < latent.trustworthiness <= 1 and 0 < latent.neighbour_accuracy <= 1


@pytest.mark.parametrize(("dataset", "variant"), MAPS)
def test_the_stored_codes_are_those_of_test_inputs(dataset, variant):
    inputs(dataset, "test")
    stored = checkpoints.load_latent_map(dataset, variant)
    again = latent_map(checkpoints.load(dataset, variant)[2], dataset)
    torch.testing.assert_close(stored.codes, again.codes, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(stored.colours, again.colours)
    assert torch.equal(stored.labels, again.labels)
    assert stored.trustworthiness == pytest.approx(again.trustworthiness, rel=1e-3)
    assert stored.neighbour_accuracy == pytest.approx(again.neighbour_accuracy, rel=1e-2)
