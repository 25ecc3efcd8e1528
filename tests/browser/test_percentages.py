"""A number and its % stay on one line, wherever the page says one."""

import pytest

from aedemo.page.components.markup import unbroken, words
from aedemo.page.tabs import ALL_TABS

# In code, labels of figures and values of sliders, which have a line of their own, they are as they are.
BREAKING = """(tab) => {
  const texts = document.createTreeWalker(document.getElementById("ae-shell"), NodeFilter.SHOW_TEXT), found = [];
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (/\\d %/.test(data) && !parentElement.closest("code, pre, svg, script, style, output, option")) found.push(data);
  }
  return found;
}"""


def test_only_a_blank_between_a_number_and_its_sign_is_another_one():
    assert unbroken("42.7 % of 3 % and % of 5%") == "42.7\u00a0% of 3\u00a0% and % of 5%"
    assert words("7 % <") == "7\u00a0% &lt;"


@pytest.mark.parametrize("data", ["photos", "mnist"])
def test_no_percentage_breaks_before_its_sign(person, data):
    person.choose(data)
    said = 0
    for tab in ALL_TABS:
        person.tab(tab.name)
        assert person.page.evaluate(BREAKING) == []
        said += person.page.locator(f"#view-{tab.name}").inner_text().count("\u00a0%")
    assert said > 10
