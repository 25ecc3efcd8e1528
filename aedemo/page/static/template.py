"""The programs of a static edition: text with gaps, which static.js fills with what is chosen."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from aedemo.page.components import Offer
from aedemo.page.program import Settings, assigned, keys_of, literal, offers_of, read_program, shown_as
from aedemo.page.tab import Tab

DEPENDED_ON = ("DATA", "KIND", "VARIANT", "RUN", "AXES")


@dataclass(frozen=True)
class Template:
    """A program whose settings can be filled in elsewhere: text[0] + literal + text[1] + …, as static.js does it.

    names: of each setting its name, its key in links, and the literal that stands where nothing is chosen
    offered: of each name its values as the page shows them -> literals, over all data sets
    """

    text: tuple[str, ...]
    names: tuple[dict[str, str], ...]
    offered: dict[str, dict[str, str]]


def template(tab: Tab) -> Template:
    """The program of a tab's views of the gallery."""
    source = read_program(tab.name)
    lines = source.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, lines))]
    text, names, end = [], [], 0
    for node, name in assigned(source):
        first = starts[node.lineno - 1] + node.value.col_offset
        text.append(source[end:first])
        end = starts[node.lineno - 1] + node.value.end_col_offset
        names.append({"name": name, "literal": source[first:end]})
    defaults = {name: ast.literal_eval(node.value) for node, name in assigned(source)}
    for name, key in zip(names, keys_of(tab, defaults).values(), strict=True):
        name["key"] = key
    offered: dict[str, dict[str, str]] = {name: {} for name in defaults}
    _collect(offers_of(tab), tuple(defaults.items()), {}, offered)
    return Template((*text, source[end:]), tuple(names), offered)


def _collect(offers: Mapping[str, Offer], rest: Sequence[tuple[str, object]], chosen: Settings, offered: dict) -> None:
    """What is offered depends on what is chosen above it: all of DEPENDED_ON are tried, of others two."""
    if not rest:
        return
    (name, default), *below = rest
    values = offers[name](chosen) or (default,)
    offered[name] |= {shown_as(value): literal(value) for value in values}
    for value in values if name in DEPENDED_ON else values[:2]:
        _collect(offers, below, chosen | {name: value}, offered)
