"""The shell: sidebar, tabs, one tab view a tab, and the few lines that wire them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib.resources import files
from inspect import Parameter, Signature

import gradio as gr

from aedemo.page.assets import plotly_script
from aedemo.page.components import Payload, tab_view
from aedemo.page.components.markup import unbroken
from aedemo.page.opening import open_endpoint
from aedemo.page.renamed import VALUES, renamed
from aedemo.page.responses import cores
from aedemo.page.sidebar import SidebarSource, gallery_response, sidebar
from aedemo.page.tab import Tab
from aedemo.page.toolbar import toolbar
from aedemo.page.tour import Step, read_tour, tour_panel
from aedemo.page.uploaded import image_text
from aedemo.page.views import View, read_seed

FORMULAS = [{"left": "$$", "right": "$$", "display": True}, {"left": "$", "right": "$", "display": False}]


def build(
    tabs: Sequence[Tab], source: SidebarSource, endpoints: bool = True, steps: Sequence[Step] | None = None
) -> gr.Blocks:
    """The page as gr.Blocks, from the rows of its tabs and what the sidebar needs.

    endpoints: whether programs have theirs; steps: those of the guided tour, all unless given
    """
    gr.set_static_paths([plotly_script()])
    with gr.Blocks(title="aedemo", fill_width=True, analytics_enabled=False, delete_cache=(300, 3300)) as page:
        with gr.Row(elem_id="ae-shell"):
            sidebar(source)
            with gr.Column(elem_id="ae-main"):
                gr.HTML(toolbar(), elem_id="ae-top", apply_default_css=False)
                with gr.Tabs(elem_id="ae-tabs", selected=tabs[0].name, overflow_behavior="wrap"):
                    for tab in tabs:
                        add_tab(tab)
                tour_panel(FORMULAS, read_tour() if steps is None else steps)
        if endpoints:
            add_endpoints(tabs, source)
    return page


def add_endpoints(tabs: Sequence[Tab], source: SidebarSource) -> None:
    """What programs ask for by name, with typed inputs; the page itself asks for addresses (views.py)."""
    data, image = gr.Textbox(visible=False), gr.Textbox("", visible=False)
    seed, frame = gr.Number(0, visible=False), gr.Textbox("", visible=False)
    file = gr.File(type="binary", visible=False)
    for tab in tabs:
        if tab.payload:
            add_endpoint(tab, [data, image, seed], file)
    gr.on(
        [], lambda data: gallery_response(source, data), [data], [gr.Textbox(visible=False)], api_name="gallery",
        queue=False,
    )  # fmt: skip
    gr.on([], open_endpoint, [data, image, frame, file], [gr.Textbox(visible=False)], api_name="open", queue=False)


def add_tab(tab: Tab) -> None:
    """The claim, the tab view, the question to try; the longer explanation opens under the claim."""
    claim, longer, question = read_lesson(tab)
    opening = f"{claim}\n\n<details><summary>Explain</summary>\n\n{longer}\n\n</details>" if longer else claim
    # Rendered from the start, though hidden: sliders and zoom are still there when a person comes back.
    with gr.Tab(tab.title, id=tab.name, render_children=True) as item:
        gr.Markdown(opening, latex_delimiters=FORMULAS, elem_classes=["ae-lesson"])
        tab_view(tab.name, tab.skeleton())
        if question:
            gr.Markdown(question, latex_delimiters=FORMULAS, elem_classes=["ae-try"])
    item.select(None, js=f"() => aedemo.show({json.dumps(tab.name)})")


def add_endpoint(tab: Tab, identity: Sequence[gr.components.Component], file: gr.File) -> None:
    """What programs ask for by the tab's name; no event of the page does."""
    chosen = [gr.Textbox(control.default, label=control.label, visible=False) for control in tab.choices]
    response = gr.Textbox(visible=False)
    for name in (tab.name, *(old for old, new in VALUES.items() if new == tab.name)):
        gr.on([], endpoint(tab), [*identity, *chosen, file], [response], api_name=name, queue=False)


def endpoint(tab: Tab) -> Callable[..., str]:
    """The tab's payload function for programs, which returns JSON: (data, image="", seed=0, *choices, file=None)."""
    names = [control.name for control in tab.choices]

    def response(data: str, image: str = "", seed: float = 0, *given: str | bytes | None) -> str:
        chosen, file = renamed(dict(zip(names, given, strict=False))), given[len(names) :]
        try:
            number, shown = read_seed(seed) if tab.seeded else 0, image_text(image, *file)
        except ValueError as error:
            return Payload(message=str(error)).to_json()
        with cores():
            return View(tab, None, data, shown, number, chosen).payload().to_json()

    # Gradio names an endpoint's arguments after the function's.
    named = [("data", Parameter.empty), ("image", ""), ("seed", 0)]
    named += [(control.name, control.default) for control in tab.choices] + [("file", None)]
    response.__signature__ = Signature([Parameter(n, Parameter.POSITIONAL_OR_KEYWORD, default=d) for n, d in named])
    response.__doc__ = tab.payload.__doc__
    return response


def read_lesson(tab: Tab) -> tuple[str, str, str]:
    """lessons/<name>.md -> the claim with its first paragraph, the paragraphs after it, and the question to try, which
    stands under the last heading `## Try`."""
    place = files("aedemo") / "lessons" / f"{tab.name}.md"
    written = unbroken(place.read_text("utf-8")) if place.is_file() else f"# {tab.title}\n"
    words, _, question = written.partition("\n## Try\n")
    title, first, longer = (*words.strip().split("\n\n", 2), "", "")[:3]
    return f"{title}\n\n{first}".strip(), longer.strip(), question.strip()
