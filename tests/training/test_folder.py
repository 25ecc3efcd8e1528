"""`aedemo train --data FOLDER`: user images, from the folder to the sweep on the page."""

import pytest
import torch

from aedemo import checkpoints, custom, datasets, training
from aedemo.__main__ import main
from aedemo.datasets import DataSetUnavailable
from aedemo.page.source import sidebar_source
from aedemo.training.card import render
from aedemo.training.folder import import_folder, save
from tests.custom.painting import BROKEN, broken, paint, photographs, tiny
from tests.test_cli import say


def lines(text: str, start: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(start)]


def train(capsys, *arguments: str) -> tuple[str, str]:
    """Standard output and standard error of a training that succeeds."""
    status = main(["train", *arguments])
    captured = capsys.readouterr()
    assert status == 0, captured.err
    return captured.out, captured.err


def test_photographs_with_broken_files_train_on_the_rest(custom_data, few_patches, capsys):
    photographs(custom_data)
    broken(custom_data)
    out, err = train(capsys, "deep", "--data", str(custom_data), "--name", "mine", "--steps", "5")
    test = len(custom.remembered("mine").of("test"))
    assert out.startswith(
        f"mine: photographs, {12 - test} to train on, {test} to test on, in 2 classes: cats, dogs\n"
        "mine/pca first, which deep is measured against\nmine/pca/001  "
    )
    left_out = lines(err, "left out: ")
    assert len(left_out) == len(BROKEN) and all(any(name in line for line in left_out) for name in BROKEN)
    assert checkpoints.available() == {"mine": ("pca", "deep")}
    sweep = checkpoints.load("mine", "deep")
    assert sweep.values == (1, 2, 3, 5, 10, 20, 30, 50, 100) and sweep.input_shape == (3, 8, 8)
    z = sweep[30].encode(torch.rand(4, 3, 8, 8))
    assert z.shape == (4, 30) and sweep[30].decode(z).shape == (4, 3, 8, 8)
    for variant in ("pca", "deep"):
        assert len(checkpoints.load_latent_map("mine", variant, 2).codes) == 400


def test_what_was_understood_is_said_before_anything_is_trained(custom_data, capsys, monkeypatch):
    photographs(custom_data / "all" / "Train", 6)
    photographs(custom_data / "all" / "Valid", 2)
    broken(custom_data / "all" / "Train")
    paint(custom_data / "all" / "test" / "1.png", 60, 60)
    paint(custom_data / "all" / "extra" / "2.png", 60, 60)
    before = []
    monkeypatch.setattr(training, "train", lambda *_, **__: before.append(capsys.readouterr()) or ())
    assert main(["train", "pca", "--data", str(custom_data), "--name", "mine"]) == 0
    out, err = before[0]
    assert out == "mine: photographs, 6 to train on, 2 to test on, in 2 classes: cats, dogs\n"
    assert err.splitlines() == [
        "mine: inside all/, Train/ for training, Valid/ for testing",
        "mine: cats: 3 to train on, 1 to test on",
        "mine: dogs: 3 to train on, 1 to test on",
        *[line for line in err.splitlines() if line.startswith("left out: all/Train/")],
        "left out: all/test/: none of its images (1) is in a folder that names a class",
        "passed over: images outside Train/, Valid/: 1",
        "passed over: files with other endings than images have: .md (1), .txt (1)",
    ]
    assert len(lines(err, "left out: all/Train/")) == len(BROKEN)


def test_what_one_process_trains_another_finds(custom_data, tmp_checkpoints, capsys, monkeypatch):
    tiny(custom_data, 30)
    arguments = ["--data", str(custom_data), "--name", "mine", "--steps", "5", "--only", "002", "020"]
    out, _ = train(capsys, "deep", *arguments)
    assert "in 2 classes: round, square" in out and "mine/deep/020  " in out
    monkeypatch.setattr(datasets, "CUSTOM", {})  # another has never heard of it
    checkpoints.forget()
    assert checkpoints.available() == {"mine": ("pca", "deep")}
    source = sidebar_source()
    assert source.data_sets == (("mine", "mine"),) and source.gallery("mine")[0].image.shape == (1, 8, 8)


def test_training_goes_on_by_name_and_by_folder(custom_data, capsys):
    tiny(custom_data, 20)
    train(capsys, "pca", "--data", str(custom_data), "--name", "mine", "--only", "001")
    out, _ = train(capsys, "deep", "--data", "mine", "--steps", "2", "--only", "002")
    assert (
        "mine/pca/001" not in out and "mine/pca/064" in out and lines(out, "mine/deep/") == lines(out, "mine/deep/002")
    )
    out, _ = train(capsys, "deep", "--data", str(custom_data), "--name", "mine", "--steps", "2", "--only", "002", "003")
    assert "first" not in out and len(lines(out, "mine/deep/")) == 1
    status, out, _ = say(capsys, "evaluate", "pca", "--data", "mine")
    assert status == 0 and "as stored" in out and "differs" not in out


def test_masked_needs_both_baselines(custom_data, capsys):
    tiny(custom_data, 10)
    out, _ = train(capsys, "masked", "--data", str(custom_data), "--name", "mine", "--steps", "1", "--only", "0.75")
    assert [line.split("/")[1].split(" ")[0] for line in lines(out, "mine/") if "first" in line] == ["pca", "ppca"]
    assert set(checkpoints.available()["mine"]) == {"pca", "masked", "ppca"}


