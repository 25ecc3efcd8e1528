"""The page's scripts as they are served: every word of the files, and nothing but them."""

import re

import pytest
from pygments.lexers import JavascriptLexer
from pygments.token import Comment, Operator, Punctuation, Text

from aedemo.page import launch_options
from aedemo.page.assets import HERE, PLAYERS, SCRIPTS, script


def tokens(text: str) -> list[str]:
    """The words and signs of a script; what a string or a template says is as it stands."""
    found = []
    for kind, value in JavascriptLexer(stripnl=False, ensurenl=False).get_tokens(text):
        if kind in Comment or (kind in Text and not value.strip()):
            continue
        found += "".join(value.split()) if kind in Punctuation or kind in Operator else [value]
    return found


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.js")))
def test_a_script_is_served_without_comments_and_with_all_its_words(name):
    written = (HERE / name).read_text("utf-8")
    assert tokens(script((name,))) == tokens(written)


def test_a_blank_that_a_template_would_lose_is_found():
    assert tokens("`a (${b})`") != tokens("`a(${b})`") and tokens("return a") != tokens("returna")


def test_no_script_has_a_comment_or_an_indented_line():
    served = script(tuple(sorted(path.name for path in HERE.glob("*.js"))))
    assert not re.search(r"^\s|\n\s*//", served)


# Each page load receives the first anew, since it stands in the document, and only who opens the Training tab or a
# replay the second. Both leave some room above what they weigh: whoever makes a page load heavier is to see it.
MAX_INLINE, MAX_PLAYERS = 163_000, 60_000  # bytes


def inline() -> str:
    (found,) = re.findall(r"<script>(.*?)</script>", launch_options()["head"], re.S)
    return found


def test_what_a_page_load_receives_is_small():
    assert len(inline().encode()) <= MAX_INLINE
    assert len(script(PLAYERS).encode()) <= MAX_PLAYERS


def test_each_script_is_served_once_and_none_is_forgotten():
    served = [*SCRIPTS, *PLAYERS, "static.js"]
    assert sorted(served) == sorted(path.name for path in HERE.glob("*.js"))
    assert "class extends aedemo.Player" not in inline() and "class extends aedemo.Player" in script(PLAYERS)
