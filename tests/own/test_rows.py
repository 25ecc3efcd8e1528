"""The row of a data set of one's own: its kind, its pictures as models see them, its description on disk."""

import json

import pytest
import torch

from aedemo import checkpoints, datasets, own, pictures
from aedemo.checkpoints import CheckpointError
from aedemo.explore.gallery import find, gallery
from aedemo.training.folder import bring, keep
from aedemo.training.recipes import CUSTOM, RECIPES, get_recipe, variants_of
from tests.own.painting import paint, photographs, tiny


def brought(folder, name="mine") -> datasets.DataSet:
    keep(bring(str(folder), name))
    return datasets.get(name)


def test_photographs_are_what_the_built_in_ones_are_but_smaller_as_a_whole(own_data):
    photographs(own_data)
    paint(own_data / "cats" / "tiny.png", 20, 20)  # one small picture does not make them tiny
    row, built_in = brought(own_data), datasets.get("photos")
    assert (row.shape, row.picture_shape, row.patchwise) == (built_in.shape, (3, 64, 64), True)
    assert row.classes == ("cats", "dogs") and row.recipes == "photos" and row.framing is None
    train, test = (datasets.load("mine", split) for split in datasets.SPLITS)
    assert train.images.shape[1:] == test.images.shape[1:] == (3, 112, 112)
    assert train.images.dtype == torch.uint8 and len(train.images) + len(test.images) == 13
    assert len(train.images) == row.train_pictures
    found = own.remembered("mine").of("train")
    assert [row.classes[label] for label in train.labels] == [picture.path.split("/")[0] for picture in found]


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
def test_tiny_pictures_are_inputs_as_they_are(sides, grey, shape, own_data):
    for k, side in enumerate(sides):
        paint(own_data / f"{k}.png", side, side, seed=k, grey=grey)
    row = brought(own_data)
    assert row.shape == row.picture_shape == shape and row.recipes == "digits" and row.classes == ("pictures",)
    train = datasets.load_inputs("mine", "train").images
    assert train.shape[1:] == shape and train.dtype == torch.float32 and 0 <= train.min() < train.max() <= 1
    first = own.remembered("mine").of("train")[0].path
    if shape[1] in sides:
        expected = pictures.read(own_data / first)[: shape[0]]
        same = torch.allclose(train[0], expected, atol=0.51 / 255) if expected.shape == shape else True
        assert same


def test_one_coloured_picture_makes_them_coloured(own_data):
    tiny(own_data, 6)
    paint(own_data / "round" / "red.png", 8, 8, seed=9)
    assert brought(own_data).shape == (3, 8, 8)


def test_what_is_published_names_no_folder_and_comes_back(own_data, workshop):
    tiny(own_data, 8)
    row = brought(own_data)
    text = (workshop / "mine" / "dataset.json").read_text(encoding="utf-8")
    assert str(own_data) not in text and str(own_data.parent) not in text
    assert set(json.loads(text)) == {"title", "shape", "picture_shape", "classes", "recipes", "train_pictures"}
    assert own.from_json("mine", text) == row


