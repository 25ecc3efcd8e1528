"""The test images that travel: the maps' and the gallery's, exactly, with whose they are, and what is said without."""

import pytest
import torch
from PIL import Image

from aedemo import checkpoints, datasets
from aedemo.checkpoints import CheckpointError
from aedemo.checkpoints.test_images import NAME
from aedemo.explore.gallery import gallery
from tests.data import labelled

TRAVEL = [name for name, row in datasets.DATASETS.items() if row.travels]


@pytest.mark.parametrize("dataset", TRAVEL)
def test_they_are_those_of_the_maps_and_two_of_each_class(dataset):
    found = checkpoints.test_images(dataset)
    latent = next(iter(checkpoints.latent_maps(dataset, "deep").values()))
    assert torch.equal(found.indices[found.sample], latent.indices) and len(found.sample) == 2000
    assert torch.equal(found.labels[found.sample], latent.labels)
    assert found.images.shape == (len(found.labels), *datasets.get(dataset).shape)
    assert sorted(item.title for item in gallery(dataset)) == sorted(datasets.get(dataset).classes * 2)


@pytest.mark.parametrize("dataset", TRAVEL)
def test_they_are_lossless(dataset):
    found, test = checkpoints.test_images(dataset), labelled(dataset, "test")
    assert torch.equal(found.images, test.images[found.indices])
    assert torch.equal(found.labels, test.labels[found.indices])


@pytest.mark.parametrize("dataset", TRAVEL)
def test_the_file_says_whose_they_are(dataset):
    row = datasets.get(dataset)
    with Image.open(checkpoints.folder() / dataset / NAME) as image:
        assert image.text["Copyright"] == row.licence and row.source in image.text["Source"]


@pytest.mark.parametrize("dataset", TRAVEL)
def test_without_the_data_set_the_gallery_is_the_same(dataset, monkeypatch, tmp_path):
    with_data = [item.id for item in gallery(dataset)]
    monkeypatch.setenv("AEDEMO_DATA", str(tmp_path))
    for read in (datasets.load, gallery):
        read.cache_clear()
    try:
        assert [item.id for item in gallery(dataset)] == with_data
    finally:
        for read in (datasets.load, gallery):
            read.cache_clear()


@pytest.mark.parametrize("corrupt", [lambda file: b"", lambda file: file[: len(file) // 2], lambda file: b"nothing"])
def test_a_file_that_is_corrupt_is_named_with_what_to_do(corrupt, tmp_checkpoints):
    whole = (checkpoints.paths.BESIDE_THE_PACKAGE / "mnist" / NAME).read_bytes()
    path = tmp_checkpoints / "mnist" / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(corrupt(whole))
    with pytest.raises(CheckpointError, match=r"mnist/test-images\.png cannot be read.*evaluate pca --data mnist"):
        checkpoints.test_images("mnist")


def test_of_other_data_sets_they_are_read_from_the_data_set():
    found, test = checkpoints.test_images("digits"), datasets.load("digits", "test")
    assert torch.equal(found.images, test.images) and torch.equal(found.sample, torch.arange(len(test.labels)))
    assert not checkpoints.has_test_images("digits")
