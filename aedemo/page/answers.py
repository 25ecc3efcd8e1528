"""Finished answers, kept for everybody: what is asked about a picture of the gallery is computed once, whoever asks.

Kept in memory alone, and never what a person made: no picture of their own, no mask made by hand.
"""

from __future__ import annotations

import json
import os
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import cache
from threading import BoundedSemaphore, Lock

from aedemo.page.components import Payload
from aedemo.page.tab import Tab

MAX_SEED = 2**32 - 1
MOST = 128 * 2**20  # bytes: some 300 answers
NAME = re.compile(r"[\w.:-]{0,60}")  # of a gallery's picture or of an option; a picture as text has other signs


@cache
def cores() -> BoundedSemaphore:
    """Entered by whoever computes or reads a file: no more do so at a time than there are cores."""
    return BoundedSemaphore(os.cpu_count() or 1)


class Answers:
    """Answers as JSON, of which those not asked for longest go when they would fill more than `most` bytes.

    Whoever asks what is being computed already waits for that answer: a class that opens the page computes once.
    Computed is one after the other, so that those who came first have theirs soon.
    """

    def __init__(self, most: int = MOST):
        self.most, self.size = most, 0
        self._lock = Lock()
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._under_way: dict[str, Future] = {}

    def answer(self, tab: Tab, data: str, picture: str, seed: int, chosen: Mapping[str, str]) -> str:
        """What a tab shows, as JSON; a ValueError, and only that, becomes its sentence for a person."""
        if not for_everybody(tab, data, picture, chosen):
            return self._compute(tab, data, picture, seed, chosen)[0]
        question = json.dumps([tab.name, data, picture, seed, *chosen.items()])  # new runs are read at the next start
        return self.once(question, lambda: self._compute(tab, data, picture, seed, chosen))

    def _compute(self, tab: Tab, data: str, picture: str, seed: int, chosen: Mapping[str, str]) -> tuple[str, bool]:
        """An answer with a sentence is not kept: somebody may do what it advises."""
        with cores():
            try:
                payload = tab.payload(data, picture, seed, **chosen)
            except ValueError as error:
                payload = Payload(message=str(error))
            return payload.to_json(), payload.message is None

    def once(self, question: str, compute: Callable[[], tuple[str, bool]]) -> str:
        """The answer to a question; `compute` gives it, and says whether it may be kept."""
        with self._lock:
            if question in self._kept:
                self._kept.move_to_end(question)
                return self._kept[question]
            turn = self._under_way.get(question)
            mine = turn is None
            if mine:
                turn = self._under_way[question] = Future()
        if not mine:
            return turn.result()
        try:
            answer, lasting = compute()
        except BaseException as error:
            self._finish(question)
            turn.set_exception(error)
            raise
        self._finish(question, answer if lasting else None)
        turn.set_result(answer)
        return answer

    def _finish(self, question: str, answer: str | None = None) -> None:
        with self._lock:
            del self._under_way[question]
            if answer is None:
                return
            self._kept[question] = answer
            self.size += len(question) + len(answer)  # both are ASCII: a byte a character
            while self.size > self.most:
                self.size -= sum(map(len, self._kept.popitem(last=False)))


def read_seed(value: object) -> int:
    """A seed as a person or a program gives it; ValueError where it is no whole number in range."""
    try:
        number = float(value)
        if not number.is_integer() or not 0 <= number <= MAX_SEED:
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"seed is {value!r}; take a whole number from 0 to {MAX_SEED}") from None
    return int(number)


def for_everybody(tab: Tab, data: str, picture: str, chosen: Mapping[str, str]) -> bool:
    """Whether others may be given this answer: a gallery picture's, with nothing in it that a person made."""
    made = any(chosen.get(control.name) for control in tab.choices if control.made)
    named = picture == "" or picture.startswith("gallery:")
    return named and not made and all(map(NAME.fullmatch, (data, picture, *chosen.values())))