SPOILS = {
    "cut": lambda text: text[: len(text) // 2],
    "a list": lambda text: "[]",
    "no classes": lambda text: json.dumps(json.loads(text) | {"classes": []}),
    "a title that is no word": lambda text: json.dumps(json.loads(text) | {"title": 3}),
    "a part too few": lambda text: json.dumps({k: v for k, v in json.loads(text).items() if k != "recipes"}),
    "an impossible shape": lambda text: json.dumps(json.loads(text) | {"shape": [1, 900, 900]}),
    "a shape of broken numbers": lambda text: json.dumps(json.loads(text) | {"shape": [1, 8.0, 8]}),
    "no pictures": lambda text: json.dumps(json.loads(text) | {"train_pictures": 0}),
}


@pytest.mark.parametrize("spoil", SPOILS.values(), ids=SPOILS)
def test_a_spoilt_description_is_named_and_the_others_work_on(spoil, own_data, workshop):
    tiny(own_data, 8)
    brought(own_data)
    brought(own_data, "other")
    path = workshop / "mine" / "dataset.json"
    path.write_text(spoil(path.read_text()))
    with pytest.raises(CheckpointError, match=r"mine/dataset\.json cannot be read.*--data FOLDER --name mine"):
        checkpoints.load("mine", "pca")
    with pytest.warns(UserWarning, match=r"mine/dataset\.json cannot be read"):
        assert "other" in checkpoints.data_sets()


@pytest.mark.parametrize("name", ["photos", "Photos", "MNIST", "a b", "", "../up", "-x", "ä", "x" * 41, "a.b", "a/b"])
def test_names_that_cannot_be_folders_or_are_taken_are_refused(name, own_data):
    tiny(own_data, 4)
    with pytest.raises(ValueError, match=r"letters, digits, - and _.*photos, mnist"):
        bring(str(own_data), name)
    row = own.make_row(name, own.scan(own_data))
    with pytest.raises(ValueError, match=r"cannot be named.*letters, digits, - and _"):
        datasets.add(row)
    assert datasets.OWN == {}


@pytest.mark.parametrize("variant", RECIPES["digits"])
@pytest.mark.parametrize(("count", "side"), [(2, 8), (9, 12), (70, 8), (70, 28)])
def test_recipes_fit_the_shape_and_the_number_of_pictures(variant, count, side, own_data):
    tiny(own_data, count, side)
    row = brought(own_data)
    recipe, inputs = get_recipe("mine", variant), row.train_pictures
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


def test_photographs_have_the_recipes_of_photographs(own_data):
    photographs(own_data, 4)
    brought(own_data)
    for variant, recipe in RECIPES["photos"].items():
        if variant not in CUSTOM["photos"]:
            assert get_recipe("mine", variant) == recipe
    assert get_recipe("mine", "ppca").values == (1,)


def test_custom_photographs_are_learned_without_an_accelerator(own_data):
    """The recipe of the built-in ones is for an accelerator: 24,000 steps of 512 at 96×96."""
    photographs(own_data, 4)
    brought(own_data)
    recipe, built_in = get_recipe("mine", "masked"), get_recipe("photos", "masked")
    model = checkpoints.build("mine", "masked", {"mask_ratio": 0.75} | dict(recipe.network))
    assert model.input_shape == (3, 64, 64) and model.grid == (8, 8)
    assert recipe.steps * recipe.batch_size < built_in.steps * built_in.batch_size / 2


def test_the_gallery_shows_test_pictures_the_classes_in_turn(own_data):
    photographs(own_data / "train", 4)
    photographs(own_data / "test", 50)
    row = brought(own_data)
    items, test = gallery("mine"), own.remembered("mine").of("test")
    assert len(items) == 20 and [item.title for item in items] == list(row.classes) * 10
    assert items[1].source == f"dogs, test picture {items[1].id} of mine."
    for item in items:
        path = own_data / test[int(item.id)].path
        assert torch.equal(item.picture, pictures.for_dataset(pictures.read(path), "mine"))
    assert items[0].picture.shape == (3, pictures.PHOTO_SIDE, pictures.PHOTO_SIDE)
    assert torch.equal(find("mine", f"gallery:{items[3].id}")[0], items[3].picture)


def test_pictures_that_vanish_are_passed_over_until_none_is_left(own_data):
    photographs(own_data / "train", 4)
    photographs(own_data / "test", 4)
    brought(own_data)
    (own_data / "test" / "cats" / "00.jpg").write_bytes(b"")
    (own_data / "test" / "dogs" / "01.jpg").unlink()
    assert len(gallery("mine")) == len(datasets.load("mine", "test").images) == 2
    for path in (own_data / "test").rglob("*.jpg"):
        path.unlink()
    gallery.cache_clear()
    datasets.load.cache_clear()
    for read in (lambda: gallery("mine"), lambda: datasets.load("mine", "test")):
        with pytest.raises(datasets.DataSetUnavailable, match="pictures of mine are not on this machine"):
            read()
