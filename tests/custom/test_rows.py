"""The row of a custom data set: its kind, its images as models see them, its description on disk."""

import json

import pytest
import torch

from aedemo import checkpoints, custom, datasets, uploads
from aedemo.checkpoints import CheckpointError
from aedemo.explore.gallery import find, gallery
from aedemo.training.folder import import_folder, save
from aedemo.training.recipes import CUSTOM, RECIPES, get_recipe, variants_of
from tests.custom.painting import paint, photographs, tiny


def imported(folder, name="mine") -> datasets.DataSet:
    save(import_folder(str(folder), name))
    return datasets.get(name)


def test_photographs_are_what_the_built_in_ones_are_but_smaller_as_a_whole(custom_data):
    photographs(custom_data)
    paint(custom_data / "cats" / "tiny.png", 20, 20)  # one small image does not make them tiny
    row, built_in = imported(custom_data), datasets.get("photos")
    assert (row.shape, row.image_shape, row.patchwise) == (built_in.shape, (3, 64, 64), True)
    assert row.classes == ("cats", "dogs") and row.recipes == "photos" and row.framing is None
    train, test = (datasets.load("mine", split) for split in datasets.SPLITS)
    assert train.images.shape[1:] == test.images.shape[1:] == (3, 112, 112)
    assert train.images.dtype == torch.uint8 and len(train.images) + len(test.images) == 13
    assert len(train.images) == row.train_images
    found = custom.remembered("mine").of("train")
    assert [row.classes[label] for label in train.labels] == [image.path.split("/")[0] for image in found]


@pytest.mark.parametrize(
    ("sides", "grey", "shape"),
    [
        ([28, 28, 28], True, (1, 28, 28)),
        ([28, 30, 12], True, (1, 32, 32)),
        ([13, 13, 13], False, (3, 16, 16)),
        ([4, 5, 6], True, (1, 8, 8)),
        ([32, 32, 32], False, (3, 32, 32)),
    ],
)
def test_tiny_images_are_inputs_as_they_are(sides, grey, shape, custom_data):
    for k, side in enumerate(sides):
        paint(custom_data / f"{k}.png", side, side, seed=k, grey=grey)
    row = imported(custom_data)
    assert row.shape == row.image_shape == shape and row.recipes == "digits" and row.classes == ("images",)
    train = datasets.load_inputs("mine", "train").images
    assert train.shape[1:] == shape and train.dtype == torch.float32 and 0 <= train.min() < train.max() <= 1
    first = custom.remembered("mine").of("train")[0].path
    if shape[1] in sides:
        expected = uploads.read(custom_data / first)[: shape[0]]
        same = torch.allclose(train[0], expected, atol=0.51 / 255) if expected.shape == shape else True
        assert same


def test_one_coloured_image_makes_them_coloured(custom_data):
    tiny(custom_data, 6)
    paint(custom_data / "round" / "red.png", 8, 8, seed=9)
    assert imported(custom_data).shape == (3, 8, 8)


def test_what_is_published_names_no_folder_and_comes_back(custom_data, tmp_checkpoints):
    tiny(custom_data, 8)
    row = imported(custom_data)
    text = (tmp_checkpoints / "mine" / "dataset.json").read_text(encoding="utf-8")
    assert str(custom_data) not in text and str(custom_data.parent) not in text
    assert set(json.loads(text)) == {"title", "shape", "image_shape", "classes", "recipes", "train_images"}
    assert custom.from_json("mine", text) == row


