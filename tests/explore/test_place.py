"""Where a picture falls: its rank among test pictures, and the pictures whose codes are nearest, done the long way."""

import numpy as np
import pytest
import torch
from skimage import data
from sklearn.neighbors import NearestNeighbors

from aedemo import checkpoints, datasets, pictures
from aedemo.explore import place as module
from aedemo.explore.gallery import SEEN, find, gallery
from aedemo.explore.masked import model_picture
from aedemo.explore.place import ASKED, NEAREST, OFF_MANIFOLD, place, rank_of, references
from aedemo.explore.tracks import bottlenecks
from aedemo.page.images import png
from tests.explore.byhand import DATASETS, SEED, answer, chosen, codes, identity

WHOLE = [name for name in DATASETS if not datasets.get(name).patchwise]
DENSE = [name for name in ASKED if name != "masked"]


@pytest.fixture(scope="module")
def view():
    made = {}

    def of(dataset: str):
        if dataset not in made:
            made[dataset] = place(dataset, identity(dataset), SEED)
        return made[dataset]

    return of


def standing(view, variant: str):
    return next(s for s in view.standings if s.variant == variant)


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_variant_that_has_runs_has_its_say(view, dataset):
    shown = view(dataset)
    assert [s.variant for s in shown.standings] == [v for v in ASKED if v in checkpoints.available()[dataset]]
    assert shown.missing == () and shown.judges == len(shown.standings)
    assert shown.values == bottlenecks(dataset)
    for s in shown.standings:
        assert len(s.settings) == len(s.rank) == len(s.nearest) and len(s.settings) in (1, len(shown.values))
        assert s.nearest.shape[1] == NEAREST and s.nearest.max() < len(shown.references.pictures) == len(
            shown.references.names
        )
        assert np.all((s.rank >= 0) & (s.rank <= 100))


