"""The gallery: the same images under the same names for everybody, so that a link shows what it showed."""

import numpy as np
import pytest
import torch

from aedemo import datasets, uploads
from aedemo.explore.gallery import PER_CLASS, SEEN, find, gallery
from aedemo.page.sprites import png
from tests.data import labelled
from tests.explore.reference import DATASETS, identity

PHOTOGRAPHS = ["china", "flower", "chelsea", "astronaut", "coffee", "rocket", "hubble_deep_field", "motorcycle_left",
               "retina", "ihc", "brick", "grass"]  # fmt: skip
DIGITS = ["24", "16", "6", "2", "13", "14", "1", "0", "7", "8"]


@pytest.mark.parametrize("dataset", DATASETS)
def test_images_are_named_described_and_of_one_shape(dataset):
    identity(dataset)
    items, row = gallery(dataset), datasets.get(dataset)
    assert len({item.id for item in items}) == len(items) >= 8
    side = uploads.PHOTO_SIDE if row.patchwise else row.shape[1]
    for item in items:
        assert item.image.shape == (row.shape[0], side, side) and item.image.dtype == torch.float32
        assert 0 <= item.image.min() < item.image.max() <= 1
        assert item.title and item.source and item.id.strip() == item.id


def test_photographs_are_always_the_same_in_the_same_order():
    """Those that skimage and scikit-learn carry by themselves; a later release may carry fewer, never others."""
    shown = [item.id for item in gallery("photos")]
    assert shown == [name for name in PHOTOGRAPHS if name in shown]
    assert {"china", "flower"} <= set(shown)


@pytest.mark.parametrize("dataset", [name for name in DATASETS if not datasets.get(name).patchwise])
def test_test_images_come_in_rows_of_classes(dataset):
    test, row = labelled(dataset, "test"), datasets.get(dataset)
    items = gallery(dataset)
    assert [item.title for item in items] == list(row.classes) * PER_CLASS
    for turn in range(PER_CLASS):
        for label in range(len(row.classes)):
            item, index = items[turn * len(row.classes) + label], np.flatnonzero(test.labels == label)[turn]
            assert item.id == str(index) and torch.equal(item.image, test.images[index])


def test_digits_have_the_ids_they_always_had():
    assert [item.id for item in gallery("digits")][:10] == DIGITS


@pytest.mark.parametrize("dataset", DATASETS)
def test_find_gives_each_image_by_its_name_and_the_first_without_one(dataset):
    identity(dataset)
    for item in gallery(dataset):
        assert torch.equal(find(dataset, f"gallery:{item.id}"), item.image[None])
    assert torch.equal(find(dataset, ""), gallery(dataset)[0].image[None])


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("name", ["gallery:no-such", "china", "gallery:", "http://a.b/cat.png", "../etc/passwd"])
def test_an_unknown_image_lists_those_that_exist(dataset, name):
    identity(dataset)
    with pytest.raises(ValueError) as error:
        find(dataset, name)
    assert repr(name) in str(error.value)
    assert all(f"gallery:{item.id}" in str(error.value) for item in gallery(dataset))


def test_an_unknown_data_set_lists_those_that_exist():
    with pytest.raises(ValueError, match=", ".join(datasets.DATASETS)):
        gallery("imagenet")
    with pytest.raises(ValueError, match=", ".join(datasets.DATASETS)):
        find("imagenet", "gallery:china")


@pytest.mark.parametrize("dataset", datasets.DATASETS)
def test_a_user_image_is_found_as_the_sidebar_shows_it(dataset, generator):
    """The sidebar sends an image back as a PNG of the data set's own shape; the tabs see the same."""
    photograph = 0.1 * torch.rand(3, 60, 88, generator=generator)
    photograph[:, 15:45, 34:54] += 0.5 + 0.3 * torch.rand(3, 30, 20, generator=generator)
    shown = uploads.for_dataset(photograph, dataset)
    seen = find(dataset, SEEN + png(shown.numpy()))[0]
    torch.testing.assert_close(seen, shown, atol=1e-6, rtol=0)


@pytest.mark.parametrize("dataset", [name for name, row in datasets.DATASETS.items() if row.shape[0] == 1])
@pytest.mark.parametrize("frame", [0.0, 1.0], ids=["dark frame", "light frame"])
def test_a_framed_image_is_not_turned_over_twice(dataset, frame):
    """A thin frame says ink or ground in the large image, and may be gone in the small one."""
    photograph = torch.full((3, 200, 200), 1 - frame)
    photograph[:, [0, -1]] = photograph[:, :, [0, -1]] = frame
    photograph[:, 60:140, 90:110] = frame
    shown = uploads.for_dataset(photograph, dataset)
    torch.testing.assert_close(find(dataset, SEEN + png(shown.numpy()))[0], shown, atol=1e-6, rtol=0)


@pytest.mark.parametrize("uri", ["data:", "data:image/png;base64,", "data:image/png;base64,####", "data:,hello"])
def test_a_broken_image_in_text_is_a_sentence(uri):
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        find("digits", uri)


def test_a_image_of_another_size_was_not_seen_by_these_models(generator):
    uri = SEEN + png(torch.rand(1, 28, 30, generator=generator).numpy())
    with pytest.raises(ValueError, match="see 28×28 pixels, not 30×28"):
        find("mnist", uri)
