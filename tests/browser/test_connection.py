"""The server goes away and comes back: the page says so, goes on with what needs none, and forgets nothing."""

from collections.abc import Iterator

import pytest
from PIL import Image

from tests.browser.server import Server
from tests.browser.test_pictures import assert_shows_the_rails_picture
from tests.browser.visitor import Visitor

LOST = "The server cannot be reached."


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("connection")


@pytest.fixture(scope="module")
def started(browser, folder) -> Iterator[list[Server]]:
    """The servers that ran, one after the other on the same port; the last one still runs."""
    servers = [Server(folder).__enter__()]
    yield servers
    servers[-1].__exit__()


@pytest.fixture(scope="module")
def person(browser, started) -> Iterator[Visitor]:
    visitor = Visitor(browser, started[0].url)
    yield visitor
    visitor.leave()


def kill(servers: list[Server]) -> None:
    servers[-1].process.kill()
    servers[-1].process.wait()


def notice(person: Visitor) -> str:
    shown = person.page.locator(".ae-lost")
    return shown.inner_text() if shown.count() and shown.is_visible() else ""


def is_lost(person: Visitor) -> None:
    person.page.wait_for_function("() => document.querySelector('.ae-lost')?.hidden === false")
    assert notice(person).startswith(LOST)


def start_again(servers: list[Server], folder) -> None:
    servers.append(Server(folder, servers[0].port).__enter__())


def press(person: Visitor, tab: str) -> None:
    """Go to a tab without waiting for it."""
    person.page.locator(f'#ae-tabs [role=tab][data-tab-id="{tab}"]').click()


def chosen(person: Visitor) -> dict:
    """All that a person has set in the rail and on the tab, and a mark that goes when the page is loaded anew."""
    return person.page.evaluate("""() => {
      const here = `:is(#ae-rail, #scene-${aedemo.active})`;
      const set = [...document.querySelectorAll(`${here} input:is([type=range], :checked)`)]
       .map((input) => [input.name, input.id, input.value]);
      return { tab: aedemo.active, state: { ...aedemo.state }, mark: window.mark, set };
    }""")


def test_a_restart_loses_nothing_and_the_page_comes_back_by_itself(person, started, folder):
    person.choose("digits", seed=3)
    person.tab("denoising")
    person.page.locator('#scene-denoising input[value="zeroing"]').check()
    Image.radial_gradient("L").save(folder / "own.png")
    person.upload(folder / "own.png")
    person.page.wait_for_function("aedemo.state.picture.startsWith('seen:')")
    person.settle("denoising")
    person.page.evaluate("window.mark = 'this page'")
    person.slide_to("denoising-noise", 5)
    before, shown = chosen(person), person.prints("denoising")
    assert before["mark"] and person.complaints() == []

    kill(started)
    press(person, "sparse")
    is_lost(person)
    press(person, "denoising")  # all of it is here
    person.slide_to("denoising-noise", 9)
    assert person.prints("denoising") != shown
    person.slide_to("denoising-noise", 5)
    assert person.prints("denoising") == shown
    press(person, "sparse")

    start_again(started, folder)
    person.settle("sparse")
    assert notice(person) == "" and person.message("sparse") == ""
    assert_shows_the_rails_picture(person, "sparse")
    person.tab("denoising")
    assert chosen(person) == before and person.prints("denoising") == shown
    assert person.page.locator(".toast-body").count() == 0  # Gradio has not noticed
    person.errors.clear()
    person.choose(index=1)
    assert person.complaints() == []


def test_of_what_is_chosen_meanwhile_the_last_is_shown(person, started, folder):
    person.tab("compare")
    person.choose("digits", 1)
    kill(started)
    for index in (2, 3, 4):
        person.page.locator("#ae-rail .ae-thumbs button").nth(index).click()
    is_lost(person)
    start_again(started, folder)
    person.settle("compare")
    assert notice(person) == "" and person.distances("compare", "saw-pca")["pressed"] == 4
    assert_shows_the_rails_picture(person, "compare")
