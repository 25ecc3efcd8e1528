"""From one image to another: the ends are the reconstructions, and two PCA codes only cross-fade theirs."""

import numpy as np
import pytest
import torch

from aedemo import checkpoints, datasets
from aedemo.explore import interpolation as module
from aedemo.explore.gallery import find, gallery
from aedemo.explore.interpolation import STEPS, decode_between, interpolation
from tests.data import inputs
from tests.explore.reference import DATASETS, assert_frames, chosen, codes, identity, join, reconstruction

each_data_set = pytest.mark.parametrize("dataset", DATASETS)


def other_id(dataset: str) -> str:
    return identity(dataset, 5).removeprefix("gallery:")


@each_data_set
def test_both_ends_are_the_reconstructions_of_the_two_images(dataset):
    x, other = chosen(dataset), find(dataset, identity(dataset, 5))
    found = interpolation(dataset, identity(dataset), other_id(dataset))
    assert found.steps == STEPS and STEPS[0] == 0 and STEPS[-1] == 1 and len(STEPS) == 21
    for frames, variant in ((found.deep, "deep"), (found.pca, "pca")):
        model = checkpoints.load(dataset, variant)[found.latent_dim]
        assert_frames(frames[[0, -1]], [reconstruction(model, x), reconstruction(model, other)], atol=2e-5)
    assert_frames(found.blend[[0, -1]], [x[0].numpy(), other[0].numpy()], atol=1e-6)


@each_data_set
@pytest.mark.parametrize("at", [3, 10, 18])
def test_between_them_lies_what_is_decoded_from_the_line_between_the_codes(dataset, at):
    x, other = chosen(dataset), find(dataset, identity(dataset, 5))
    model = checkpoints.load(dataset, "deep")[3]
    z = (1 - STEPS[at]) * codes(model, x) + STEPS[at] * codes(model, other)
    patches = list(model.decode(torch.from_numpy(z).float()).numpy())
    assert_frames(decode_between(model, x, other)[[at]].numpy(), [join(patches, tuple(x.shape[1:]))], atol=2e-5)


@each_data_set
def test_pca_fades_and_the_deep_code_does_not(dataset):
    """Linear: what is decoded between two codes is the same mixture of the two reconstructions."""
    found, t = interpolation(dataset, identity(dataset)), np.array(STEPS, np.float32)[:, None, None, None]
    bends = {}
    for name in ("pca", "deep"):
        frames = getattr(found, name)
        faded = (1 - t) * frames[0] + t * frames[-1]
        bends[name] = np.sqrt(np.square(frames - faded).mean())
    assert bends["pca"] < 1e-5 < 1e-3 < bends["deep"]


@each_data_set
def test_the_targets_are_each_title_of_the_gallery_but_not_the_image_itself(dataset):
    found = interpolation(dataset, identity(dataset))
    own = next(item for item in gallery(dataset) if f"gallery:{item.id}" == identity(dataset))
    ids = [name for name, _ in found.targets]
    assert own.id not in ids and len({title for _, title in found.targets}) == len(found.targets) >= 9
    there = interpolation(dataset, identity(dataset), ids[4])
    assert there.target == ids[4]
    np.testing.assert_allclose(there.blend[-1], find(dataset, f"gallery:{ids[4]}")[0].numpy(), atol=1e-6)
    assert interpolation(dataset, identity(dataset), "of another data set").target == found.target


@pytest.mark.parametrize("index", range(4))
def test_it_begins_where_the_deep_images_are_nearest_to_test_images_beside_pcas(index):
    found = interpolation("digits", identity("digits", index))
    x, test = find("digits", identity("digits", index)), inputs("digits", "test").flatten(1).numpy()
    own = next(item.title for item in gallery("digits") if f"gallery:{item.id}" == identity("digits", index))
    shares = {}
    for name, title in found.targets:
        if title != own:
            other = find("digits", f"gallery:{name}")
            deep, pca = (
                decode_between(checkpoints.load("digits", variant)[found.latent_dim], x, other)[[5, 10, 15]]
                for variant in ("deep", "pca")
            )
            near = [np.mean([np.linalg.norm(test - y, axis=1).min() for y in frames.clamp(0, 1).flatten(1).numpy()])
                    for frames in (deep, pca)]  # fmt: skip
            shares[name] = near[0] / near[1]
    assert found.target == min(shares, key=shares.get)


def test_without_a_gallery_there_is_no_interpolation(monkeypatch):
    def gone(name: str):
        raise datasets.DataSetUnavailable("not here")

    image = chosen("digits")
    monkeypatch.setattr(module, "gallery", gone)
    monkeypatch.setattr(module, "find", lambda dataset, name: image)
    assert interpolation("digits", "seen:data:,") is None
