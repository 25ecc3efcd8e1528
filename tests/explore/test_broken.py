"""A checkpoint that is missing or truncated: Compare leaves that column out, says why, and keeps the others."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from aedemo import checkpoints
from aedemo.explore.compare import compare
from aedemo.explore.linear import linear
from aedemo.explore.plane import field
from aedemo.explore.sparse import sparse
from aedemo.explore.your_image import your_image
from aedemo.page.your_image import payload
from tests.explore.test_compare import BOTTLENECKS, SEVEN

DATASET = "digits"  # small files; the code has no branch on the data set here
ALONE = tuple(variant for variant in SEVEN if variant != "pca")


@pytest.fixture
def custom_folder(tmp_path, monkeypatch) -> Path:
    """A copy of the checkpoints of digits, to be corrupt."""
    stored = checkpoints.folder() / DATASET
    monkeypatch.setenv("AEDEMO_CHECKPOINTS", str(tmp_path))
    return Path(shutil.copytree(stored, tmp_path / DATASET))


@pytest.fixture(scope="module")
def whole() -> dict:
    """The columns of the checkpoints as they are stored, by variant."""
    return {column.variant: column for column in compare(DATASET, "", 0).columns}


def cut_one_short(folder: Path) -> None:
    path = sorted(folder.glob("*.safetensors"))[1]
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def remove_all(folder: Path) -> None:
    shutil.rmtree(folder)


@pytest.mark.parametrize("corrupt", [cut_one_short, remove_all])
@pytest.mark.parametrize("variant", ALONE)
def test_the_others_answer_as_ever_and_a_sentence_says_what_to_do(variant, corrupt, whole, custom_folder):
    corrupt(custom_folder / variant)
    checkpoints.forget()
    left = compare(DATASET, "", 0)
    assert tuple(column.variant for column in left.columns) == tuple(name for name in SEVEN if name != variant)
    for column in left.columns:
        np.testing.assert_array_equal(column.reconstruction.frames, whole[column.variant].reconstruction.frames)
    assert len(left.missing) == 1
    assert f"aedemo train {variant} --data {DATASET}" in left.missing[0]
    assert str(custom_folder.parent) not in left.missing[0]


@pytest.mark.parametrize("corrupt", [cut_one_short, remove_all])
def test_without_pca_what_needs_it_is_out(corrupt, custom_folder):
    """PCA has the stops of the bottleneck's slider."""
    corrupt(custom_folder / "pca")
    checkpoints.forget()
    left = compare(DATASET, "", 0)
    present = {column.variant for column in left.columns}
    assert present >= {"sparse", "denoising", "masked"} and "pca" not in present
    assert all("aedemo train pca --data digits" in sentence for sentence in left.missing)


def test_a_run_that_is_missing_is_replaced_by_the_nearest_which_says_its_size(custom_folder):
    (custom_folder / "deep" / "010.safetensors").unlink()
    checkpoints.forget()
    left = compare(DATASET, "", 0)
    columns = {column.variant: column for column in left.columns}
    assert tuple(columns) == SEVEN and left.missing == ()
    at = columns["deep"].values.index(10)
    assert columns["deep"].kept[at] in (5, 20) and columns["linear"].kept[at] == 10
    assert columns["deep"].settings[at] == columns["deep"].kept[at]


@pytest.mark.parametrize(("variant", "kept"), [("denoising", ["masking-0.1"]), ("deep", [])])
def test_a_sweep_that_is_half_trained_leaves_its_variant_out_and_no_other(variant, kept, custom_folder):
    for path in (custom_folder / variant).glob("*.safetensors"):
        if path.stem not in kept:
            path.unlink()
    checkpoints.forget()
    field.cache_clear()
    left = compare(DATASET, "", 0)
    assert {column.variant for column in left.columns} == set(SEVEN) - {variant}
    among = your_image(DATASET, "", 0)
    assert {score.variant for score in among.scores} == set(SEVEN) - {variant}
    assert set(among.planes) == {"pca"} | ({"deep"} - {variant}) and among.model != variant
    for missing in (left.missing, among.missing):
        assert len(missing) == 1 and f"{DATASET}" in missing[0] and variant in missing[0]
    shown = payload(DATASET, "", 0).to_json()
    assert variant in shown and "not trained" in shown


def test_other_tabs_say_what_they_lack(custom_folder):
    cut_one_short(custom_folder / "shallow")
    checkpoints.forget()
    with pytest.raises(ValueError, match="aedemo train shallow --data digits"):
        linear(DATASET, "", 0)
    assert min(sparse(DATASET, "", 0).units) > 0


def test_nothing_at_all_is_seven_sentences_about_what_to_train(custom_folder):
    shutil.rmtree(custom_folder)
    checkpoints.forget()
    left = compare(DATASET, "", 0)
    assert left.columns == ()
    assert {name for name in SEVEN if name not in BOTTLENECKS} <= {
        word for sentence in left.missing for word in sentence.split()
    }
