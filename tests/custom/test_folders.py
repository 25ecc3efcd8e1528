"""A folder of images: what is found, what is left out, classes and splits."""

import os

import numpy as np
import pytest
import torch
from PIL import Image

from aedemo import custom, datasets, uploads
from aedemo.datasets import DataSetUnavailable
from tests.custom.painting import BROKEN, broken, paint, photographs, tiny


def splits(folder) -> dict[str, str]:
    return {found.path: found.split for found in custom.scan(folder).folder.found}


def test_broken_files_are_listed_with_a_reason_and_others_are_passed_over(custom_data):
    photographs(custom_data)
    broken(custom_data)
    found = custom.scan(custom_data)
    assert [image.path for image in found.folder.found] == sorted(
        path.relative_to(custom_data).as_posix() for path in custom_data.glob("[cd]*/[0-9]*.jpg")
    )
    reasons = dict(found.left_out)
    assert sorted(reasons) == sorted(BROKEN)
    assert found.passed_over == ((".md", 1), (".txt", 1))
    assert reasons["empty.gif"] == "This file is empty"
    assert all(reasons[name].startswith("This file is no image") for name in BROKEN[:2])
    assert all(len(reason) < 90 for reason in reasons.values())


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_image_that_cannot_be_opened_is_listed(custom_data):
    photographs(custom_data)
    (custom_data / "cats" / "lost.jpg").symlink_to(custom_data / "nowhere.jpg")
    assert custom.scan(custom_data).left_out == (
        ("cats/lost.jpg", "This file cannot be opened (No such file or directory)"),
    )


def test_formats_that_few_programs_read_are_named(custom_data):
    tiny(custom_data, 4)
    (custom_data / "phone.HEIC").write_bytes(b"\0\0\0\x18ftypheic" + bytes(300))
    ((path, reason),) = custom.scan(custom_data).left_out
    assert path == "phone.HEIC" and "HEIC" in reason


@pytest.mark.parametrize(
    ("paths", "classes"),
    [
        (["a.png", "b.png", "c.png"], {"images"}),
        (["cat/a.png", "cat/deep/b.png", "dog/c.png"], {"cat", "dog"}),
        (["cat/a.png", "dog/b.png", "loose.png"], {"cat", "dog", "other"}),
        (["cat/a.png", "b.png", "c.png", "dog/d.png"], {"images"}),
        (["train/cat/a.png", "test/cat/b.png", "train/dog/c.png"], {"cat", "dog"}),
        (["train/a.png", "test/b.png"], {"images"}),
        (["train/a.png", "holidays/b.png"], {"holidays", "train"}),
    ],
    ids=lambda value: " ".join(sorted(value)),
)
def test_classes_are_the_folders_right_below(paths, classes, custom_data):
    for k, path in enumerate(paths):
        paint(custom_data / path, 8, 8, seed=k)
    assert {found.label for found in custom.scan(custom_data).folder.found} == classes


def test_folders_named_train_and_test_are_the_splits(custom_data):
    for k, path in enumerate(["train/a.png", "train/b.png", "test/c.png", "other/d.png", "e.png"]):
        paint(custom_data / path, 8, 8, seed=k)
    found = custom.scan(custom_data)
    assert splits(custom_data) == {"train/a.png": "train", "train/b.png": "train", "test/c.png": "test"}
    assert found.beside == 2


