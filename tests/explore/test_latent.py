"""The Latent tab: both maps, the chosen image's neighbours in each, and what becomes of it offline."""

import io

import numpy as np
import pandas
import pytest
import torch

from aedemo import checkpoints, datasets
from aedemo.checkpoints import setting_name
from aedemo.explore import latent as module
from aedemo.explore.latent import codes_csv, latent, mapped
from tests.data import inputs
from tests.explore.reference import DATASETS, OTHER_SEED, SEED, chosen, codes, identity, patch_batch, reconstruction

RUNS = [
    (data, variant, run)
    for data in DATASETS
    for variant, runs in mapped(data).items()
    if variant != "pca"
    for run in runs
]
every_run = pytest.mark.parametrize(("dataset", "variant", "setting"), RUNS, ids=str)
WHOLE = [name for name in DATASETS if not datasets.get(name).patchwise]


@every_run
def test_a_code_stands_beside_pcas_of_as_many_numbers(dataset, variant, setting):
    view = latent(dataset, identity(dataset), SEED, variant, setting_name(setting))
    numbers = view.code.map.latent_dim
    assert (view.code.variant, view.code.setting) == (variant, setting) and view.pca.variant == "pca"
    assert view.pca.setting == view.pca.map.latent_dim == min(numbers, 30)
    assert bool(view.units) == (numbers > 3)
    assert view.variants == tuple(v for v in checkpoints.available()[dataset] if v not in ("pca", "ppca"))
    assert 0 <= view.rank <= 100 and view.picked is None
    assert view.code.reconstruction.frames.shape == view.chosen.shape


@pytest.mark.parametrize(
    ("dataset", "variant"),
    [*((dataset, variant) for dataset in WHOLE for variant in ("deep", "sparse", "linear")), ("digits", "masked")],
)
def test_neighbours_are_those_with_the_nearest_codes(dataset, variant):
    setting = mapped(dataset)[variant][-1]
    view = latent(dataset, "", SEED, variant, setting_name(setting), point=11)
    x, found = inputs(dataset, "test"), view.code.map
    codes = checkpoints.load(dataset, variant)[setting].encode(x[found.indices])
    by_distance = (codes - codes[11]).norm(dim=1).argsort().tolist()
    assert by_distance[0] == 11 and 11 not in view.code.nearest
    near = set(by_distance[1:13]) if found.whole else set(by_distance[1:60])  # of a wide code 20 components are stored
    assert set(view.code.nearest) <= near and len(set(view.code.nearest)) == 6


@pytest.mark.parametrize("dataset", WHOLE)
def test_a_point_that_is_clicked_is_that_test_image_and_its_reconstructions(dataset):
    inputs(dataset, "test")
    view = latent(dataset, "", SEED, "deep", "010", point=17)
    x = inputs(dataset, "test")[view.code.map.indices[17]][None]
    assert view.picked == 17 and view.real
    np.testing.assert_array_equal(view.chosen, x)
    for side in (view.code, view.pca):
        expected = reconstruction(checkpoints.load(dataset, side.variant)[10], x)
        np.testing.assert_allclose(side.reconstruction.frames[0], expected, atol=0.02)  # the stored code is float16
    assert set(view.inputs) == {*view.code.nearest, *view.pca.nearest}
    for index, image in view.inputs.items():
        np.testing.assert_array_equal(image, inputs(dataset, "test")[view.code.map.indices[index]])


@pytest.mark.parametrize("dataset", WHOLE)
def test_without_the_data_set_images_are_what_pca_keeps(dataset, monkeypatch):
    here = latent(dataset, identity(dataset), SEED, "deep", "030", point=4)
    image = torch.from_numpy(here.chosen)

    def unavailable(*_):
        raise datasets.DataSetUnavailable("no network")

    monkeypatch.setattr(checkpoints, "test_images", unavailable)
    view = latent(dataset, identity(dataset), SEED, "deep", "030", point=4)
    assert not view.real and view.picked == 4
    assert here.known and not view.known and np.isnan(view.rank)  # nobody knows how well it is drawn
    expected = reconstruction(checkpoints.load(dataset, "pca")[30], image).clip(0, 1)
    np.testing.assert_allclose(view.chosen[0], expected, atol=0.01)
    np.testing.assert_allclose(
        view.code.reconstruction.frames, here.code.reconstruction.frames, atol=1e-5
    )  # from its stored code


