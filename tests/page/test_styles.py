"""The style sheets: each class and id that they name is made by the page, by Gradio, Plotly or KaTeX."""

import ast
import re

from aedemo.page.assets import HERE

COMMENT, BODY = re.compile(r"/\*.*?\*/", re.S), re.compile(r"\{[^{}]*\}")
OTHERS = re.compile(
    "katex|modebar|gradio|html-container|tab-container|tabitem|theme-toggle|nsewdrag|plot-container|svg-container|"
    "main-svg|(selected|main|wrap|contain)$"
)
ENDINGS = re.compile(r"ae-(stage|drawn)-\w+")  # made of a stage's kind, or of a figure's


def python_strings() -> list[str]:
    files = (path for path in HERE.parent.rglob("*.py") if path.name != "renamed.py")
    trees = (ast.parse(path.read_text("utf-8")) for path in files)
    found = [node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [value for value in found if isinstance(value, str) and ". " not in value]  # sentences are no names


def test_no_style_is_for_a_class_that_nothing_has():
    scripts = [path.read_text("utf-8") for path in HERE.glob("*.js")]
    quoted = [text for script in scripts for text in re.findall(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`", script)]
    words = set(re.findall(r"[\w-]+", "\n".join([*python_strings(), *quoted])))
    for sheet in sorted(HERE.glob("*.css")):
        selectors = BODY.sub("", COMMENT.sub("", sheet.read_text("utf-8")))
        named = {name for name in re.findall(r"[.#]([a-z][\w-]*)", selectors) if not OTHERS.match(name)}
        unused = {name for name in named - words if not ENDINGS.fullmatch(name)}
        assert not unused, f"{sheet.name}: nothing has {', '.join(sorted(unused))}"
