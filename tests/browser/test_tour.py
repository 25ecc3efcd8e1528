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


@pytest.mark.parametrize("number", range(8), ids=[step.title.partition(":")[0] for step in read_tour()])
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
    walker.settle("deep")
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
    title.filter(has_text=read_tour()[6].title).wait_for()  # its words are drawn after the page
    assert person.shown("denoising")["sliders"]["denoising-noise"]["words"] == "0.2"
    assert person.page.locator('#view-denoising [data-name="trained_at"] input[value="0.3"]').is_checked()
    assert person.complaints() == []


def test_the_answer_is_covered_until_a_prediction_and_judged_by_the_numbers(walker):
    page = walker.page
    page.evaluate("aedemo.tour.guesses = []")
    page.locator('#ae-tour [data-step="2"]').click()
    walker.settle("linear")
    page.locator("#view-linear .ae-cover:visible").first.wait_for()
    assert page.locator("#linear-bottleneck").is_visible()
    page.locator("#ae-tour .ae-tour-guesses:not([hidden]) button", has_text="the same").click()
    assert page.locator(".ae-cover").count() == 0
    phase(walker, 2)
    shown = walker.shown("linear")["filmstrips"]
    verdict = page.locator(".ae-tour-verdict").inner_text()
    apart = float(shown["linear"]["big"].split()[0]) - float(shown["pca"]["big"].split()[0])
    assert verdict.startswith("Right" if abs(apart) <= 0.3 else "For this image the numbers say")
    assert shown["linear"]["big"] in verdict
    phase(walker, 0)
    page.evaluate("aedemo.tour.guesses = []; aedemo.tour.cover()")
    page.locator("[data-tour=next]").click()
    assert page.locator(".ae-cover").count() == 0  # "Next" uncovers too


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_the_panel_leaves_what_the_step_moves_in_sight(walker, size):
    page = walker.page
    walker.resize(*size)
    for number in (0, 1):
        page.locator("[data-tour=leave]").click()
        page.locator("[data-tool=tour]").click()
        page.evaluate("number => aedemo.tour.go(number, 1)", number)
        step = read_tour()[number]
        walker.settle(step.begin["tab"])
        page.wait_for_function(  # it is moved when its tab has been filled
            "name => document.getElementById(name).getBoundingClientRect().bottom"
            " <= document.getElementById('ae-tour').getBoundingClientRect().top",
            arg=step.move,
        )
        walker.frames()
        moved, panel = page.locator(f"#{step.move}").bounding_box(), page.locator("#ae-tour").bounding_box()
        assert moved["y"] >= 0 and moved["y"] + moved["height"] <= panel["y"], (number, size)
    page.set_viewport_size({"width": 1440, "height": 900})


def test_the_guide_prints_a_worksheet_with_its_solutions_at_the_end(walker):
    page = walker.page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    sheet = page.locator("#ae-worksheet")
    assert sheet.is_visible() and not page.locator("#ae-shell").is_visible()
    words = sheet.inner_text()
    for step in read_tour():
        assert words.count(step.title) == 2  # the question and its solution
    assert words.count("What I saw:") == len(read_tour())
    assert page.locator("#ae-worksheet .katex-mathml").first.bounding_box()["width"] <= 1  # each formula once
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert sheet.count() == 0


def test_a_presenters_keys_lead_through_the_guide_but_not_from_a_slider(walker):
    page = walker.page
    page.evaluate("aedemo.tour.go(1, 0)")
    walker.settle("linear")
    page.locator("[data-tool=projector]").click()
    page.locator("[data-tool=projector]").evaluate("button => button.blur()")
    page.keyboard.press("PageDown")
    assert page.evaluate("aedemo.tour.phase") == 1
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("aedemo.tour.phase") == 0
    walker.slide("linear-bottleneck", "ArrowRight")
    assert page.evaluate("aedemo.tour.phase") == 0
    page.locator("[data-tool=projector]").click()


def test_the_last_step_ends_with_the_score_and_what_was_predicted(walker):
    page, steps = walker.page, read_tour()
    page.evaluate("Object.assign(aedemo.tour, { guesses: [], verdicts: [] })")

    def predict(number: int, choose) -> str:
        """Choose a prediction in a step and see its numbers; returns the verdict."""
        page.locator(f'#ae-tour [data-step="{number}"]').click()
        walker.settle(steps[number].begin["tab"])
        button = choose(page.locator("#ae-tour .ae-tour-guesses:not([hidden]) button"), number)
        button.click()
        phase(walker, 2)
        return page.locator(".ae-tour-verdict").inner_text()

    def named_by_the_numbers(buttons, number: int):
        """The option that is right at the numbers that the page shows now."""
        rule = steps[number].right
        values = [float(page.evaluate("name => aedemo.tour.reading(name)", name).split()[0]) for name in rule.reads]
        value = values[0] - sum(values[1:])
        return buttons.filter(has_text=rule.options[sum(value > limit for limit in rule.limits)])

    def any_other(buttons, number: int):
        right = named_by_the_numbers(buttons, number).inner_text()
        return buttons.filter(has_not_text=re.compile(f"^{re.escape(right)}$")).first

    assert predict(0, named_by_the_numbers).startswith("Right for this image")
    assert predict(2, any_other).startswith("For this image the numbers say")
    assert predict(1, lambda buttons, _: buttons.nth(1)).startswith("No single number decides this")
    page.locator('#ae-tour [data-step="7"]').click()
    walker.settle("masked")
    phase(walker, 3)
    said = page.locator(".ae-tour-verdict").inner_text()
    assert said.startswith("You predicted in 3 of 8 steps.") and "decided 2 of them: you were right in 1." in said
    lines = page.locator(".ae-tour-verdict li").all_inner_texts()
    assert [line.rpartition(", ")[2] for line in lines[:3]] == ["right", "no number decided", "wrong"]
    assert "“10”" in lines[1] and len(lines) == 8 and all(line.endswith(" no prediction") for line in lines[3:])

    predict(2, named_by_the_numbers)  # another prediction: the score is of the last
    phase(walker, 0)
    page.locator('#ae-tour [data-step="7"]').click()
    walker.settle("masked")
    phase(walker, 3)
    assert "you were right in 2." in page.locator(".ae-tour-verdict").inner_text()
    assert page.locator("[data-tour=next]").inner_text() == "Done"
    for width, height in ((390, 844), (1440, 900)):  # beside it there is room for what it speaks of
        walker.resize(width, height)
        panel = page.locator("#ae-tour").bounding_box()
        assert panel["height"] < 0.68 * height and page.locator("[data-tour=next]").is_visible()
