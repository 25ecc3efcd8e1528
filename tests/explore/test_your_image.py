"""Where an image falls: its rank among test images, and the images whose codes are nearest, done the long way."""

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from aedemo import checkpoints, datasets, uploads
from aedemo.explore import your_image as module
from aedemo.explore.compare import compared_variants
from aedemo.explore.filmstrips import bottlenecks
from aedemo.explore.gallery import SEEN, find
from aedemo.explore.masked import model_image
from aedemo.explore.your_image import NEAREST, OFF_MANIFOLD, histogram, percentile_of, references, your_image
from aedemo.page.sprites import png
from tests.explore.reference import DATASETS, SEED, chosen, codes, identity, reconstruction

WHOLE = [name for name in DATASETS if not datasets.get(name).patchwise]
DENSE = [name for name in compared_variants() if name != "masked"]


@pytest.fixture(scope="module")
def view():
    made = {}

    def of(dataset: str):
        if dataset not in made:
            made[dataset] = your_image(dataset, identity(dataset), SEED)
        return made[dataset]

    return of


def score(view, variant: str):
    return next(s for s in view.scores if s.variant == variant)


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_variant_that_has_runs_has_its_say(view, dataset):
    shown, among = view(dataset), references(dataset)
    assert [s.variant for s in shown.scores] == [
        v for v in compared_variants() if v in checkpoints.available()[dataset]
    ]
    assert shown.missing == () and shown.model == "deep" and shown.values == bottlenecks(dataset)
    for s in shown.scores:
        assert len(s.settings) == len(s.percentile) == len(s.nearest) and len(s.settings) in (1, len(shown.values))
        assert s.nearest.shape[1] == (0 if datasets.get(dataset).patchwise else NEAREST)
        assert s.nearest.max(initial=0) < max(1, len(among.names)) and len(among.images) == len(among.names)
        assert np.all((s.percentile >= 0) & (s.percentile <= 100))