def test_what_this_sweep_lacks_falls_back(monkeypatch):
    view = latent("digits", "", SEED, "nonsense", "077", (0, 99), 5000)
    assert (view.code.variant, view.code.setting, view.axes, view.picked) == ("deep", 2, None, None)
    assert latent("digits", "", SEED, "deep", "030", (4, 4)).axes is None
    assert latent("digits", "", SEED, "deep", "030", (4, 2)).axes == (4, 2)
    monkeypatch.setattr(module, "mapped", lambda _: {})
    with pytest.raises(ValueError, match="aedemo train all --data digits"):
        latent("digits", "")


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_seed_changes_nothing(dataset):
    views = [latent(dataset, identity(dataset), seed, "deep", "010") for seed in (SEED, OTHER_SEED)]
    np.testing.assert_array_equal(views[0].code.plane.marks, views[1].code.plane.marks)
    assert views[0].code.nearest == views[1].code.nearest


@pytest.mark.parametrize("variant", ["linear", "deep", "masked"])
def test_noise_is_off_the_manifold_and_a_test_image_is_not(variant):
    from aedemo.page.sprites import png

    noise = "seen:" + png(np.random.default_rng(0).random((1, 8, 8)).astype(np.float32))
    run = setting_name(mapped("digits")[variant][-1])
    assert latent("digits", noise, SEED, variant, run).off_manifold
    ranks = [latent("digits", "", SEED, variant, run, point=point).rank for point in range(0, 300, 10)]
    assert sum(rank > 99 for rank in ranks) <= 2 and 20 < np.mean(ranks) < 80


def test_codes_as_csv_are_the_stored_ones():
    table = pandas.read_csv(io.StringIO(codes_csv("digits", "deep", "003")))
    stored = checkpoints.load_latent_map("digits", "deep", 3)
    assert list(table.columns) == ["test_input", "class", "z1", "z2", "z3", "pc1", "pc2"] and len(table) == 360
    np.testing.assert_array_equal(table["test_input"], stored.indices)
    np.testing.assert_allclose(table[["z1", "z2", "z3"]], stored.codes, rtol=1e-3)
    with pytest.raises(ValueError, match="digits has no map of 'nonsense'; choose one of pca, linear"):
        codes_csv("digits", "nonsense")
    with pytest.raises(ValueError, match="no map at '007'; choose one of 002, 003, 010, 030"):
        codes_csv("digits", "deep", "007")


@pytest.mark.parametrize("variant", ["deep", "sparse"])
@pytest.mark.parametrize("dataset", [name for name in DATASETS if name not in WHOLE])
def test_a_photographs_neighbours_are_those_of_its_patch_with_the_most_contrast(dataset, variant):
    setting = mapped(dataset)[variant][-1]
    view = latent(dataset, identity(dataset), SEED, variant, setting_name(setting))
    patches = patch_batch(checkpoints.load(dataset, variant)[setting], chosen(dataset))
    at = int(np.argmax([patch.var(axis=(1, 2)).mean() for patch in patches.numpy()]))
    for side in (view.code, view.pca):
        z = codes(checkpoints.load(dataset, side.variant)[side.setting], chosen(dataset))[at]
        known = side.map.codes if side.map.whole else side.map.components
        z = z if side.map.whole else (z - side.map.mean.numpy()) @ side.map.axes.numpy().T
        distances = np.linalg.norm(known.numpy() - z, axis=1)
        np.testing.assert_allclose(distances[list(side.nearest)], np.sort(distances)[:6], rtol=1e-3)
        assert set(side.nearest) <= set(view.inputs)


@pytest.mark.parametrize("dataset", [name for name in DATASETS if name not in WHOLE])
def test_beside_a_map_of_whole_photographs_pcas_patches_have_their_neighbours(dataset):
    view = latent(dataset, identity(dataset), SEED, "masked")
    assert view.code.nearest == () and len(view.pca.nearest) == 6 and set(view.inputs) == set(view.pca.nearest)