CAT_DOG = ("cat/a.png", "dog/b.png")
LAYOUTS = {  # folders: the images that each has -> what each folder is taken for, and how many images are left out
    "train/ val/": ({"train": CAT_DOG, "val": CAT_DOG}, {"train": "train", "val": "test"}, 0),
    "training/ testing/": ({"training": CAT_DOG, "testing": CAT_DOG}, {"training": "train", "testing": "test"}, 0),
    "Train/ Test/": ({"Train": CAT_DOG, "Test": CAT_DOG}, {"Train": "train", "Test": "test"}, 0),
    "train/ valid/ test/": (
        {"train": CAT_DOG, "valid": CAT_DOG, "test": CAT_DOG},
        {"train": "train", "valid": "train", "test": "test"},
        0,
    ),
    "train/ test/ and a test of another name": (
        {"train": CAT_DOG, "test": CAT_DOG, "Testing": CAT_DOG},
        {"train": "train", "test": "test"},
        0,
    ),
    "a folder around all": (
        {"photos/train": CAT_DOG, "photos/validation": CAT_DOG},
        {"photos/train": "train", "photos/validation": "test"},
        0,
    ),
    "two folders around all": (
        {"a/b/Training": CAT_DOG, "a/b/TEST": CAT_DOG},
        {"a/b/Training": "train", "a/b/TEST": "test"},
        0,
    ),
    "an unlabelled test/": (
        {"train": CAT_DOG, "val": CAT_DOG, "test": ("1.png", "2.png", "3.png")},
        {"train": "train", "val": "test"},
        3,
    ),
    "splits without classes": (
        {"train": ("1.png", "2.png"), "test": ("3.png",)},
        {"train": "train", "test": "test"},
        0,
    ),
}


@pytest.mark.parametrize(("folders", "taken_for", "unlabelled"), LAYOUTS.values(), ids=LAYOUTS)
def test_common_names_of_splits_are_understood(folders, taken_for, unlabelled, custom_data):
    for name, images in folders.items():
        for k, image in enumerate(images):
            paint(custom_data / name / image, 8, 8, seed=k)
    (custom_data / "__MACOSX" / "train").mkdir(parents=True)
    paint(custom_data / "__MACOSX" / "train" / "cat" / "a.png", 8, 8)
    found = custom.scan(custom_data)
    expected = {f"{name}/{image}": split for name, split in taken_for.items() for image in folders[name]}
    assert splits(custom_data) == expected
    classed = any("/" in image for images in folders.values() for image in images)
    assert {image.label for image in found.folder.found} == ({"cat", "dog"} if classed else {"images"})
    assert sum(number for _, number in found.unlabelled) == unlabelled
    assert found.beside == sum(map(len, folders.values())) - len(expected) - unlabelled


def test_an_unlabelled_test_split_leaves_a_tenth_of_the_others_for_testing(custom_data):
    tiny(custom_data / "train", 60)
    paint(custom_data / "test" / "1.png", 8, 8)
    found = custom.scan(custom_data)
    assert found.unlabelled == (("test/", 1),) and found.beside == 0
    assert len(found.folder.found) == 60 and 1 <= len(found.folder.of("test")) <= 15
    assert {image.label for image in found.folder.found} == {"round", "square"}
    assert found.layout.words() == "train/ for training, of which a tenth is kept for testing"


@pytest.mark.parametrize(
    ("paths", "classes"),
    [
        (["all/cat/a.png", "all/dog/b.png"], {"cat", "dog"}),
        (["all/images/cat/a.png", "all/images/dog/b.png"], {"cat", "dog"}),
        (["all/cat/a.png", "all/dog/b.png", "loose.png"], {"all", "other"}),
        (["cat/a.png", "cat/b.png"], {"cat"}),
        (["all/cat/a.png", "all/cat/b.png"], {"all"}),
        (["train/cat/a.png", "train/dog/b.png"], {"cat", "dog"}),
    ],
    ids=lambda value: " ".join(sorted(value)),
)
def test_folders_around_all_classes_are_passed_through(paths, classes, custom_data):
    for k, path in enumerate(paths):
        paint(custom_data / path, 8, 8, seed=k)
    assert {image.label for image in custom.scan(custom_data).folder.found} == classes