@pytest.mark.parametrize("variant", DENSE)
@pytest.mark.parametrize("dataset", DATASETS)
def test_a_rank_is_the_share_of_test_pictures_that_are_drawn_better(view, dataset, variant):
    """Against the errors of the test pictures themselves, one by one, where those are at hand."""
    try:
        test = datasets.test_sample(dataset)
    except datasets.DataSetUnavailable as error:
        pytest.skip(str(error))
    few = test.images[::8] if datasets.get(dataset).patchwise else test.images
    s, sweep = standing(view(dataset), variant), checkpoints.load(dataset, variant)
    x, at = chosen(dataset), min(4, len(standing(view(dataset), variant).settings) - 1)
    model = sweep[s.settings[at]]

    def error(picture: np.ndarray) -> float:
        drawn = answer(model, torch.from_numpy(picture)[None])
        return float(np.square(drawn - picture).mean())

    size = datasets.get(dataset).shape[1]
    inside = [p[:, : p.shape[1] // size * size, : p.shape[2] // size * size] for p in few.float().numpy()]
    scale = 255 if few.dtype == torch.uint8 else 1
    others = np.array([error(p / scale) for p in inside])
    better = 100 * (others < error(x[0].numpy())).mean()
    # Three standard errors of a share measured on this many pictures, and a percent for the steps of the quantiles.
    slack = 300 * np.sqrt(0.25 / len(others)) if len(others) < len(test.images) else 0
    assert s.rank[at] == pytest.approx(better, abs=1.1 + slack)


@pytest.mark.parametrize(
    ("dataset", "variant"),
    # A vision transformer over all references once more is long: on the smallest pictures only.
    [(dataset, variant) for dataset in WHOLE for variant in ASKED if variant != "masked" or dataset == "digits"],
)
def test_the_nearest_codes_are_scikit_learns(view, dataset, variant):
    shown, among = view(dataset), references(dataset)
    s, sweep = standing(shown, variant), checkpoints.load(dataset, variant)
    for at in {0, len(s.settings) // 2, len(s.settings) - 1}:
        model = sweep[s.settings[at]]
        if variant == "masked":
            z = model.encode(model_picture(dataset, identity(dataset))).numpy()
            every = model.encode(among.pictures).numpy()
        else:
            z = codes(model, chosen(dataset))
            every = model.encode(among.pictures).numpy()
        _, index = NearestNeighbors(n_neighbors=NEAREST + 1).fit(every).kneighbors(z)
        others = [k for k in index[0] if not torch.equal(among.pictures[k], chosen(dataset)[0])][:NEAREST]
        expected = [np.linalg.norm(every[k] - z[0]) for k in others]
        found = s.nearest[at]
        np.testing.assert_allclose([np.linalg.norm(every[k] - z[0]) for k in found], expected, rtol=1e-4, atol=1e-5)
        assert shown.references is among


@pytest.mark.parametrize("variant", ["pca", "deep", "sparse"])
def test_of_photographs_the_codes_of_patches_are_pooled_by_sign(view, variant):
    """So that a dark photograph is not near to a bright one whose codes are the opposite."""
    shown, among = view("photos"), references("photos")
    s, sweep = standing(shown, variant), checkpoints.load("photos", variant)
    at = len(s.settings) // 2

    def pooled(x: torch.Tensor) -> np.ndarray:
        z = codes(sweep[s.settings[at]], x)  # (patches, M)
        return np.append(np.where(z > 0, z, 0).mean(0), np.where(z < 0, z, 0).mean(0))

    mine = pooled(chosen("photos"))
    far = [np.linalg.norm(pooled(picture[None]) - mine) for picture in among.pictures]
    others = [far[k] for k in np.argsort(far) if not torch.equal(among.pictures[k], chosen("photos")[0])]
    np.testing.assert_allclose([far[k] for k in s.nearest[at]], others[:NEAREST], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dataset", DATASETS)
def test_strangers_and_unusual_are_counted_over_the_models(view, dataset):
    shown = view(dataset)
    for at in range(len(shown.values)):
        ranks = [s.rank[min(at, len(s.rank) - 1)] for s in shown.standings]
        assert shown.strangers[at] == sum(rank > 99 for rank in ranks)
        assert shown.unusual[at] == sum(rank > 95 for rank in ranks) >= shown.strangers[at]


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_picture_is_not_its_own_neighbour(view, dataset):
    own = chosen(dataset)[0].numpy()
    shown = view(dataset)
    near = {int(k) for s in shown.standings for k in s.nearest.flat}
    assert not any(np.array_equal(own, shown.references.pictures[k].numpy()) for k in near)


def seen(picture: torch.Tensor, dataset: str) -> str:
    return SEEN + png(pictures.for_dataset(picture, dataset).numpy())


def test_a_photograph_in_a_model_of_digits_is_a_stranger_and_a_test_digit_is_none():
    at = bottlenecks("digits").index(10)
    photograph = torch.from_numpy(data.coffee().copy()).permute(2, 0, 1).float() / 255
    stranger = place("digits", seen(photograph, "digits"))
    assert stranger.strangers[at] > stranger.judges / 2
    known = [place("digits", f"gallery:{item.id}") for item in gallery("digits")]
    assert np.mean([view.strangers[at] > view.judges / 2 for view in known]) <= 0.05


def test_a_stroke_drawn_upright_is_a_one():
    sheet = torch.zeros(3, 280, 280)
    sheet[:, 40:240, 129:151] = 1  # the pen's width
    at, drawn = bottlenecks("digits").index(10), place("digits", seen(sheet, "digits"))
    assert drawn.strangers[at] == 0
    assert {drawn.references.names[k] for k in drawn.standings[0].nearest[at]} == {"1"}


def test_rank_of_runs_from_none_to_all():
    quantiles = np.square(np.linspace(1, 3, 101))
    assert rank_of(0.5, quantiles) == 0 and rank_of(9.1, quantiles) == 100
    assert rank_of(quantiles[37], quantiles) == pytest.approx(37)
    assert rank_of((quantiles[37] + quantiles[38]) / 2, quantiles) == pytest.approx(37.5)
    assert OFF_MANIFOLD == 99


def test_without_the_pictures_of_the_data_set_ranks_are_there_and_neighbours_are_not(monkeypatch):
    uri = seen(find("digits", "")[0].expand(3, -1, -1), "digits")
    whole = place("digits", uri)

    def gone(name: str):
        raise datasets.DataSetUnavailable(f"{name} is not here. Connect to the internet once.")

    for cached in (module.references, module._codes):
        cached.cache_clear()
    monkeypatch.setattr(datasets, "test_sample", gone)
    try:
        alone = place("digits", uri)
    finally:
        for cached in (module.references, module._codes):
            cached.cache_clear()
    assert alone.missing == ("digits is not here. Connect to the internet once.",)
    for a, b in zip(alone.standings, whole.standings, strict=True):
        np.testing.assert_allclose(a.rank, b.rank)
        assert a.nearest.size == 0
    assert len(alone.references.pictures) == 0 and alone.judges == whole.judges