def test_a_folder_gives_its_own_name(custom_data, capsys):
    tiny(custom_data, 6)
    train(capsys, "pca", "--data", str(custom_data), "--only", "001")
    assert "images" in checkpoints.available()


def test_new_images_and_classes_join_and_old_classes_keep_their_numbers(custom_data, capsys):
    tiny(custom_data, 10)
    train(capsys, "pca", "--data", str(custom_data), "--name", "mine", "--only", "001")
    before = datasets.get("mine")
    for k in range(30):
        paint(custom_data / "angular" / f"{k}.png", 8, 8, seed=k, grey=True)
    paint(custom_data / "angular" / "large.png", 100, 100, seed=1)
    out, _ = train(capsys, "pca", "--data", "mine", "--only", "002")
    row = datasets.get("mine")
    assert row.classes == ("round", "square", "angular") and row.shape == before.shape == (1, 8, 8)
    assert row.train_images > before.train_images
    assert f"runs on disk had {before.train_images} to train on" in out and "not all images are of the kind" in out
    assert datasets.load("mine", "train").images.shape == (row.train_images, 1, 8, 8)


def test_another_folder_takes_a_name_only_when_asked(custom_data, tmp_path, tmp_checkpoints, capsys):
    tiny(custom_data, 10)
    photographs(tmp_path / "others", 4)
    train(capsys, "pca", "--data", str(custom_data), "--name", "mine", "--only", "001", "002")
    status, out, err = say(capsys, "train", "pca", "--data", str(tmp_path / "others"), "--name", "mine")
    assert status == 2 and out == "" and "choose another --name, or --again" in err
    assert checkpoints.load("mine", "pca").values == (1, 2) and checkpoints.load("mine", "pca").input_shape == (1, 8, 8)
    again = ("--name", "mine", "--again", "--only", "001")
    status, _, _ = say(capsys, "train", "pca", "--data", str(tmp_path / "others"), *again, "--steps", "0")
    assert status == 2 and (tmp_checkpoints / "mine" / "pca" / "002.safetensors").exists()  # a slip removes nothing
    out, _ = train(capsys, "pca", "--data", str(tmp_path / "others"), *again)
    assert "runs on disk are of other images and are removed" in out
    sweep = checkpoints.load("mine", "pca")
    assert sweep.values == (1,) and sweep.input_shape == (3, 8, 8) and sweep[1].input_shape == (3, 8, 8)
    assert datasets.get("mine").classes == ("cats", "dogs")


def test_a_folder_that_was_moved_is_the_same(custom_data, tmp_path):
    tiny(custom_data, 10)
    save(import_folder(str(custom_data), "mine"))
    custom_data.rename(tmp_path / "elsewhere")
    with pytest.raises(DataSetUnavailable, match="images of mine are not on this machine"):
        import_folder("mine")
    save(import_folder(str(tmp_path / "elsewhere"), "mine"))
    assert custom.find("mine").path == tmp_path / "elsewhere"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "nonsense"], "'nonsense' is unknown; choose one of photos, mnist, fashion, digits, or a folder"),
        (["--data", "nonsense", "--name", "mine"], "or a folder: there is none at 'nonsense'"),
        (["--data", "digits", "--name", "mine"], "--name is for a folder of images"),
        (["--data", "{folder}", "--name", "photos"], "--name 'photos' cannot be taken"),
        (["--data", "{folder}/a b"], "'a b' is no name for a data set: give one with --name"),
        (["--data", "{folder}", "--name", "mine", "--device", "abacus"], "abacus"),
        (["--data", "{folder}", "--name", "mine", "--only", "007"], "no setting '007'; choose one of 001, 002"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_refusals_are_one_sentence_and_nothing_is_written(
    arguments, message, custom_data, tmp_checkpoints, tmp_path, capsys
):
    tiny(custom_data / "a b", 6)
    status, out, err = say(capsys, "train", "deep", *(part.format(folder=custom_data) for part in arguments))
    assert status == 2 and out == "" and message in err and err.count("\n") == 1
    assert not tmp_checkpoints.exists() and not (tmp_path / "data").exists()


def test_a_variant_that_does_not_exist_is_refused_before_images_are_read(custom_data, capsys):
    status, _, err = say(capsys, "train", "nonsense", "--data", str(custom_data), "--name", "mine")
    assert status == 2 and "'nonsense' is unknown; choose one of pca" in err


@pytest.mark.parametrize("count", [2, 5])
def test_however_few_and_alike_they_are_everything_trains(count, custom_data):
    """Two images, or five that are the same: fewer than a batch, than components, than neighbours."""
    for k in range(count):
        paint(custom_data / f"{k}.png", 8, 8, seed=k if count == 2 else 0, grey=True)
    save(import_folder(str(custom_data), "mine"))
    for variant in training.recipes.variants_of("mine"):
        assert list(training.train("mine", variant, steps=2))
        sweep = checkpoints.load("mine", variant)
        for value in sweep.values:
            assert all(tensor.isfinite().all() for tensor in sweep[value].state_dict().values()), (variant, value)
    card = render()
    assert "## mine" in card and "too few to measure" in card and "nan" not in card


def test_the_card_says_what_they_are(custom_data, capsys):
    tiny(custom_data, 30)
    train(capsys, "pca", "--data", str(custom_data), "--name", "mine")
    status, _, _ = say(capsys, "card")
    card = (checkpoints.folder() / "README.md").read_text(encoding="utf-8")
    assert status == 0 and card == render()
    assert "## mine" in card and "a folder of your own" in card and "Classes: round, square." in card
    assert str(custom_data) not in card
