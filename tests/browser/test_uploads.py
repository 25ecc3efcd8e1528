"""A user's image goes through every tab; what is no image is one sentence, and the former stays.

Where any tab would do, it is Denoising, which answers photographs faster than Compare or a latent plane.
"""

import base64
from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image

from tests.browser.test_images import assert_shows_the_sidebars_image
from tests.page.slots import BY_NAME

JUNK = {
    "junk.png": b"no image at all",
    "empty.png": b"",
    "drawing.png": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "notes.txt": b"hello",
}
GRADIENT = np.linspace(0, 200, 200 * 150 * 3).reshape(200, 150, 3).astype(np.uint8)
GRADIENT[30:110, 50:100] = 255  # something that stands out


@pytest.fixture
def png(tmp_path):
    path = tmp_path / "my image.png"
    Image.fromarray(GRADIENT).save(path)
    return path


def uploaded(person, path) -> None:
    before = person.state("image")
    person.upload(path)
    arrived(person, before)


def arrived(person, before: str) -> None:
    """Wait until a user's image, another than before, is on the tab."""
    changed = "before => aedemo.state.image.startsWith('seen:') && aedemo.state.image !== before"
    person.page.wait_for_function(changed, arg=before)
    person.settle(person.active())


def ramps(person) -> np.ndarray:
    """The large image's mean colour from left to right, (columns, 3)."""
    return person.pixels("#ae-sidebar .ae-large canvas").mean(0)


@pytest.mark.parametrize(
    ("dataset", "tabs"),
    [("photos", ("compare", "masked")), ("digits", tuple(BY_NAME)),
     pytest.param("photos", tuple(BY_NAME), marks=pytest.mark.slow)],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} tabs",
)  # fmt: skip
def test_a_png_is_shown_on_every_tab(person, png, dataset, tabs):
    person.tab("compare")
    person.choose(dataset, 0)
    person.slide_to("mask-ratio", 12)
    before = person.prints("compare")
    uploaded(person, png)
    assert person.said() == ""
    now = person.prints("compare")
    assert [name for name in now if now[name] == before[name]] == []
    assert person.page.locator('#ae-sidebar .ae-thumbs button[aria-pressed="true"]').count() == 0
    for tab in tabs:
        person.tab(tab)
        assert person.message(tab) == ""
        assert_shows_the_sidebars_image(person, tab)
    person.tab("compare")
    person.choose(index=0)
    assert person.prints("compare") == before


def test_what_is_no_image_is_a_sentence_and_the_former_stays(person, tmp_path):
    person.tab("denoising")
    person.choose("digits", 0)
    before, sidebar, image = (
        person.prints("denoising"),
        person.pixels("#ae-sidebar .ae-large canvas"),
        person.state("image"),
    )
    for name, data in JUNK.items():
        path = tmp_path / name
        path.write_bytes(data)
        person.upload(path)
        person.page.locator("#ae-sidebar .ae-sidebar-message").wait_for(state="visible")
        assert person.said().endswith(".") and len(person.said()) > 20
        assert "/" not in person.said() and name not in person.said()
        assert person.state("image") == image and person.prints("denoising") == before
        np.testing.assert_array_equal(person.pixels("#ae-sidebar .ae-large canvas"), sidebar)
        person.choose(index=0)  # the sentence goes with the next choice
        assert person.said() == ""
    person.choose(index=5)  # and the page goes on
    assert_shows_the_sidebars_image(person, "denoising")


def test_the_same_file_can_be_brought_twice(person, png):
    person.tab("denoising")
    person.choose("digits", 0)
    uploaded(person, png)
    once = person.prints("denoising")
    person.choose(index=1)
    uploaded(person, png)
    assert person.prints("denoising") == once
    person.choose(index=0)


def test_another_data_set_shows_the_same_image_to_its_own_models(person, png):
    person.tab("denoising")
    person.choose("photos", 0)
    uploaded(person, png)
    as_photo = person.prints("denoising")
    person.page.locator('#ae-sidebar input[value="digits"]').check()
    person.page.wait_for_function("aedemo.state.data === 'digits' && aedemo.state.image.startsWith('seen:')")
    person.settle("denoising")
    assert person.filmstrip("denoising", "clean").shape[:2] == (8, 8)
    captions = person.page.locator("#ae-sidebar .ae-user-image .ae-steps figcaption").all_inner_texts()
    assert captions[0] == "grey" and captions[-1] == "centred" and "fits 8×8" in captions
    last = person.pixels("#ae-sidebar .ae-user-image .ae-steps figure:last-child canvas")[::8, ::8]
    np.testing.assert_array_equal(last, person.filmstrip("denoising", "clean"))
    person.page.locator('#ae-sidebar input[value="photos"]').check()
    person.page.wait_for_function("aedemo.state.data === 'photos'")
    person.settle("denoising")
    assert person.prints("denoising") == as_photo
    person.choose(index=0)
    assert not person.page.locator("#ae-sidebar .ae-user-image").is_visible()


