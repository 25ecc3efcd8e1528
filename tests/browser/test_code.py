"""Show the code: the panel has the program of what is shown, with every setting where the page has it."""

import pytest

from aedemo.page.program import program
from aedemo.page.tabs import TABS
from tests.page.slots import BY_NAME


def shown_code(person) -> str:
    page = person.page
    page.locator("[popovertarget=ae-code]").click()
    page.wait_for_function("document.querySelector('#ae-code [data-code=note]').textContent")
    text = page.locator("#ae-code code").text_content()
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('#ae-code [data-code=note]').textContent = ''")
    return text


@pytest.mark.parametrize("tab", [tab.name for tab in TABS])
def test_the_panel_has_the_program_of_the_view(person, tab):
    person.tab(tab)
    person.choose("digits", 1, seed=1)
    for control in BY_NAME[tab].sliders:
        person.slide(control.name, "Home", "ArrowRight")
    places = {name: slider["words"] for name, slider in person.shown(tab)["sliders"].items()}
    choices = person.page.evaluate("tab => Object.fromEntries(aedemo.tabViews.get(tab).choices)", tab)
    said = {"data": "digits", "image": person.state("image").removeprefix("gallery:"), "seed": "1"}
    expected = program(tab, said | places | choices)
    assert shown_code(person) == expected
    assert 'DATA = "digits"' in expected and f'IMAGE = "{said["image"]}"' in expected


def test_what_somebody_drew_is_a_file_of_their_own_in_the_program(visit):
    person = visit()
    person.choose("digits", 0)
    page = person.page
    person.page.locator('#ae-sidebar [data-do="draw"]').click()
    box = page.locator("#ae-sidebar .ae-pad").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 180)
    page.mouse.up()
    page.wait_for_function("aedemo.state.image.startsWith('seen:')")
    person.settle("compare")
    assert 'IMAGE = "mine.png"' in shown_code(person)
    assert person.complaints() == []
