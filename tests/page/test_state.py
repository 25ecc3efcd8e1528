"""What links say: one typed list, which the controls, the address bar and the steps of the way are made from."""

import re

import pytest

from aedemo import datasets
from aedemo.page.components import Choice, Slider, card, slider
from aedemo.page.state import CONTROLS, entries
from aedemo.page.tab import Tab
from aedemo.page.tabs import ALL_TABS
from aedemo.page.tour import PHASES, Step, parse_step, read_tour
from tests.page.slots import BY_NAME, elements

KNOWN = entries(ALL_TABS, tuple(datasets.DATASETS), len(read_tour()))
BY_KEY = {entry.key: entry for entry in KNOWN}
each_step = pytest.mark.parametrize("step", read_tour(), ids=lambda step: step.title.partition(":")[0])


def test_each_control_of_each_tab_has_one_entry_of_its_own():
    assert len(BY_KEY) == len(KNOWN)
    for tab in ALL_TABS:
        found = [attributes for _, attributes in elements(tab.skeleton())]
        sliders = {a["data-name"] for a in found if a.get("data-widget") == "slider"}
        choices = {a["data-name"] for a in found if a.get("data-widget") in ("choice", "setting")}
        own = {kind: {e.key for e in KNOWN if e.tab == tab.name and e.kind == kind} for kind in ("slider", "choice")}
        assert own["slider"] == sliders
        assert own["choice"] == {control.name for control in tab.choices} >= choices
        shown = {a["data-name"] for a in found if a.get("data-widget") in ("plane-view", "plane-legend")}
        assert {e.key for e in KNOWN if e.tab == tab.name and e.kind == "plane"} == shown


def test_a_control_comes_into_the_list_by_standing_in_its_tab():
    one, other = Slider("turn", "Turn"), Choice("tour", "Way", (("left", "left"), ("right", "right")), start="right")
    tab = Tab("new", "New", lambda: card(slider(one)), None, (one,), (other,))
    found = {entry.key: entry for entry in entries([tab], ["digits"], 7)}
    assert found["turn"].tab == "new" and found["tour"].start == "right"
    assert {"turn", "tour", *CONTROLS} <= set(found["lock"].values) == set(found["hide"].values)


def test_the_tour_has_eight_steps_each_on_a_tab_of_its_own_idea():
    assert len(read_tour()) == 8
    tabs = ["deep"] + ["linear"] * 3 + ["deep", "sparse", "denoising", "masked"]
    assert [step.begin["tab"] for step in read_tour()] == tabs


@each_step
def test_a_step_begins_where_a_link_can_go_and_asks_for_a_control_of_its_tab(step: Step):
    assert {BY_KEY[key].tab for key in step.begin} <= {"", step.begin["tab"]}
    assert all(value in BY_KEY[key].values for key, value in step.begin.items() if BY_KEY[key].values)
    assert BY_KEY[step.move].tab == step.begin["tab"] and step.move in step.begin


@each_step
def test_a_step_offers_predictions_a_formula_and_numbers_of_the_page(step: Step):
    phases = dict(zip(PHASES, re.split(r"^## .+\n", step.words, flags=re.MULTILINE)[1:], strict=True))
    assert len(re.findall(r"^- .+$", phases["Predict"], re.MULTILINE)) >= 2 and "?" in phases["Predict"]
    assert re.search(r"\$[^$]+\$", phases["Explain"])
    label = next(s.label for s in BY_NAME[step.begin["tab"]].sliders if s.name == step.move)
    assert f"**{label}**" in phases["Move"]
    parts = {a["data-name"] for _, a in elements(BY_NAME[step.begin["tab"]].skeleton()) if "data-widget" in a}
    for phase in ("See", "Explain"):
        read = {name.partition(".")[0] for name in re.findall(r"`\{(.+?)\}`", phases[phase])}
        assert read <= parts and len(read) >= (2 if phase == "See" else 0)


@pytest.mark.parametrize(
    "text", ["# A title\n", "<!-- begin: tab=deep -->\n<!-- move: x -->\n# A\n## Predict\n## See\n"]
)
def test_a_step_that_lacks_a_part_is_named(text):
    with pytest.raises(ValueError, match=r"lessons/9-new\.md"):
        parse_step("9-new.md", text)