@pytest.mark.parametrize("ending", [".pgm", ".ppm", ".PPM", ".pbm", ".tga", ".pcx", ".apng", ".jpe", ".dib"])
def test_what_can_be_read_is_read_whatever_its_ending(ending, custom_data):
    tiny(custom_data, 4)
    grey = Image.fromarray(np.arange(0, 252, 4, dtype=np.uint8).reshape(9, 7))
    kind = {".pgm": "PPM", ".pbm": "PPM", ".tga": "TGA", ".apng": "PNG", ".jpe": "JPEG", ".dib": "BMP"}
    grey = grey.convert("1") if ending == ".pbm" else grey
    grey.save(custom_data / "round" / f"x{ending}", kind.get(ending.lower(), "PCX" if ending == ".pcx" else "PPM"))
    found = custom.scan(custom_data)
    assert f"round/x{ending}" in [image.path for image in found.folder.found] and found.left_out == ()


def test_about_a_tenth_is_for_testing_and_stays_there_when_more_comes(custom_data):
    tiny(custom_data, 150)
    before = splits(custom_data)
    assert 5 <= list(before.values()).count("test") <= 30
    for k in range(50):
        paint(custom_data / f"new-{k}.png", 8, 8, seed=k)
    after = splits(custom_data)
    assert len(after) == 200 and {path: after[path] for path in before} == before
    assert splits(custom_data) == after


@pytest.mark.parametrize("count", [2, 3, 5])
def test_each_split_has_a_image_however_few_there_are(count, custom_data):
    for k in range(count):
        paint(custom_data / f"{k}.png", 8, 8, seed=k)
    assert set(splits(custom_data).values()) == {"train", "test"}


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        ([], "holds no image, and a data set needs at least 2: put some more there."),
        (["a.png"], "holds 1 image, and a data set needs at least 2"),
        (["train/a.png", "train/b.png", "test/notes.txt"], "test holds no image that can be read: put some there"),
    ],
)
def test_too_few_images_are_one_sentence(paths, message, custom_data):
    for path in paths:
        if path.endswith("png"):
            paint(custom_data / path, 8, 8)
        else:
            (custom_data / path).parent.mkdir()
            (custom_data / path).write_text("nothing")
    with pytest.raises(ValueError, match=message):
        custom.scan(custom_data)


def test_a_folder_of_broken_files_says_how_many(custom_data):
    (custom_data / "a.jpg").write_bytes(b"")
    (custom_data / "b.jpg").write_bytes(b"no")
    with pytest.raises(ValueError, match=r"holds no image \(2 more cannot be read\)"):
        custom.scan(custom_data)


def test_a_folder_is_remembered_until_it_is_gone(custom_data, tmp_path):
    tiny(custom_data, 6)
    folder = custom.scan(custom_data).folder
    assert custom.remembered("mine") is None
    custom.remember("mine", folder)
    assert custom.remembered("mine") == folder == custom.find("mine")
    assert list((tmp_path / "data").rglob("*.part")) == []
    custom_data.rename(tmp_path / "elsewhere")
    with pytest.raises(DataSetUnavailable, match=r"of mine are not on this machine.*--data FOLDER --name mine"):
        custom.find("mine")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"folder": "/"}', '{"folder": "/", "found": [{"path": 1}]}'])
def test_a_corrupt_record_is_as_good_as_none(text, custom_data):
    place = datasets.data_folder() / "own" / "mine.json"
    place.parent.mkdir(parents=True)
    place.write_text(text)
    with pytest.raises(DataSetUnavailable):
        custom.find("mine")


def test_tiny_images_are_kept_as_they_are_and_others_as_squares(custom_data):
    from aedemo.custom.folders import read_small

    paint(custom_data / "tiny.png", 32, 20)
    paint(custom_data / "large.png", 300, 200)
    tiny_one, large = (uploads.read(custom_data / name) for name in ("tiny.png", "large.png"))
    assert torch.equal(read_small(custom_data / "tiny.png"), (tiny_one * 255).round().to(torch.uint8))
    expected = uploads.resize(uploads.Frame.square(*large.shape[1:]).cut(large), (112, 112)) * 255
    torch.testing.assert_close(read_small(custom_data / "large.png").float(), expected, atol=0.51, rtol=0)