SPOILS = {
    "cut": lambda text: text[: len(text) // 2],
    "a list": lambda text: "[]",
    "no classes": lambda text: json.dumps(json.loads(text) | {"classes": []}),
    "a title that is no word": lambda text: json.dumps(json.loads(text) | {"title": 3}),
    "a part too few": lambda text: json.dumps({k: v for k, v in json.loads(text).items() if k != "recipes"}),
    "an impossible shape": lambda text: json.dumps(json.loads(text) | {"shape": [1, 900, 900]}),
    "a shape of broken numbers": lambda text: json.dumps(json.loads(text) | {"shape": [1, 8.0, 8]}),
    "no images": lambda text: json.dumps(json.loads(text) | {"train_images": 0}),
}


@pytest.mark.parametrize("corrupt", SPOILS.values(), ids=SPOILS)
def test_a_corrupt_description_is_named_and_the_others_work_on(corrupt, custom_data, tmp_checkpoints):
    tiny(custom_data, 8)
    imported(custom_data)
    imported(custom_data, "other")
    path = tmp_checkpoints / "mine" / "dataset.json"
    path.write_text(corrupt(path.read_text()))
    with pytest.raises(CheckpointError, match=r"mine/dataset\.json cannot be read.*--data FOLDER --name mine"):
        checkpoints.load("mine", "pca")
    with pytest.warns(UserWarning, match=r"mine/dataset\.json cannot be read"):
        assert "other" in checkpoints.data_sets()


@pytest.mark.parametrize("name", ["photos", "Photos", "MNIST", "a b", "", "../up", "-x", "ä", "x" * 41, "a.b", "a/b"])
def test_names_that_cannot_be_folders_or_are_taken_are_refused(name, custom_data):
    tiny(custom_data, 4)
    with pytest.raises(ValueError, match=r"letters, digits, - and _.*photos, mnist"):
        import_folder(str(custom_data), name)
    row = custom.make_row(name, custom.scan(custom_data))
    with pytest.raises(ValueError, match=r"cannot be named.*letters, digits, - and _"):
        datasets.add(row)
    assert datasets.CUSTOM == {}


@pytest.mark.parametrize("variant", RECIPES["digits"])
@pytest.mark.parametrize(("count", "side"), [(2, 8), (9, 12), (70, 8), (70, 28)])
def test_recipes_fit_the_shape_and_the_number_of_images(variant, count, side, custom_data):
    tiny(custom_data, count, side)
    row = imported(custom_data)
    recipe, inputs = get_recipe("mine", variant), row.train_images
    assert variant in variants_of("mine")
    if variant in ("linear", "shallow", "deep"):
        assert recipe.values == tuple(
            m for m in (1, 2, 3, 5, 10, 20, 30, 50, 100) if m < min(64 * side, max(3, inputs))
        )
        assert get_recipe("mine", "pca").values == (*recipe.values, row.dimension)
    if variant == "ppca":
        assert 1 <= recipe.values[0] <= max(1, inputs // 2)
    if "patch_size" in recipe.network:
        assert side % recipe.network["patch_size"] == 0 and side // recipe.network["patch_size"] >= 4


def test_photographs_have_the_recipes_of_photographs(custom_data):
    photographs(custom_data, 4)
    imported(custom_data)
    for variant, recipe in RECIPES["photos"].items():
        if variant not in CUSTOM["photos"]:
            assert get_recipe("mine", variant) == recipe
    assert get_recipe("mine", "ppca").values == (1,)


def test_custom_photographs_are_learned_without_an_accelerator(custom_data):
    """The recipe of the built-in ones is for an accelerator: 24,000 steps of 512 at 96×96."""
    photographs(custom_data, 4)
    imported(custom_data)
    recipe, built_in = get_recipe("mine", "masked"), get_recipe("photos", "masked")
    model = checkpoints.build("mine", "masked", {"mask_ratio": 0.75} | dict(recipe.network))
    assert model.input_shape == (3, 64, 64) and model.grid == (8, 8)
    assert recipe.steps * recipe.batch_size < built_in.steps * built_in.batch_size / 2


def test_the_gallery_shows_test_images_the_classes_in_turn(custom_data):
    photographs(custom_data / "train", 4)
    photographs(custom_data / "test", 50)
    row = imported(custom_data)
    items, test = gallery("mine"), custom.remembered("mine").of("test")
    assert len(items) == 20 and [item.title for item in items] == list(row.classes) * 10
    assert items[1].source == f"dogs, test image {items[1].id} of mine."
    for item in items:
        path = custom_data / test[int(item.id)].path
        assert torch.equal(item.image, uploads.for_dataset(uploads.read(path), "mine"))
    assert items[0].image.shape == (3, uploads.PHOTO_SIDE, uploads.PHOTO_SIDE)
    assert torch.equal(find("mine", f"gallery:{items[3].id}")[0], items[3].image)


def test_images_that_vanish_are_passed_over_until_none_is_left(custom_data):
    photographs(custom_data / "train", 4)
    photographs(custom_data / "test", 4)
    imported(custom_data)
    (custom_data / "test" / "cats" / "00.jpg").write_bytes(b"")
    (custom_data / "test" / "dogs" / "01.jpg").unlink()
    assert len(gallery("mine")) == len(datasets.load("mine", "test").images) == 2
    for path in (custom_data / "test").rglob("*.jpg"):
        path.unlink()
    gallery.cache_clear()
    datasets.load.cache_clear()
    for read in (lambda: gallery("mine"), lambda: datasets.load("mine", "test")):
        with pytest.raises(datasets.DataSetUnavailable, match="images of mine are not on this machine"):
            read()