@pytest.mark.parametrize("variant", DENSE)
@pytest.mark.parametrize("dataset", DATASETS)
def test_a_rank_is_the_share_of_test_images_that_are_drawn_better(view, dataset, variant):
    """Against the errors of the test images themselves, one by one, where those are at hand."""
    try:
        test = datasets.test_sample(dataset)
    except datasets.DataSetUnavailable as error:
        pytest.skip(str(error))
    few = test.images[::8] if datasets.get(dataset).patchwise else test.images
    s, sweep = score(view(dataset), variant), checkpoints.load(dataset, variant)
    x, at = chosen(dataset), min(4, len(score(view(dataset), variant).settings) - 1)
    model = sweep[s.settings[at]]

    def error(image: np.ndarray) -> float:
        drawn = reconstruction(model, torch.from_numpy(image)[None])
        return float(np.square(drawn - image).mean())

    if datasets.get(dataset).patchwise:
        size = datasets.get(dataset).shape[1]
        inside = [p[:, : p.shape[1] // size * size, : p.shape[2] // size * size] for p in few.float().numpy()]
        scale = 255 if few.dtype == torch.uint8 else 1
        others = np.array([error(p / scale) for p in inside])
    else:  # an image is a model's whole input
        with torch.no_grad():
            others = (model(few) - few).square().mean((1, 2, 3)).numpy()
    better = 100 * (others < error(x[0].numpy())).mean()
    # Three standard errors of a share measured on this many images, and a percent for the steps of the quantiles.
    slack = 300 * np.sqrt(0.25 / len(others)) if len(others) < len(test.images) else 0
    assert s.percentile[at] == pytest.approx(better, abs=1.1 + slack)


@pytest.mark.parametrize("variant", compared_variants())
@pytest.mark.parametrize("dataset", WHOLE)
def test_the_nearest_codes_are_scikit_learns(view, dataset, variant):
    """Of the masked one by the principal components of its stored map, which are those of its codes."""
    shown, among = view(dataset), references(dataset)
    s, sweep = score(shown, variant), checkpoints.load(dataset, variant)
    for at in {0, len(s.settings) // 2, len(s.settings) - 1}:
        model = sweep[s.settings[at]]
        if variant == "masked":
            found = checkpoints.load_latent_map(dataset, variant, s.settings[at])
            z = ((model.encode(model_image(dataset, identity(dataset))) - found.mean) @ found.axes.T).numpy()
            every = found.components.numpy()
            one = model.encode(among.images[:1])  # the map is of these very images
            np.testing.assert_allclose((one - found.mean) @ found.axes.T, found.components[:1], atol=0.02)
        else:
            z = codes(model, chosen(dataset))
            every = model.encode(among.images).numpy()
        _, index = NearestNeighbors(n_neighbors=NEAREST + 1).fit(every).kneighbors(z)
        others = [k for k in index[0] if not torch.equal(among.images[k], chosen(dataset)[0])][:NEAREST]
        expected = [np.linalg.norm(every[k] - z[0]) for k in others]
        found = s.nearest[at]
        np.testing.assert_allclose([np.linalg.norm(every[k] - z[0]) for k in found], expected, rtol=1e-4, atol=1e-5)
        assert shown.references is among


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_image_is_not_its_own_neighbour(view, dataset):
    own = chosen(dataset)[0].numpy()
    shown = view(dataset)
    near = {int(k) for s in shown.scores for k in s.nearest.flat}
    assert not any(np.array_equal(own, shown.references.images[k].numpy()) for k in near)


def seen(image: torch.Tensor, dataset: str) -> str:
    return SEEN + png(uploads.for_dataset(image, dataset).numpy())


def test_a_stroke_drawn_upright_is_a_one():
    sheet = torch.zeros(3, 280, 280)
    sheet[:, 40:240, 129:151] = 1  # the pen's width
    at, shown = bottlenecks("digits").index(10), your_image("digits", seen(sheet, "digits"))
    assert max(score(shown, variant).percentile[at] for variant in ("pca", "linear", "deep")) < 99
    assert {shown.references.names[k] for k in shown.scores[0].nearest[at]} == {"1"}


def test_percentiles_run_from_none_to_all():
    quantiles = torch.linspace(1, 3, 101).square()
    assert percentile_of(0.5, quantiles) == 0 and percentile_of(9.1, quantiles) == 100
    assert percentile_of(float(quantiles[37]), quantiles) == pytest.approx(37)
    assert percentile_of(float((quantiles[37] + quantiles[38]) / 2), quantiles) == pytest.approx(37.5)
    assert np.isnan(percentile_of(1.0, None)) and OFF_MANIFOLD == 99


@pytest.mark.parametrize("error", [0.0, 0.3, 4.0, 400.0])
def test_a_histogram_holds_all_test_images_and_this_one(error):
    quantiles = np.quantile(np.random.default_rng(0).lognormal(size=5000), np.linspace(0, 1, 101))
    found = histogram(quantiles, error)
    assert found.shares.sum() == pytest.approx(1) and (found.shares >= 0).all() and len(found.edges) == 25
    assert found.edges[0] <= max(error, quantiles[0]) and error <= found.edges[-1]
    middle = (quantiles[50] > found.edges).sum() - 1
    assert abs(found.shares[: middle + 1].sum() - 0.5) <= found.shares[middle]


def test_any_model_can_be_the_one_whose_errors_are_shown():
    for variant in compared_variants():
        shown = your_image("digits", identity("digits"), SEED, variant)
        assert shown.model == variant and len(shown.histograms) == len(score(shown, variant).settings)
        assert [h.error for h in shown.histograms] == pytest.approx(score(shown, variant).error)
    assert your_image("digits", identity("digits"), SEED, "nonsense").model == "deep"


def test_without_the_images_of_the_data_set_ranks_are_there_and_neighbours_are_not(monkeypatch):
    uri = seen(find("digits", "")[0].expand(3, -1, -1), "digits")
    whole = your_image("digits", uri)

    def gone(name: str):
        raise datasets.DataSetUnavailable(f"{name} is not here. Connect to the internet once.")

    for cached in (module.references, module.reference_codes):
        cached.cache_clear()
    monkeypatch.setattr(checkpoints, "test_images", gone)
    try:
        alone = your_image("digits", uri)
    finally:
        for cached in (module.references, module.reference_codes):
            cached.cache_clear()
    assert alone.missing == ("digits is not here. Connect to the internet once.",)
    for a, b in zip(alone.scores, whole.scores, strict=True):
        np.testing.assert_allclose(a.percentile, b.percentile)
        assert a.nearest.size == 0
    assert len(alone.references.images) == 0 and len(alone.histograms) == len(whole.histograms)
