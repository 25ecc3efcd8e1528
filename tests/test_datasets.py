"""The data sets: shapes, ranges, classes, splits, and photographs from a folder of your own."""

import io
import tarfile

import numpy as np
import pytest
import torch
from PIL import Image

from aedemo import datasets
from aedemo.datasets import DATASETS, DataSetUnavailable, Images
from tests.data import inputs, labelled

SPLITS_READ = [(name, "test") for name in DATASETS] + [("digits", "train")]  # the large ones are slow to read


@pytest.mark.parametrize(("name", "split"), SPLITS_READ)
def test_images_have_the_shape_range_and_classes_of_their_row(name, split):
    row, found = DATASETS[name], labelled(name, split)
    images, labels = found.images, found.labels
    assert images.shape[1] == row.shape[0] and len(images) == len(labels) > 100
    assert images.dtype in (torch.float32, torch.uint8)
    top = 255 if images.dtype == torch.uint8 else 1
    assert images.min() >= 0 and images.max() <= top and images.max() > 0.9 * top
    assert labels.dtype == torch.int64
    assert set(labels.tolist()) == set(range(len(row.classes)))


@pytest.mark.parametrize(("name", "split"), SPLITS_READ)
def test_inputs_of_dense_variants_are_floats_of_the_rows_shape(name, split):
    x = inputs(name, split)
    assert tuple(x.shape[1:]) == DATASETS[name].shape
    assert x.dtype == torch.float32 and x.min() >= 0 and x.max() <= 1 and x.isfinite().all()


@pytest.mark.parametrize("row", DATASETS.values(), ids=lambda row: row.name)
def test_rows_say_what_a_page_needs(row):
    assert DATASETS[row.name] is row
    assert row.title and row.licence and row.source and len(row.classes) >= 2
    assert row.dimension == np.prod(row.shape)
    assert row.patchwise == (row.shape != row.image_shape)


def test_digits_splits_share_no_image_and_hold_each_class_in_proportion():
    train, test = labelled("digits", "train"), labelled("digits", "test")
    assert len(train.images) + len(test.images) == 1797
    rows = {image.numpy().tobytes() for image in train.images}
    assert not any(image.numpy().tobytes() in rows for image in test.images)
    shares = [torch.bincount(split.labels) / len(split.labels) for split in (train, test)]
    torch.testing.assert_close(*shares, atol=0.01, rtol=0)


def test_digits_are_scikit_learns():
    from sklearn.datasets import load_digits

    digits = load_digits()
    pixels = [(image / 16).astype(np.float32).tobytes() for image in digits.images]
    known = dict(zip(pixels, digits.target, strict=True))
    test = labelled("digits", "test")
    for one, label in zip(test.images[:, 0], test.labels.tolist(), strict=True):
        assert known[one.numpy().tobytes()] == label


def test_unknown_names_and_splits_list_those_that_exist():
    with pytest.raises(ValueError, match=r"nonsense.*photos.*mnist.*fashion.*digits"):
        datasets.get("nonsense")
    with pytest.raises(ValueError, match=r"nonsense.*digits"):
        datasets.load("nonsense", "train")
    with pytest.raises(ValueError, match=r"validation.*train, test"):
        datasets.load("digits", "validation")


def test_patches_are_cut_from_their_image_with_its_label():
    """Each pixel of these images holds its own number, so a patch says where it was cut."""
    place = torch.arange(20 * 12).view(1, 1, 20, 12).expand(1, 3, -1, -1)
    images = Images((torch.cat([place, 255 - place]) % 256).to(torch.uint8), torch.tensor([4, 9]))
    cut = datasets.sample_patches(images, size=5, count=200, seed=1)
    assert cut.images.shape == (200, 3, 5, 5) and cut.images.dtype == torch.float32
    windows = images.images.unfold(2, 5, 1).unfold(3, 5, 1)  # (2, 3, 16, 8, 5, 5)
    places = set()
    for patch, label in zip((cut.images * 255).round().to(torch.uint8), cut.labels.tolist(), strict=True):
        image = [4, 9].index(label)
        found = (windows[image] == patch[:, None, None]).all(-1).all(-1).all(0).nonzero().tolist()
        assert found
        places.add((image, *found[0]))
    assert {row for _, row, _ in places} == set(range(16)) and {column for *_, column in places} == set(range(8))


def test_patches_follow_the_seed():
    images = Images(torch.randint(256, (3, 3, 16, 16), dtype=torch.uint8), torch.arange(3))
    first, again, other = (datasets.sample_patches(images, 8, 50, seed).images for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)


def jpeg(colour: tuple[int, int, int], size=(112, 112), mode="RGB") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).convert(mode).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def custom_photos(tmp_path, monkeypatch):
    """One's own photographs: a tar and single files, one of another size, one grey, one of a class not known."""
    monkeypatch.setenv("AEDEMO_DATA", str(tmp_path))
    for name, data in {
        "cat/red.jpg": jpeg((250, 0, 0)),
        "forest/wide.jpeg": jpeg((0, 250, 0), size=(300, 200)),
        "sea/grey.jpg": jpeg((90, 90, 90), mode="L"),
        "holidays/me.jpg": jpeg((1, 2, 3)),
    }.items():
        path = tmp_path / "photos" / "train" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    with tarfile.open(tmp_path / "photos" / "train-0.tar", "w") as tar:
        member = tarfile.TarInfo("dog/blue.jpg")
        data = jpeg((0, 0, 250))
        member.size = len(data)
        tar.addfile(member, io.BytesIO(data))
    return tmp_path / "photos"


def test_photos_are_read_from_tars_and_folders(custom_photos):
    photos = DATASETS["photos"].read("train")
    assert photos.images.shape == (4, 3, 112, 112) and photos.images.dtype == torch.uint8
    names = [DATASETS["photos"].classes[label] for label in photos.labels]
    colours = dict(zip(names, photos.images.float().mean((2, 3)).tolist(), strict=True))
    expected = {"cat": (250, 0, 0), "forest": (0, 250, 0), "sea": (90, 90, 90), "dog": (0, 0, 250)}
    assert {name: pytest.approx(colour, abs=4) for name, colour in expected.items()} == colours


def test_without_photographs_a_sentence_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("AEDEMO_DATA", str(tmp_path))
    with pytest.raises(DataSetUnavailable, match=r"AEDEMO_DATA.*photos/test/<class>/\*\.jpg"):
        DATASETS["photos"].read("test")


@pytest.mark.parametrize("name", ["train-0.tar", "train/cat/red.jpg"])
def test_a_photograph_cut_short_is_named(custom_photos, name):
    whole = (custom_photos / name).read_bytes()
    (custom_photos / name).write_bytes(whole[: len(whole) // 2] if name.endswith("jpg") else whole[:700])
    with pytest.raises(DataSetUnavailable, match=name.split("/")[-1]):
        DATASETS["photos"].read("train")
