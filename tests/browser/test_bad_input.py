"""A checkpoint truncated, a sweep missing, a data set that cannot be had: the page says so, and all else works.

A page of its own runs on a small folder: digits with two sweeps corrupt and no classifier, and MNIST and Fashion-MNIST
without their images.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from aedemo import checkpoints, datasets
from aedemo.explore.gallery import gallery
from aedemo.page import build_page, launch_options
from tests.browser.page_driver import PageDriver
from tests.browser.server import free_port
from tests.browser.test_images import assert_shows_the_sidebars_image

CUT, MISSING = "sparse/0.1.safetensors", "shallow"
WHOLE = ("deep", "latent", "denoising", "masked")


@pytest.fixture(scope="module")
def stored() -> Path:
    """The real checkpoints, found before the page is told of others."""
    return checkpoints.folder()


@pytest.fixture(scope="module")
def folder(stored, tmp_path_factory) -> Path:
    own = tmp_path_factory.mktemp("checkpoints")
    shutil.copytree(stored / "digits", own / "digits")
    for data in ("mnist", "fashion"):
        (own / data / "pca").mkdir(parents=True)
        shutil.copy(stored / "digits" / "pca" / "002.safetensors", own / data / "pca")  # enough to be offered
    file = own / "digits" / CUT
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    shutil.rmtree(own / "digits" / MISSING)
    (own / "digits" / "masked" / "classifier.safetensors").unlink()
    return own


@pytest.fixture(scope="module")
def corrupt(folder) -> Iterator[str]:
    """The address of the page on that folder, served from this process, which is a matter of a second.

    /dev/null is no folder: nothing can be there, nothing can be fetched into it, and nobody waits for a network.
    """
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AEDEMO_CHECKPOINTS", str(folder))
        environment.setenv("AEDEMO_DATA", "/dev/null")
        for read in (datasets.load, datasets.load_inputs, datasets.test_sample, gallery):
            read.cache_clear()  # other tests of this process may have read the images
        page = build_page()
        place = {"server_name": "127.0.0.1", "server_port": free_port()}
        _, url, _ = page.launch(**launch_options(), **place, prevent_thread_lock=True, quiet=True)
        yield url
        page.close()


@pytest.fixture(scope="module")
def person(browser, corrupt) -> Iterator[PageDriver]:
    page_driver = PageDriver(browser, corrupt)
    yield page_driver
    page_driver.leave()


def test_without_test_images_it_is_said_and_the_page_stays_usable(person):
    """Of Fashion-MNIST's checkpoints the test images were left out, and the data set is not on this machine."""
    person.choose("fashion")
    for said in (person.said(), person.message("compare")):
        assert "Fashion" in said and "AEDEMO_DATA" in said and said.endswith(".")
    assert person.page.locator("#ae-sidebar .ae-thumbs button").count() == 0
    person.choose("digits")
    assert person.said() == "" and person.page.locator("#ae-sidebar .ae-thumbs button").count() == 20
    assert_shows_the_sidebars_image(person, "compare")
    assert person.complaints() == []


def test_compare_names_what_is_wrong_and_what_to_do_and_shows_the_others(person):
    person.tab("compare")
    person.choose("digits", 1)
    said = person.message("compare")
    assert f"digits/{CUT}" in said and "truncated" in said and "aedemo train sparse --data digits" in said
    assert "aedemo train shallow --data digits" in said
    for variant in ("pca", "linear", "deep", "denoising", "masked"):
        assert person.filmstrip("compare", f"reconstruction-{variant}").std() > 15
    for variant in ("shallow", "sparse"):
        assert person.filmstrip("compare", f"reconstruction-{variant}").std() == 0
    person.slide_to("bottleneck", 3)
    assert person.shown("compare")["filmstrips"]["reconstruction-deep"]["frame"] == 3
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
    assert_shows_the_sidebars_image(person, tab)
    assert person.complaints() == []


def test_a_user_image_can_be_opened_without_the_data_set(person, tmp_path):
    from PIL import Image

    path = tmp_path / "own.png"
    Image.radial_gradient("L").save(path)
    person.tab("compare")
    person.choose("mnist")
    person.upload(path)
    person.page.wait_for_function("aedemo.state.image.startsWith('seen:')")
    person.settle("compare")
    assert person.pixels("#ae-sidebar .ae-large canvas").std() > 30 and person.said() == ""
    assert "aedemo train linear --data mnist" in person.message("compare")


def test_whoever_follows_the_advice_need_not_start_again(person, stored, folder):
    """Last, since it puts right what the others need broken."""
    shutil.copy(stored / "digits" / CUT, folder / "digits" / CUT)
    shutil.copytree(stored / "digits" / MISSING, folder / "digits" / MISSING)
    person.choose("digits")
    for tab, index in (("linear", 1), ("sparse", 2), ("compare", 3)):
        person.tab(tab)
        person.choose(index=index)
        assert person.message(tab) == ""
        assert_shows_the_sidebars_image(person, tab)


def test_without_a_classifier_a_sentence_stands_alone(person):
    person.tab("masked")
    for title in ("Which of its classes does it name?", "What pre-training saves in labels", "Trained at which ratio?"):
        assert not person.page.locator("#view-masked .ae-card", has_text=title).is_visible()
    said = person.page.locator('#view-masked [data-name="transfer"]')
    assert said.is_visible() and "aedemo train classifier --data digits" in said.inner_text()
