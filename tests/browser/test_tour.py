"""The guided tour: each step brings the page to its beginning, and its words follow the page's own numbers."""

import re

import pytest

from aedemo.page.tour import PHASES, read_tour
from tests.tables import sweeps


def words(person) -> str:
    return person.page.locator("#ae-tour .prose").first.inner_text()


def phase(person, number: int) -> None:
    person.page.locator(f'#ae-tour [data-phase="{number}"]').click()


@pytest.fixture(scope="module")
def walker(shared, server):
    """The shared page on the way; left again afterwards."""
    shared.page.locator("[data-tool=tour]").click()
    yield shared
    shared.page.locator("[data-tour=leave]").click()
    assert not shared.page.locator("#ae-tour").is_visible()
    assert shared.complaints() == []


@pytest.mark.parametrize("number", range(7), ids=[step.title.partition(":")[0] for step in read_tour()])
def test_a_step_sets_the_page_and_says_its_numbers(walker, number):
    step = read_tour()[number]
    if step.begin["data"] not in sweeps("pca"):
        pytest.skip(f"{step.begin['data']} has no models here")
    page = walker.page
    page.locator(f'#ae-tour [data-step="{number}"]').click()
    page.wait_for_function("data => aedemo.state.data === data", arg=step.begin["data"])
    walker.settle(step.begin["tab"])
    assert page.locator("#ae-tour .ae-tour-title").inner_text() == step.title
    place = walker.shown(step.begin["tab"])["sliders"][step.move]["words"]
    assert place.removesuffix(" %") == step.begin[step.move]

    guesses = page.locator("#ae-tour .ae-tour-guesses:not([hidden]) button")
    said = guesses.nth(1).text_content()
    guesses.nth(1).click()
    phase(walker, 1)
    assert page.locator(f"#{step.move}").evaluate("e => e.classList.contains('ae-pointed')")
    phase(walker, 2)
    guess = page.locator("#ae-tour .ae-tour-title").get_attribute("data-guess")
    assert guess == f"You said: {said}"
    before = words(walker)
    assert place in before and len(re.findall(r"\d", before)) >= 4 and "–" not in before and "{" not in before
    walker.slide(step.move, "ArrowRight")
    after = walker.shown(step.begin["tab"])
    assert after["sliders"][step.move]["words"] in words(walker) != before
    phase(walker, 3)
    for name in re.findall(r"`\{([\w-]+)\}`", step.words.partition("## Explain")[2]):
        if name in after["filmstrips"]:
            assert after["filmstrips"][name]["big"] in words(walker)


def test_next_and_back_walk_through_all_phases(walker):
    page = walker.page
    page.locator('#ae-tour [data-step="0"]').click()
    walker.settle("linear")
    assert page.locator("[data-tour=back]").is_disabled()
    seen = []
    for _ in range(len(PHASES)):
        seen.append(page.locator("#ae-tour .ae-tour-phases [aria-current]").inner_text())
        page.locator("[data-tour=next]").click()
    assert tuple(seen) == PHASES
    assert page.locator("#ae-tour .ae-tour-title").inner_text() == read_tour()[1].title
    walker.settle("linear")
    page.locator("[data-tour=back]").click()
    assert page.locator("#ae-tour .ae-tour-phases [aria-current]").inner_text() == PHASES[-1]


def test_a_link_to_a_step_begins_it(visit, server):
    person = visit(f"{server.url}#step=6", wait=False)
    person.settle("denoising")
    title = person.page.locator("#ae-tour .ae-tour-title")
    title.filter(has_text=read_tour()[5].title).wait_for()  # its words are drawn after the page
    assert person.shown("denoising")["sliders"]["denoising-noise"]["words"] == "0.2"
    assert person.page.locator('#view-denoising [data-name="trained_at"] input[value="0.3"]').is_checked()
    assert person.complaints() == []
