"""Links, locks, programs and clients of earlier versions say what things were called then, and still work."""

import json

import pytest

from aedemo.page.program import program
from aedemo.page.renamed import KEYS, VALUES, renamed
from aedemo.page.shell import build, endpoint
from aedemo.page.source import sidebar_source
from aedemo.page.state import entries
from aedemo.page.tabs import TABS
from aedemo.page.views import read_view
from tests.explore.reference import SEED, identity

BY_NAME = {tab.name: tab for tab in TABS}


@pytest.mark.parametrize("old", KEYS)
def test_each_old_key_stands_for_one_of_now(old):
    now = {entry.key for entry in entries(TABS, ("digits",), 7)}
    assert old not in now and KEYS[old] in now


def test_no_name_of_now_is_an_old_one():
    taken = {*BY_NAME, *(value for tab in TABS for choice in tab.choices for value, _ in choice.options)}
    assert not taken & set(VALUES)
    assert renamed({"picture": "24", "kind": "zeroing", "variant": "stack", "tab": "place"}) == {
        "image": "24", "kind": "masking", "variant": "deeper", "tab": "your_image",
    }  # fmt: skip


def test_an_old_program_address_gives_the_program_of_now():
    old = program("deep", {"data": "digits", "picture": "24", "towards": "16", "deep-walk": "0.5"})
    assert old == program("deep", {"data": "digits", "image": "24", "target": "16", "deep-interpolation": "0.5"})


def test_an_old_view_address_asks_the_same():
    old = read_view(BY_NAME, "denoising", {"data": "digits", "image": "24", "kind": "zeroing"})
    assert old.key == read_view(BY_NAME, "denoising", {"data": "digits", "image": "24", "kind": "masking"}).key
    assert read_view(BY_NAME, "place", {"data": "digits"}).tab.name == "your_image"


def test_a_client_may_ask_for_a_tab_and_a_choice_by_their_old_names():
    tab, image = BY_NAME["denoising"], identity("digits")
    rest = [control.default for control in tab.choices if control.name != "kind"]
    now = json.loads(endpoint(tab)("digits", image, SEED, "masking", *rest, None))
    assert now["message"] is None and tab.choices[0].name == "kind"
    assert json.loads(endpoint(tab)("digits", image, SEED, "zeroing", *rest, None)) == now
    names = {function.api_name for function in build(TABS, sidebar_source()).fns.values()}
    assert {"place", "your_image"} <= names
