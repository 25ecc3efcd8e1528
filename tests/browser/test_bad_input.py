"""A checkpoint cut short, a sweep missing, a data set that cannot be had: the page says so, and all else works.

A second server runs on a small folder of its own: digits with two sweeps spoilt, and MNIST without its pictures.
"""

import shutil
from pathlib import Path

import pytest

from aedemo import checkpoints
from tests.browser.server import Server
from tests.browser.test_pictures import assert_shows_the_rails_picture
from tests.browser.visitor import Visitor

CUT, MISSING, WHOLE = "sparse/0.1.safetensors", "shallow", ("deep", "denoising", "masked")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    stored, own = checkpoints.folder(), tmp_path_factory.mktemp("checkpoints")
    shutil.copytree(stored / "digits", own / "digits")
    shutil.copytree(stored / "digits" / "pca", own / "mnist" / "pca")  # enough to be offered
    file = own / "digits" / CUT
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    shutil.rmtree(own / "digits" / MISSING)
    return own


@pytest.fixture(scope="module")
def spoilt(browser, folder, tmp_path_factory):
    """/dev/null is no folder: nothing can be there, nothing can be fetched into it, and nobody waits for a network."""
    with Server(tmp_path_factory.mktemp("spoilt"), AEDEMO_CHECKPOINTS=str(folder), AEDEMO_DATA="/dev/null") as started:
        yield started


@pytest.fixture(scope="module")
def person(browser, spoilt):
    visitor = Visitor(browser, spoilt.url)
    yield visitor
    visitor.leave()


def test_a_data_set_that_cannot_be_fetched_is_said_and_the_page_stays_usable(person):
    assert person.state("data") == "mnist"  # the first in the table that has a model
    for said in (person.said(), person.message("compare")):
        assert "MNIST" in said and "AEDEMO_DATA" in said and said.endswith(".")
    assert person.page.locator("#ae-rail .ae-thumbs button").count() == 0
    person.choose("digits")
    assert person.said() == "" and person.page.locator("#ae-rail .ae-thumbs button").count() == 20
    assert_shows_the_rails_picture(person, "compare")
    assert person.complaints() == []


def test_compare_names_what_is_wrong_and_what_to_do_and_shows_the_others(person):
    person.tab("compare")
    person.choose("digits", 1)
    said = person.message("compare")
    assert f"digits/{CUT}" in said and "cut short" in said and "aedemo train sparse --data digits" in said
    assert "aedemo train shallow --data digits" in said
    for variant in ("pca", "linear", "deep", "denoising", "masked"):
        assert person.strip("compare", f"answer-{variant}").std() > 15
    for variant in ("shallow", "sparse"):
        assert person.strip("compare", f"answer-{variant}").std() == 0
    person.slide_to("bottleneck", 3)
    assert person.shown("compare")["strips"]["answer-deep"]["frame"] == 3
    assert person.complaints() == []


@pytest.mark.parametrize(("tab", "remedy"), [("linear", "aedemo train shallow"), ("sparse", "aedemo train sparse")])
def test_a_tab_that_lacks_a_sweep_says_what_to_do(person, tab, remedy):
    person.tab(tab)
    person.choose("digits", 2)
    assert remedy in person.message(tab) and "/tmp" not in person.message(tab)
    assert person.complaints() == []


@pytest.mark.parametrize("tab", WHOLE)
def test_the_other_tabs_work(person, tab):
    person.tab(tab)
    person.choose("digits", 3)
    assert person.message(tab) == ""
    assert_shows_the_rails_picture(person, tab)
    assert person.complaints() == []


def test_a_picture_of_ones_own_can_be_opened_without_the_data_set(person, tmp_path):
    from PIL import Image

    path = tmp_path / "own.png"
    Image.linear_gradient("L").save(path)
    person.tab("compare")
    person.choose("mnist")
    person.upload(path)
    person.page.wait_for_function("aedemo.state.picture.startsWith('data:')")
    person.settle("compare")
    assert person.pixels("#ae-rail .ae-large canvas").std() > 30 and person.said() == ""
    assert "aedemo train linear --data mnist" in person.message("compare")


def test_whoever_follows_the_advice_need_not_start_again(person, folder):
    """Last, since it puts right what the others need broken."""
    shutil.copy(checkpoints.folder() / "digits" / CUT, folder / "digits" / CUT)
    shutil.copytree(checkpoints.folder() / "digits" / MISSING, folder / "digits" / MISSING)
    person.choose("digits")
    for tab, index in (("linear", 1), ("sparse", 2), ("compare", 3)):
        person.tab(tab)
        person.choose(index=index)
        assert person.message(tab) == ""
        assert_shows_the_rails_picture(person, tab)
