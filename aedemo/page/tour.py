"""The guided tour of the chapter: eight steps, each predict, move, see, explain. Its texts are lessons/<n>-*.md."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from urllib.parse import parse_qsl

import gradio as gr

from aedemo.page.components.markup import element, words

PHASES = ("Predict", "Move", "See", "Explain")


@dataclass(frozen=True)
class Rule:
    """Which prediction is right, by the numbers that the page shows: `linear - pca: worse < -0.3 < the same < …`.

    reads: one readout, or two whose difference counts; options: from the smallest number to the largest, with the
        limits between them
    """

    reads: tuple[str, ...]
    options: tuple[str, ...]
    limits: tuple[float, ...]


@dataclass(frozen=True)
class Step:
    """One step of the tour.

    begin: what the page is brought to, as a link says it; move: the control that is to be moved, a key of a link
    words: Markdown, a heading `## …` for each of PHASES. What the page itself shows is written `{name}` between
        backticks: the value of a slider, the large line under a filmstrip (`{name.small}` the small one), or a text.
    right: None where no number decides
    """

    title: str
    begin: dict[str, str]
    move: str
    words: str
    right: Rule | None = None


@lru_cache(maxsize=1)
def read_tour() -> tuple[Step, ...]:
    """The steps in the order of their files' names; ValueError where one lacks a part."""
    pages = (file for file in (files("aedemo") / "lessons").iterdir() if re.match(r"\d-.*\.md$", file.name))
    return tuple(parse_step(file.name, file.read_text("utf-8")) for file in sorted(pages, key=lambda file: file.name))


def parse_step(name: str, text: str) -> Step:
    """One file of the tour; ValueError, naming it, where a part is missing."""
    form = re.match(r"<!-- begin: (\S+) -->\n<!-- move: (\S+) -->\n(?:<!-- right: (.+) -->\n)?# (.+)\n", text)
    if not form:
        raise ValueError(f"lessons/{name} begins otherwise than with <!-- begin: … -->, <!-- move: … -->, # title")
    if tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) != PHASES:
        raise ValueError(f"lessons/{name} has other headings than {', '.join(PHASES)}")
    begin, move, right, title = form.groups()
    rule = parse_rule(right) if right else None
    if rule and not set(rule.options) <= set(re.findall(r"^- (.+)$", text, re.MULTILINE)):
        raise ValueError(f"lessons/{name} calls a prediction right that it does not offer")
    return Step(title, dict(parse_qsl(begin, strict_parsing=True)), move, text[form.end() :].strip(), rule)


def parse_rule(text: str) -> Rule:
    """`first - second: option < limit < option …` as a Rule."""
    reads, _, scale = text.partition(": ")
    parts = scale.split(" < ")
    return Rule(tuple(reads.split(" - ")), tuple(parts[::2]), tuple(float(limit) for limit in parts[1::2]))


def tour_panel(formulas: list[dict], steps: Sequence[Step]) -> None:
    """The panel at the foot of the page: where one is, the words of all steps, of which tour.js shows one phase."""
    with gr.Column(elem_id="ae-tour"):
        gr.HTML(_frame(len(steps)), apply_default_css=False)
        text = "\n\n".join(f"# {step.title}\n\n{step.words}" for step in steps)
        gr.Markdown(text, latex_delimiters=formulas, elem_classes=["ae-tour-words"])


def _frame(count: int) -> str:
    phases = (element("button", words(phase), type="button", data_phase=number) for number, phase in enumerate(PHASES))
    steps = (
        element("button", str(number), type="button", data_step=number, aria_label=f"Step {number}")
        for number in range(count)
    )
    leave = element("button", "×", type="button", data_tour="leave", aria_label="Leave the guided tour")
    go = (
        element("button", words(title), type="button", data_tour=name)
        for name, title in (("back", "Back"), ("next", "Next"))
    )
    return element(
        "div",
        element("nav", *steps, class_="ae-tour-steps", aria_label="Steps"),
        element("p", class_="ae-tour-title", aria_live="polite"),
        element("nav", *phases, class_="ae-tour-phases", aria_label="Parts of this step"),
        element("div", *go, class_="ae-buttons"),
        leave,
        class_="ae-tour-frame",
    ) + element("div", class_="ae-tour-verdict", role="status", hidden=True)
