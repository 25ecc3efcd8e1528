"""The shell: endpoints, answers, lessons, and nothing of a user's ever read as HTML."""

import json
import re

import numpy as np
import pytest

from aedemo.page import build_page, launch_options
from aedemo.page.components import (
    Choice,
    Slider,
    card,
    choice,
    decoded,
    figure,
    filmstrip,
    heading,
    images,
    plane,
    slider,
    tab_view,
    table,
    text,
)
from aedemo.page.components.training import player, setting
from aedemo.page.shell import endpoint, read_lesson
from aedemo.page.sidebar import SidebarSource, Thumbnail, gallery_response, skeleton
from aedemo.page.source import sidebar_source
from aedemo.page.tab import Tab
from aedemo.page.tabs import ALL_TABS, TABS
from tests.explore.reference import DATASETS, identity
from tests.page.slots import BY_NAME, elements

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&"
each_tab = pytest.mark.parametrize("tab", ALL_TABS, ids=[tab.name for tab in ALL_TABS])
each_of_images = pytest.mark.parametrize("tab", TABS, ids=[tab.name for tab in TABS])

MADE = {
    "card": lambda words: card(title=words),
    "heading": lambda words: heading(words, words),
    "text": lambda words: text(words, words),
    "table": lambda words: table([heading(words)], [(words, [text("a")])]),
    "slider": lambda words: slider(Slider("name", words)),
    "filmstrip": lambda words: filmstrip("name", words, words, words),
    "figure": lambda words: figure("name", words, words),
    "plane": lambda words: plane("name", words, words) + decoded("name", words, words),
    "images": lambda words: images("name", words, words, words),
    "setting": lambda words: setting(Choice("name", words, ((words, words), ("b", words)))),
    "player": lambda words: player("name", words, words, words, words, words),
    "choice": lambda words: choice(Choice(words, words, ((words, words), ("b", words)))),
    "sidebar": lambda words: skeleton([(words, words)]),
}


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_words_are_never_read_as_html(make):
    harmless, evil = elements(make("harmless")), elements(make(EVIL))
    assert [tag for tag, _ in evil] == [tag for tag, _ in harmless]
    assert [sorted(names) for _, names in evil] == [sorted(names) for _, names in harmless]
    assert "<script" not in make(EVIL) and "<img" not in make(EVIL)


@each_tab
def test_no_skeleton_is_a_template(tab):
    """Gradio pastes `${…}` in a template as raw HTML: no tab view may hold one."""
    assert tab.skeleton() in tab_view(tab.name, tab.skeleton()).value
    assert "${" not in tab.skeleton() and "<script" not in tab.skeleton()


@each_tab
def test_ids_are_unique_on_the_page_and_each_label_has_its_control(tab):
    found = [attributes for _, attributes in elements(tab.skeleton())]
    ids = [a["id"] for a in found if "id" in a]
    others = {a["id"] for other in ALL_TABS if other is not tab for _, a in elements(other.skeleton()) if "id" in a}
    assert len(set(ids)) == len(ids) and not set(ids) & others
    assert {a["for"] for a in found if "for" in a} <= set(ids)


@each_tab
def test_each_lesson_has_a_claim_a_formula_and_a_question(tab):
    claim, longer, question = read_lesson(tab)
    assert re.match(r"# \S", claim) and re.search(r"\$[^$]+\$", claim)
    assert 3 <= len(re.findall(r"[.:?](?=\s|$)", claim + longer)) <= 9
    assert len(re.sub(r"\$[^$]+\$", "", claim.partition("\n")[2])) < 240  # two lines on a laptop
    assert question.endswith("?") or "?" in question


def test_there_is_an_endpoint_for_each_tab_with_named_arguments():
    endpoints = build_page().get_api_info()["named_endpoints"]
    assert {f"/{tab.name}" for tab in TABS} | {"/gallery", "/open", "/place"} == set(endpoints)  # and an old name
    for tab in TABS:
        given = [parameter["parameter_name"] for parameter in endpoints[f"/{tab.name}"]["parameters"]]
        assert given == ["data", "image", "seed", *(control.name for control in tab.choices), "file"]


def test_nothing_is_asked_of_other_hosts():
    head = launch_options()["head"]
    assert not re.search(r"https?://(?!www\.w3\.org)", head)


def a_tab(payload) -> Tab:
    return Tab("compare", "A tab", lambda: "", payload)


def test_a_value_error_is_a_sentence_and_any_other_error_is_none():
    def refuse(data, image, seed):
        raise ValueError(f"{data} has no image {image!r}")

    answer = json.loads(endpoint(a_tab(refuse))("digits", "cat", 0))
    assert answer["message"] == "digits has no image 'cat'" and answer["filmstrips"] == {}
    with pytest.raises(ZeroDivisionError):
        endpoint(a_tab(lambda data, image, seed: 1 // 0))("digits", "", 0)


@pytest.mark.parametrize("seed", ["abc", "1.5", "", None, [1], float("inf"), -1, 2**32, "nan"])
def test_a_seed_that_is_no_whole_number_is_a_sentence(seed):
    answer = json.loads(endpoint(a_tab(None))("digits", "", seed))
    assert answer["message"] == f"seed is {seed!r}; take a whole number from 0 to 4294967295"


@each_of_images
@pytest.mark.parametrize("data", ["imagenet", "", "../digits"])
def test_an_unknown_data_set_is_a_sentence_that_lists_those_that_exist(tab, data):
    answer = json.loads(endpoint(BY_NAME[tab.name])(data, "", 0, *(control.default for control in tab.choices)))
    assert repr(data) in answer["message"] and "digits" in answer["message"] and answer["filmstrips"] == {}


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_sidebar_shows_the_gallery_as_explore_names_it(dataset):
    first = identity(dataset, 0)
    answer = json.loads(gallery_response(sidebar_source(), dataset))
    assert answer["data"] == dataset and answer["message"] is None
    assert f"gallery:{answer['items'][0][0]}" == first
    assert answer["sprite"]["frames"] == len(answer["items"])
    assert dataset in dict(sidebar_source().data_sets)


def _unavailable(data: str):
    raise ValueError(f"{data} could not be fetched. Connect to the internet once.")


def test_a_gallery_that_cannot_be_had_is_a_sentence_and_no_images():
    answer = json.loads(gallery_response(SidebarSource((("mnist", "MNIST"),), _unavailable), "mnist"))
    assert answer["items"] == [] and answer["sprite"] is None and "could not be fetched" in answer["message"]


def test_gallery_titles_may_say_anything():
    thumbnail = Thumbnail("one", EVIL, EVIL, np.zeros((1, 8, 8)))
    answer = json.loads(gallery_response(SidebarSource((("x", "X"),), lambda data: [thumbnail]), "x"))
    assert answer["items"] == [["one", EVIL, EVIL]]  # as text: the page never writes it as HTML
