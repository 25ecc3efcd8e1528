"""The shell: rail, tabs, one scene a tab, and the few lines that wire them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib.resources import files
from inspect import Parameter, Signature

import gradio as gr

from aedemo.page.assets import plotly_script
from aedemo.page.components import Payload, scene
from aedemo.page.opening import open_endpoint
from aedemo.page.rail import RailSource, gallery_answer, rail
from aedemo.page.responses import cores
from aedemo.page.tab import Tab
from aedemo.page.toolbar import toolbar
from aedemo.page.uploaded import image_text
from aedemo.page.views import View, read_seed
from aedemo.page.way import dock

FORMULAS = [{"left": "$$", "right": "$$", "display": True}, {"left": "$", "right": "$", "display": False}]


def build(tabs: Sequence[Tab], source: RailSource) -> gr.Blocks:
    """The page as gr.Blocks, from the rows of its tabs and what the rail needs."""
    gr.set_static_paths([plotly_script()])
    with gr.Blocks(title="aedemo", fill_width=True, analytics_enabled=False, delete_cache=(300, 3300)) as page:
        # What programs send to the named endpoints, as typed inputs; the page itself asks for addresses (views.py).
        data, picture = gr.Textbox(visible=False), gr.Textbox("", visible=False)
        seed, frame = gr.Number(0, visible=False), gr.Textbox("", visible=False)
        file = gr.File(type="binary", visible=False)
        with gr.Row(elem_id="ae-shell"):
            rail(source)
            with gr.Column(elem_id="ae-main"):
                gr.HTML(toolbar(), elem_id="ae-top", apply_default_css=False)
                with gr.Tabs(elem_id="ae-tabs", selected=tabs[0].name, overflow_behavior="wrap"):
                    for tab in tabs:
                        add_tab(tab)
                dock(FORMULAS)
        for tab in tabs:
            add_endpoint(tab, [data, picture, seed], file)
        gr.on(
            [], lambda data: gallery_answer(source, data), [data], [gr.Textbox(visible=False)], api_name="gallery",
            queue=False,
        )  # fmt: skip
        gr.on(
            [], open_endpoint, [data, picture, frame, file], [gr.Textbox(visible=False)], api_name="open", queue=False
        )
    return page


def add_tab(tab: Tab) -> None:
    """Lesson, scene, question to try."""
    lesson, question = read_lesson(tab)
    # Rendered from the start, though hidden: sliders and zoom are still there when a person comes back.
    with gr.Tab(tab.title, id=tab.name, render_children=True) as item:
        gr.Markdown(lesson, latex_delimiters=FORMULAS, elem_classes=["ae-lesson"])
        scene(tab.name, tab.skeleton())
        if question:
            gr.Markdown(question, latex_delimiters=FORMULAS, elem_classes=["ae-try"])
    item.select(None, js=f"() => aedemo.show({json.dumps(tab.name)})")


def add_endpoint(tab: Tab, identity: Sequence[gr.components.Component], file: gr.File) -> None:
    """What programs ask for by the tab's name; no event of the page does."""
    chosen = [gr.Textbox(control.default, label=control.label, visible=False) for control in tab.choices]
    response = gr.Textbox(visible=False)
    gr.on([], endpoint(tab), [*identity, *chosen, file], [response], api_name=tab.name, queue=False)


def endpoint(tab: Tab) -> Callable[..., str]:
    """The tab's payload function for programs, answering in JSON: (data, picture="", seed=0, *choices, file=None)."""
    names = [control.name for control in tab.choices]

    def answer(data: str, picture: str = "", seed: float = 0, *given: str | bytes | None) -> str:
        chosen, file = dict(zip(names, given, strict=False)), given[len(names) :]
        try:
            number, image = read_seed(seed) if tab.seeded else 0, image_text(picture, *file)
        except ValueError as error:
            return Payload(message=str(error)).to_json()
        with cores():
            return View(tab, None, data, image, number, chosen).payload().to_json()

    # Gradio names an endpoint's arguments after the function's.
    named = [("data", Parameter.empty), ("picture", ""), ("seed", 0)]
    named += [(control.name, control.default) for control in tab.choices] + [("file", None)]
    answer.__signature__ = Signature([Parameter(n, Parameter.POSITIONAL_OR_KEYWORD, default=d) for n, d in named])
    answer.__doc__ = tab.payload.__doc__
    return answer


def read_lesson(tab: Tab) -> tuple[str, str]:
    """lessons/<name>.md -> (the words, the question to try, which stands under its last heading `## Try`)."""
    place = files("aedemo") / "lessons" / f"{tab.name}.md"
    written = place.read_text("utf-8") if place.is_file() else f"# {tab.title}\n"
    words, _, question = written.partition("\n## Try\n")
    return words.strip(), question.strip()
