"""The stored maps of the code: codes of test inputs, their principal components, and scikit-learn's metrics."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from aedemo import checkpoints, datasets
from aedemo.models import VARIANTS
from aedemo.training.evaluate import main_error
from aedemo.training.latent_map import mapped
from aedemo.training.recipes import RECIPES, SEEDED
from tests.data import images, inputs
from tests.tables import SWEEPS, remeasured, run_name

MAPS = [(data, variant, run) for data, variant in SWEEPS for run in mapped(variant, RECIPES[data][variant])]
SEEDS = [
    (data, variant, run, seed)
    for data, variant in SWEEPS
    for run in RECIPES[data][variant].values
    if run in SEEDED
    for seed in range(1, RECIPES[data][variant].seeds)
]
every_map = pytest.mark.parametrize(("dataset", "variant", "setting"), remeasured(MAPS))
HALF = {"atol": 2e-3, "rtol": 2e-3}  # what float16 and another machine's sums may cost


def seen(dataset: str, variant: str) -> torch.Tensor:
    return (images if VARIANTS[variant].masks else inputs)(dataset, "test")


def test_each_variant_is_mapped_and_pca_beside_it():
    for dataset in RECIPES:
        variants = {variant for data, variant, _ in MAPS if data == dataset}
        assert variants == set(RECIPES[dataset]) - {"ppca"}
        for variant in variants:
            runs = [run for data, name, run in MAPS if (data, name) == (dataset, variant)]
            assert runs == [2, 3, 10, 30] or (len(runs) == 1 and VARIANTS[variant].axis != ("latent_dim",)) or (
                runs == [2, 30] and variant == "deeper"
            )  # fmt: skip


@every_map
def test_a_map_holds_codes_labels_colours_and_finite_metrics(dataset, variant, setting):
    latent, row = checkpoints.load_latent_map(dataset, variant, setting), datasets.get(dataset)
    count = len(latent.labels)
    assert 300 <= count <= 2000 and len(latent.indices.unique()) == count
    assert set(latent.labels.tolist()) == set(range(len(row.classes)))
    assert latent.colours.shape == (count, 3) and latent.colours.min() >= 0 and latent.colours.max() <= 1
    assert latent.codes.shape == (count, len(latent.units)) and latent.components.shape == (count, len(latent.axes))
    assert latent.axes.shape[1] == latent.latent_dim and latent.whole == (latent.latent_dim <= 30)
    gram = latent.axes @ latent.axes.T
    torch.testing.assert_close(gram, torch.eye(len(gram)), atol=5e-3, rtol=0)
    assert 0.5 < latent.trustworthiness <= 1 and 0 < latent.knn_accuracy <= 1 and latent.test_error > 0


@every_map
def test_the_stored_codes_are_those_of_test_inputs(dataset, variant, setting):
    latent, x = checkpoints.load_latent_map(dataset, variant, setting), seen(dataset, variant)
    model = checkpoints.load(dataset, variant)[setting]
    slow = VARIANTS[variant].masks and dataset != "digits"  # a vision transformer
    some = slice(None, None, 8 if slow else 1)
    chosen = x[latent.indices[some]]
    z = model.encode(chosen)
    scale = z.abs().max()
    torch.testing.assert_close(latent.codes[some] / scale, z[:, latent.units] / scale, **HALF)
    components = (z - latent.mean) @ latent.axes.T
    torch.testing.assert_close(latent.components[some] / scale, components / scale, atol=5e-3, rtol=5e-3)
    torch.testing.assert_close(latent.colours[some], chosen.mean((2, 3)).expand(-1, 3), **HALF)
    if slow:
        return
    torch.testing.assert_close(latent.mean / scale, z.mean(0) / scale, **HALF)
    found = PCA(len(latent.axes), svd_solver="covariance_eigh").fit(z.double().numpy())
    variances = latent.components.double().var(0).numpy()
    np.testing.assert_allclose(variances / found.explained_variance_, 1, atol=0.02)


def one_of_each_variant() -> list:
    """All maps, slow but for the last of each variant on one data set, which changes with the variant.

    The code of masked images is a vision transformer's, which takes long on all but digits.
    """
    chosen = {"masked": ("digits", "masked", 0.75)}
    for k, variant in enumerate(dict.fromkeys(name for _, name, _ in MAPS if name != "masked")):
        on = list(dict.fromkeys(run[0] for run in MAPS if run[1] == variant))
        chosen[variant] = [run for run in MAPS if run[:2] == (on[k % len(on)], variant)][-1]
    assert {run[0] for run in chosen.values()} == set(RECIPES)
    return [pytest.param(*run, marks=() if run in chosen.values() else pytest.mark.slow) for run in MAPS]


@pytest.mark.parametrize(("dataset", "variant", "setting"), one_of_each_variant(), ids=run_name)
def test_metrics_are_scikit_learns_of_the_whole_code(dataset, variant, setting):
    latent, x = checkpoints.load_latent_map(dataset, variant, setting), seen(dataset, variant)
    z = checkpoints.load(dataset, variant)[setting].encode(x[latent.indices])
    expected = trustworthiness(x[latent.indices].flatten(1), z, n_neighbors=10)
    assert latent.trustworthiness == pytest.approx(expected, abs=1e-3)
    accuracies = cross_val_score(KNeighborsClassifier(10), z, latent.labels, cv=5)
    assert latent.knn_accuracy == pytest.approx(accuracies.mean(), abs=0.01)


@every_map
def test_the_sample_is_drawn_as_it_was(dataset, variant, setting):
    latent = checkpoints.load_latent_map(dataset, variant, setting)
    labels = (datasets.load if VARIANTS[variant].masks else datasets.load_inputs)(dataset, "test").labels
    assert len(labels) == len(seen(dataset, variant))
    indices = datasets.stratified_sample(labels)
    assert torch.equal(indices, latent.indices) and torch.equal(labels[indices], latent.labels)


@every_map
def test_the_error_of_a_map_is_that_of_its_run(dataset, variant, setting):
    latent, sweep = checkpoints.load_latent_map(dataset, variant, setting), checkpoints.load(dataset, variant)
    assert latent.test_error == main_error(variant, setting, sweep.header(setting).metrics)


@every_map
def test_the_sample_is_the_same_for_all_that_see_the_same_inputs(dataset, variant, setting):
    whole = VARIANTS[variant].masks and datasets.get(dataset).patchwise
    other = "masked" if whole else "pca"
    beside = checkpoints.load_latent_map(dataset, other, mapped(other, RECIPES[dataset][other])[0])
    latent = checkpoints.load_latent_map(dataset, variant, setting)
    assert torch.equal(latent.indices, beside.indices) and torch.equal(latent.labels, beside.labels)


@pytest.mark.parametrize(("dataset", "variant", "setting", "seed"), SEEDS, ids=run_name)
def test_other_seeds_leave_their_map_and_found_another_code(dataset, variant, setting, seed):
    first = checkpoints.load_latent_map(dataset, variant, setting)
    other = checkpoints.load_latent_map(dataset, variant, setting, seed)
    assert torch.equal(first.indices, other.indices) and not torch.allclose(first.codes, other.codes, atol=0.1)
    assert other.test_error == pytest.approx(first.test_error, rel=0.5)  # as good, not the same
    assert other.test_error != first.test_error