def files_from_page(person, path, how: str) -> None:
    """Drop a file onto the page, or paste it, as the browser would tell of it."""
    person.page.evaluate(
        """([data, how]) => {
            const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], "brought.png", { type: "image/png" }));
            const made = how === "paste"
                ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true })
                : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
            document.querySelector("#ae-main").dispatchEvent(made);
        }""",
        [base64.b64encode(path.read_bytes()).decode(), how],
    )


@pytest.mark.parametrize("how", ["drop", "paste"])
def test_a_image_can_be_dropped_anywhere_or_pasted(person, png, how):
    person.tab("denoising")
    person.choose("digits", 0)
    uploaded(person, png)
    as_file = person.prints("denoising")
    person.choose(index=1)
    before = person.state("image")
    files_from_page(person, png, how)
    arrived(person, before)
    assert person.prints("denoising") == as_file
    person.choose(index=0)


def test_a_file_of_more_than_20_mb_is_refused_without_being_sent(person, tmp_path):
    person.tab("denoising")
    person.choose("digits", 0)
    path = tmp_path / "large.png"
    path.write_bytes(bytes(21_000_000))
    with person.no_request():
        person.upload(path)
        person.page.locator("#ae-sidebar .ae-sidebar-message").wait_for(state="visible")
    assert "21 MB" in person.said() and "20 MB" in person.said()
    person.choose(index=1)


def test_a_file_just_below_the_limit_arrives(person, tmp_path):
    """An image with much behind its end, as some cameras write it."""
    person.tab("denoising")
    person.choose("digits", 0)
    path = tmp_path / "large.png"
    Image.fromarray(GRADIENT).save(path)
    with path.open("ab") as file:
        file.write(bytes(19_000_000))
    uploaded(person, path)
    assert person.said() == ""
    person.choose(index=0)


def test_the_camera_takes_an_image(person):
    person.tab("denoising")
    person.choose("photos", 0)  # whose models see colours
    person.context.grant_permissions(["camera"])
    before = person.state("image")
    person.page.locator('#ae-sidebar [data-do="camera"]').click()
    person.page.wait_for_function("document.querySelector('#ae-sidebar video').videoWidth > 0")
    person.page.locator('#ae-sidebar [data-do="take"]').click()
    arrived(person, before)
    red, green, blue = ramps(person).mean(0)  # Chromium's fake camera is green
    assert green > 60 and green > 2 * max(red, blue)
    assert not person.page.locator("#ae-sidebar video").is_visible()
    person.context.clear_permissions()
    person.choose(index=0)


def test_without_a_camera_the_page_says_what_to_do(person):
    person.page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no')); }")
    person.page.locator('#ae-sidebar [data-do="camera"]').click()
    person.page.locator("#ae-sidebar .ae-sidebar-message").wait_for(state="visible")
    assert "upload it" in person.said()
    assert not person.page.locator("#ae-sidebar video").is_visible()
    person.page.evaluate("() => { delete navigator.mediaDevices.getUserMedia; }")  # the browser's own is beneath
    person.choose(index=0)


def test_a_phone_without_https_is_asked_for_its_own_camera(phone, png):
    phone.tab("denoising")
    phone.choose("digits", 0)
    before = phone.state("image")
    phone.page.evaluate(
        "() => Object.defineProperty(navigator, 'mediaDevices', { value: undefined, configurable: true })"
    )
    with phone.page.expect_file_chooser() as chooser:
        phone.page.locator('#ae-sidebar [data-do="camera"]').click()
    chooser.value.set_files(png)
    arrived(phone, before)
    phone.page.evaluate("() => { delete navigator.mediaDevices; }")
    phone.choose(index=0)


