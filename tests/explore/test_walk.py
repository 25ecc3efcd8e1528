"""From one picture to another: the ends are the reconstructions, and what is linear can only fade."""

import numpy as np
import pytest
import torch

from aedemo import checkpoints, datasets
from aedemo.explore import deep as module
from aedemo.explore.deep import deep
from aedemo.explore.gallery import find, gallery
from aedemo.explore.walk import SHARES, along, walk
from tests.explore.byhand import DATASETS, answer, assert_frames, chosen, codes, identity, join

each_data_set = pytest.mark.parametrize("dataset", DATASETS)


def two(dataset: str) -> tuple[torch.Tensor, torch.Tensor]:
    return chosen(dataset), find(dataset, identity(dataset, 5))


@each_data_set
def test_both_ends_are_the_two_pictures_as_the_models_draw_them(dataset):
    x, other = two(dataset)
    way = walk(dataset, x, other)
    assert way.shares == SHARES and SHARES[0] == 0 and SHARES[-1] == 1 and len(SHARES) == 21
    for frames, variant in ((way.deep, "deep"), (way.pca, "pca")):
        model = checkpoints.load(dataset, variant)[way.latent_dim]
        assert_frames(frames[[0, -1]], [answer(model, x), answer(model, other)], atol=2e-5)
    assert_frames(way.fade[[0, -1]], [x[0].numpy(), other[0].numpy()], atol=1e-6)


@each_data_set
@pytest.mark.parametrize("at", [3, 10, 18])
def test_between_them_lies_what_is_decoded_from_the_line_between_the_codes(dataset, at):
    x, other = two(dataset)
    model = checkpoints.load(dataset, "deep")[3]
    z = (1 - SHARES[at]) * codes(model, x) + SHARES[at] * codes(model, other)
    patches = list(model.decode(torch.from_numpy(z).float()).numpy())
    assert_frames(along(model, x, other)[[at]].numpy(), [join(patches, tuple(x.shape[1:]))], atol=2e-5)


@each_data_set
def test_pca_fades_and_the_deep_code_does_not(dataset):
    """Linear: what is decoded between two codes is the same mixture of the two reconstructions."""
    way, shares = walk(dataset, *two(dataset)), np.array(SHARES, np.float32)[:, None, None, None]
    bends = {}
    for name in ("pca", "deep"):
        frames = getattr(way, name)
        faded = (1 - shares) * frames[0] + shares * frames[-1]
        bends[name] = np.sqrt(np.square(frames - faded).mean())
    assert bends["pca"] < 1e-5 < 1e-3 < bends["deep"]


@each_data_set
def test_one_can_go_to_each_title_of_the_gallery_and_not_to_the_picture_itself(dataset):
    view = deep(dataset, identity(dataset))
    own = next(item for item in gallery(dataset) if f"gallery:{item.id}" == identity(dataset))
    ids = [name for name, _ in view.others]
    assert own.id not in ids and len({title for _, title in view.others}) == len(view.others) >= 9
    assert view.towards == ids[0]
    there = deep(dataset, identity(dataset), towards=ids[4])
    assert there.towards == ids[4]
    np.testing.assert_allclose(there.walk.fade[-1], find(dataset, f"gallery:{ids[4]}")[0].numpy(), atol=1e-6)
    assert deep(dataset, identity(dataset), towards="of another data set").towards == ids[0]


def test_without_a_gallery_there_is_no_way_and_the_rest_answers(monkeypatch):
    def gone(name: str):
        raise datasets.DataSetUnavailable("not here")

    picture = chosen("digits")
    monkeypatch.setattr(module, "gallery", gone)
    monkeypatch.setattr(module, "find", lambda dataset, name: picture)
    view = deep("digits", "seen:data:,")
    assert view.walk is None and view.others == () and len(view.deep.frames) == len(view.values)
