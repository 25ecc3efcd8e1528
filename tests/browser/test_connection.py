"""The server goes away and comes back: the page says so, goes on with what needs none, and forgets nothing."""

from collections.abc import Iterator

import pytest
from PIL import Image

from aedemo.page import build_page, launch_options
from tests.browser.page_driver import PageDriver
from tests.browser.server import free_port
from tests.browser.test_images import assert_shows_the_sidebars_image

LOST = "The server cannot be reached."


class Restarted:
    """A page served from this process, which is a matter of a second, that goes away and comes back at its address."""

    def __init__(self):
        self.port = free_port()
        self.start()

    def start(self) -> None:
        self.page = build_page()
        place = {"server_name": "127.0.0.1", "server_port": self.port}
        _, self.url, _ = self.page.launch(**launch_options(), **place, prevent_thread_lock=True, quiet=True)

    def stop(self) -> None:
        self.page.close()


@pytest.fixture(scope="module")
def started() -> Iterator[Restarted]:
    served = Restarted()
    yield served
    served.stop()


@pytest.fixture(scope="module")
def person(browser, started) -> Iterator[PageDriver]:
    page_driver = PageDriver(browser, started.url)
    yield page_driver
    page_driver.leave()


def notice(person: PageDriver) -> str:
    shown = person.page.locator(".ae-lost")
    return shown.inner_text() if shown.count() and shown.is_visible() else ""


def is_lost(person: PageDriver) -> None:
    person.page.wait_for_function("() => document.querySelector('.ae-lost')?.hidden === false")
    assert notice(person).startswith(LOST)


def press(person: PageDriver, tab: str) -> None:
    """Go to a tab without waiting for it."""
    person.page.locator(f'#ae-tabs [role=tab][data-tab-id="{tab}"]').click()


def chosen(person: PageDriver) -> dict:
    """All that a person has set in the sidebar and on the tab, and a mark that goes when the page is loaded anew."""
    return person.page.evaluate("""() => {
      const here = `:is(#ae-sidebar, #view-${aedemo.active})`;
      const set = [...document.querySelectorAll(`${here} input:is([type=range], :checked)`)]
       .map((input) => [input.name, input.id, input.value]);
      return { tab: aedemo.active, state: { ...aedemo.state }, mark: window.mark, set };
    }""")


def test_a_restart_loses_nothing_and_the_page_comes_back_by_itself(person, started, tmp_path):
    person.choose("digits", seed=3)
    person.tab("denoising")
    person.page.locator('#view-denoising input[value="masking"]').check()
    Image.radial_gradient("L").save(tmp_path / "own.png")
    person.upload(tmp_path / "own.png")
    person.page.wait_for_function("aedemo.state.image.startsWith('seen:')")
    person.settle("denoising")
    person.page.evaluate("window.mark = 'this page'")
    person.slide_to("denoising-noise", 5)
    before, shown = chosen(person), person.prints("denoising")
    assert before["mark"] and person.complaints() == []

    started.stop()
    press(person, "sparse")
    is_lost(person)
    press(person, "denoising")  # all of it is here
    person.slide_to("denoising-noise", 9)
    assert person.prints("denoising") != shown
    person.slide_to("denoising-noise", 5)
    assert person.prints("denoising") == shown
    press(person, "sparse")

    started.start()
    person.settle("sparse")
    assert notice(person) == "" and person.message("sparse") == ""
    assert_shows_the_sidebars_image(person, "sparse")
    person.tab("denoising")
    assert chosen(person) == before and person.prints("denoising") == shown
    assert person.page.locator(".toast-body").count() == 0  # Gradio has not noticed
    person.errors.clear()
    person.choose(index=1)
    assert person.complaints() == []


def test_of_what_is_chosen_meanwhile_the_last_is_shown(person):
    person.tab("compare")
    person.choose("digits", 1)
    person.context.set_offline(True)
    for index in (2, 3, 4):
        person.page.locator("#ae-sidebar .ae-thumbs button").nth(index).click()
    is_lost(person)
    person.context.set_offline(False)
    person.settle("compare")
    assert notice(person) == "" and person.distances("compare", "saw-pca")["pressed"] == 4
    assert_shows_the_sidebars_image(person, "compare")
