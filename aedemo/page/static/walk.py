"""Walks through all that can be chosen on a tab, as the page itself does, and lists the documents that it asks for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from aedemo.page.components import Choice
from aedemo.page.static.on_demand import exported
from aedemo.page.tab import Part, Tab

Choices = Mapping[str, str]
Options = Mapping[str, Mapping]  # a document's "choices": name -> {options, chosen, hidden}


@dataclass(frozen=True)
class Request:
    """A document of a tab, or of a part of it, whatever the image: the choices that are not as the tab begins."""

    part: str
    choices: tuple[tuple[str, str], ...]

    @property
    def query(self) -> str:
        """As view.js writes it behind the image: "part=interpolation&target=7"."""
        pairs = [("part", self.part)] if self.part else []
        return "&".join(f"{name}={value}" for name, value in (*pairs, *self.choices))


@dataclass(frozen=True)
class Walk:
    """What a tab asks for: requests with a document of their own, and those that get the document of another one."""

    requests: tuple[Request, ...]
    aliases: Mapping[Request, Request]


def requests_of(tab: Tab, state: Choices) -> list[Request]:
    """What the page asks for in a state: the tab with all that parts cover as it begins, and those parts."""
    covered = {name for part in tab.parts for name in part.covers}
    changed = {c.name: state[c.name] for c in tab.choices if state[c.name] != c.default}
    asked = [Request("", tuple((name, value) for name, value in changed.items() if name not in covered))]
    for part in tab.parts:
        if any(name in changed for name in part.covers):
            asked.append(_of_part(part, changed))
    return asked


def walk(tab: Tab, images: list[str], read: Callable[[str, Request], Mapping]) -> Walk:
    """All requests of a tab over one data set.

    read(image, request) -> the document's payload as a dict. Images are looked at until one offers nothing that those
    before it did not: where another image is chosen, that is all of them.
    """
    asked: dict[Request, None] = {}
    aliases: dict[Request, Request] = {}
    own: set[Request] = set()
    for image in images:
        before = len(asked)
        for requests, filled in _states(tab, image, read, dict(aliases)):
            for request, other in zip(requests, filled, strict=True):
                asked[request] = None
                if request == other:
                    own.add(request)
                else:
                    aliases.setdefault(request, other)
        if image != images[0] and len(asked) == before:
            break
    return Walk(
        tuple(request for request in asked if request in own or request not in aliases),
        {request: other for request, other in aliases.items() if request not in own},
    )


def _states(
    tab: Tab, image: str, read: Callable[[str, Request], Mapping], known: Mapping[Request, Request]
) -> Iterator[tuple[list[Request], list[Request]]]:
    """What is asked in each state that clicks can reach, and the same after the page took over what the server chose.

    known: requests of another image that get the document of another one; they do so here too
    """
    waiting = deque([{choice.name: choice.default for choice in tab.choices}])
    seen = set()
    while waiting:
        state = waiting.popleft()
        requests = requests_of(tab, state)
        if tuple(requests) in seen or any(request in known for request in requests):
            continue
        seen.add(tuple(requests))
        payloads = [read(image, request) for request in requests]
        options = {name: found for payload in payloads for name, found in payload["choices"].items()}
        filled = state | {name: _chosen(found) for name, found in options.items()}
        yield requests, _same_parts(requests, requests_of(tab, filled))
        for part in dict.fromkeys(part for payload in payloads for part in payload["later"].values()):
            late = [_of_part(next(row for row in tab.parts if row.name == part), {})]
            yield late, late
        for choice in tab.choices:
            waiting.extend(filled | {choice.name: value} for value in _offered(tab, choice, options))


def _same_parts(requests: list[Request], filled: list[Request]) -> list[Request]:
    """Of what is asked after filling, that which answers each of `requests`."""
    by_part = {request.part: request for request in filled}
    return [by_part.get(request.part, request) for request in requests]


def _of_part(part: Part, changed: Choices) -> Request:
    return Request(part.name, tuple((name, changed[name]) for name in part.choices if name in changed))


def _chosen(found: Mapping) -> str:
    """The radio button that is checked; none where nothing is offered."""
    return found["chosen"] if found["chosen"] in [value for value, _ in found["options"]] else ""


def _offered(tab: Tab, choice: Choice, options: Options) -> list[str]:
    found = options.get(choice.name, {"options": choice.options, "hidden": False})
    values = [] if found["hidden"] else [value for value, _ in found["options"]]
    return [value for value in values if exported(tab.name, choice.name, value)]
