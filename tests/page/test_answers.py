"""Finished answers: a gallery picture is computed once for everybody, and nothing of a person's own is kept."""

import json
import threading
import time

import pytest

from aedemo.page.answers import Answers, for_everybody
from aedemo.page.components import Choice, Payload
from aedemo.page.masked import HAND
from aedemo.page.shell import handler
from aedemo.page.tab import Tab
from aedemo.page.tabs import TABS
from tests.explore.byhand import identity
from tests.page.slots import BY_NAME

OWN = ("data:image/png;base64,iVBORw0KGgo=", "seen:data:image/png;base64,iVBORw0KGgo=")


class Counted:
    """A tab that counts how often it is computed."""

    def __init__(self, message: str | None = None):
        self.count, self.message = 0, message
        self.tab = Tab("compare", "A tab", lambda: "", self.payload, choices=(Choice("kind", "Kind", ()), HAND))

    def payload(self, data, picture, seed, kind="", hand=""):
        self.count += 1
        return Payload(texts={"said": f"{data} {picture} {seed} {kind} {hand}"}, message=self.message)


@pytest.fixture
def counted():
    return Counted()


def test_one_question_is_computed_once_and_each_other_question_by_itself(counted):
    ask = handler(counted.tab, Answers())
    asked = [("digits", "gallery:1", 0, "a"), ("digits", "gallery:1", 0, "b"), ("digits", "gallery:1", 1, "a"),
             ("digits", "", 0, "a"), ("mnist", "gallery:1", 0, "a")]  # fmt: skip
    said = [[json.loads(ask(*question))["texts"]["said"] for question in asked] for _ in range(2)]
    assert counted.count == len(asked)
    assert said[0] == said[1] and len(set(said[0])) == len(asked)


@pytest.mark.parametrize("picture", OWN)
def test_ones_own_picture_is_computed_anew_and_not_kept(counted, picture):
    answers = Answers()
    ask = handler(counted.tab, answers)
    assert ask("digits", picture) != ask("digits", picture)
    assert counted.count == 2 and answers.size == 0


def test_a_file_a_mask_made_by_hand_and_a_way_to_ones_own_picture_are_not_kept(counted):
    answers = Answers()
    ask = handler(counted.tab, answers)
    for given in (("", "0f3a", None), (OWN[0], "", None), ("", "", b"a file")):
        ask("digits", "", 0, *given)
    assert counted.count == 3 and answers.size == 0


@pytest.mark.parametrize("tab", TABS, ids=[tab.name for tab in TABS])
def test_all_that_the_page_offers_of_a_gallery_picture_is_for_everybody(tab):
    chosen = {control.name: control.default for control in tab.choices}
    assert for_everybody(tab, "digits", "", chosen) and for_everybody(tab, "digits", identity("digits", 1), chosen)
    assert not any(for_everybody(tab, "digits", own, chosen) for own in OWN)


def test_an_answer_with_a_sentence_is_asked_for_again():
    """Somebody may have done what it advises."""
    counted = Counted("train some first")
    ask = handler(counted.tab, Answers())
    assert [json.loads(ask("digits"))["message"] for _ in range(2)] == ["train some first"] * 2
    assert counted.count == 2


def test_those_who_ask_at_once_wait_for_one_computation():
    computing, ends, given = threading.Event(), threading.Event(), []
    answers, count = Answers(), []

    def compute():
        count.append(1)
        computing.set()
        assert ends.wait(10)
        return "{}", True

    def ask():
        given.append(answers.once("question", compute))

    people = [threading.Thread(target=ask) for _ in range(8)]
    people[0].start()
    assert computing.wait(10)
    for person in people[1:]:
        person.start()
    time.sleep(0.05)
    assert answers.once("another", lambda: ("{}", True)) == "{}"  # nobody else waits
    ends.set()
    for person in people:
        person.join(10)
    assert given == ["{}"] * 8 and len(count) == 1


def test_an_error_reaches_whoever_waited_and_is_not_kept():
    answers = Answers()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            answers.once("question", lambda: (str(1 // 0), True))
    assert answers.once("question", lambda: ("{}", True)) == "{}"


def test_no_more_is_kept_than_allowed_and_what_was_asked_for_last_stays():
    answers, computed = Answers(most=100), []

    def ask(question: str) -> None:
        answers.once(question, lambda: (computed.append(question) or "x" * 39, True))

    for question in ("a", "b", "a", "c", "a", "b"):  # two of 40 bytes fit
        ask(question)
    assert computed == ["a", "b", "c", "b"] and answers.size == 80
    answers.once("whole", lambda: ("x" * 200, True))
    assert answers.size == 0


def test_a_real_tab_answers_the_same_from_memory():
    ask = handler(BY_NAME["masked"], Answers())
    choices = [control.default for control in BY_NAME["masked"].choices]
    one, other = (json.loads(ask("digits", "", 3, *choices)) for _ in range(2))
    assert one.pop("answer") < other.pop("answer") and one == other and one["strips"]
