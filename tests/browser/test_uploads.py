"""A picture of one's own goes through every tab; what is no picture is one sentence, and the former stays."""

import numpy as np
import pytest
from PIL import Image

from tests.browser.test_pictures import assert_shows_the_rails_picture
from tests.page.slots import BY_NAME

JUNK = {
    "junk.png": b"no picture at all",
    "empty.png": b"",
    "drawing.png": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "notes.txt": b"hello",
}
GRADIENT = np.linspace(0, 255, 200 * 150 * 3).reshape(200, 150, 3).astype(np.uint8)


@pytest.fixture
def png(tmp_path):
    path = tmp_path / "my picture.png"
    Image.fromarray(GRADIENT).save(path)
    return path


def uploaded(person, path) -> None:
    person.upload(path)
    person.page.wait_for_function("aedemo.state.picture.startsWith('data:')")
    person.settle(person.active())


@pytest.mark.parametrize(("dataset", "tabs"), [("photos", tuple(BY_NAME)), ("digits", ("compare", "masked"))])
def test_a_png_is_shown_on_every_tab(person, png, dataset, tabs):
    person.tab("compare")
    person.choose(dataset, 0)
    person.slide_to("mask-ratio", 12)
    before = person.prints("compare")
    uploaded(person, png)
    assert person.said() == ""
    now = person.prints("compare")
    assert [name for name in now if now[name] == before[name]] == []
    assert person.page.locator('#ae-rail .ae-thumbs button[aria-pressed="true"]').count() == 0
    for tab in tabs:
        person.tab(tab)
        assert person.message(tab) == ""
        assert_shows_the_rails_picture(person, tab)
    person.tab("compare")
    person.choose(index=0)
    assert person.prints("compare") == before


def test_what_is_no_picture_is_a_sentence_and_the_former_stays(person, tmp_path):
    person.tab("compare")
    person.choose("photos", 0)
    before, rail, picture = (
        person.prints("compare"),
        person.pixels("#ae-rail .ae-large canvas"),
        person.state("picture"),
    )
    for name, data in JUNK.items():
        path = tmp_path / name
        path.write_bytes(data)
        person.upload(path)
        person.page.locator("#ae-rail .ae-rail-message").wait_for(state="visible")
        assert person.said().endswith(".") and len(person.said()) > 20
        assert "/" not in person.said() and name not in person.said()
        assert person.state("picture") == picture and person.prints("compare") == before
        np.testing.assert_array_equal(person.pixels("#ae-rail .ae-large canvas"), rail)
        person.choose(index=0)  # the sentence goes with the next choice
        assert person.said() == ""
    person.choose(index=5)  # and the page goes on
    assert_shows_the_rails_picture(person, "compare")


def test_the_same_file_can_be_brought_twice(person, png):
    person.tab("compare")
    person.choose("digits", 0)
    uploaded(person, png)
    once = person.prints("compare")
    person.choose(index=1)
    uploaded(person, png)
    assert person.prints("compare") == once
    person.choose(index=0)