def test_nothing_that_was_brought_lies_on_the_servers_disk(person, png, server, alone_on_disk):
    """The page sends images with its requests and leaves no file."""

    def kept() -> set:
        return {path for path in (server.log.parent / "uploads").rglob("*") if path.is_file()}

    before = kept()
    person.tab("denoising")
    person.choose("digits", 0)
    uploaded(person, png)
    assert kept() == before
    person.choose(index=0)


@contextmanager
def held_back(person, path):
    """A file is brought, and the request to open it stays unanswered until the end of this."""
    held, asked = [], "**/open?*"

    def hold(route) -> None:
        route.continue_() if held else held.append(route)

    person.page.route(asked, hold)
    person.upload(path)
    person.page.wait_for_function("aedemo.sidebar.userImage.latest.busy")
    yield
    held[0].continue_()
    person.page.wait_for_function("!aedemo.sidebar.userImage.latest.busy")
    person.page.unroute(asked)
    person.settle("denoising")


def go_to_photos(person) -> None:
    """Choose the data set, and wait for its gallery alone."""
    person.page.locator('#ae-sidebar input[name="ae-data"][value="photos"]').check()
    person.page.locator('#ae-sidebar .ae-thumbs button[title^="Summer palace"]').wait_for()


def test_a_image_chosen_while_another_is_opened_stays(person, png):
    person.tab("denoising")
    person.choose("digits", 0)
    with held_back(person, png):
        person.choose(index=3)
    assert person.distances("denoising", "clean")["pressed"] == 3
    assert_shows_the_sidebars_image(person, "denoising")
    assert not person.page.locator("#ae-sidebar .ae-user-image").is_visible()


def test_a_file_brought_while_the_data_set_changes_is_shown_to_the_new_models(person, png):
    person.tab("denoising")
    person.choose("digits", 0)
    with held_back(person, png):
        go_to_photos(person)
    assert person.state("image").startswith("seen:") and person.said() == ""
    assert person.page.evaluate("aedemo.sidebar.userImage.brought") is None
    assert person.state("data") == "photos" and person.filmstrip("denoising", "clean").shape[:2] == (128, 128)
    left, right = ramps(person)[0], ramps(person)[-1]
    np.testing.assert_allclose(left, right, atol=12)  # what was brought grows lighter downwards alone
    assert person.page.locator('#ae-sidebar .ae-thumbs button[aria-pressed="true"]').count() == 0
    person.choose("digits", 0)


def test_junk_brought_while_the_data_set_changes_leaves_sidebar_and_tab_together(person, tmp_path):
    person.tab("denoising")
    person.choose("digits", 3)
    (tmp_path / "junk.png").write_bytes(JUNK["junk.png"])
    with held_back(person, tmp_path / "junk.png"):
        go_to_photos(person)
    assert person.state("data") == "photos" and "image" in person.said()
    assert person.distances("denoising", "clean")["pressed"] == 0
    assert_shows_the_sidebars_image(person, "denoising")
    person.choose("digits", 0)


def test_a_camera_that_comes_late_is_not_opened_and_a_second_one_is_switched_off(person):
    person.tab("denoising")
    person.choose("digits", 0)
    person.context.grant_permissions(["camera"])
    person.page.evaluate("""() => {
      window.streams = [];
      window.leave = new Promise((done) => (window.give = done)); // the browser asks, and the person takes their time
      const ask = MediaDevices.prototype.getUserMedia;
      navigator.mediaDevices.getUserMedia = async (wish) => {
        const stream = await ask.call(navigator.mediaDevices, wish);
        await leave;
        streams.push(stream);
        return stream;
      };
    }""")
    camera, on = (
        person.page.locator('#ae-sidebar [data-do="camera"]'),
        "streams.filter((stream) => stream.active).length",
    )
    camera.click()
    person.page.locator("#ae-sidebar .ae-thumbs button").nth(1).click()
    person.page.evaluate("give()")
    person.page.wait_for_function("streams.length === 1 && !streams[0].active")
    assert not person.page.locator("#ae-sidebar video").is_visible()
    camera.evaluate("(button) => (button.click(), button.click())")  # before the first has moved the button
    person.page.wait_for_function("streams.length === 3")
    person.page.wait_for_function("document.querySelector('#ae-sidebar video').videoWidth > 0")
    assert person.page.evaluate(on) == 1
    person.page.locator('#ae-sidebar [data-do="close"]').click()
    assert person.page.evaluate(on) == 0
    person.page.evaluate("() => { delete navigator.mediaDevices.getUserMedia; }")
    person.context.clear_permissions()
    person.choose(index=0)
