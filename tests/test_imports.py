"""Imports run one way (aedemo/README.md): page -> explore -> training -> the packages that both are made of."""

import ast
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "aedemo"
FILES = sorted(PACKAGE.rglob("*.py"))

BELOW = {"atomic", "checkpoints", "models", "datasets", "corruption", "uploads", "custom"}
MAY_IMPORT = {
    "corruption": set(),
    "atomic": set(),
    "uploads": {"datasets"},
    "datasets": set(),
    "models": {"corruption"},
    "custom": {"atomic", "datasets", "uploads"},  # makes a row of a folder of images; checkpoints keeps its description
    "checkpoints": {"atomic", "models", "datasets", "custom"},
    "training": BELOW,  # knows nothing of explore, which watches it
    "explore": BELOW | {"training"},
    "lessons": set(),
    "programs": BELOW - {"custom"},  # what a student's program may
    "page": BELOW | {"explore", "lessons", "programs"},
    "__init__": {"checkpoints", "explore", "uploads"},
    "__main__": {"checkpoints", "datasets", "models", "training", "page"},
}
ONLY_IN = {"gradio": {"page"}, "plotly": {"page"}, "matplotlib": set(), "pickle": set()}


def package_of(path: Path) -> str:
    """aedemo/page/shell.py -> "page", aedemo/corruption.py -> "corruption"."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


@cache
def imported(path: Path) -> set[str]:
    """Dotted names of all that a file imports, at its top or within a function; "aedemo.models.dense.Linear" too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = [] if not node.level else list(path.relative_to(ROOT).parts[: -node.level])
            base = ".".join([*package, *([node.module] if node.module else [])])
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_package_imports_only_what_lies_below_it(path):
    assert package_of(path) in MAY_IMPORT, f"say in aedemo/README.md what {package_of(path)} may import"
    packages = {name.split(".")[1] for name in imported(path) if name.startswith("aedemo.")}
    packages &= {package_of(other) for other in FILES}  # names like aedemo.__version__ are no packages
    assert packages - {package_of(path)} <= MAY_IMPORT[package_of(path)]


@pytest.mark.parametrize("library", ONLY_IN)
def test_only_the_page_knows_its_libraries(library):
    users = {package_of(path) for path in FILES if any(name.split(".")[0] == library for name in imported(path))}
    assert users <= ONLY_IN[library]


def test_the_page_holds_no_tensor():
    page = [path for path in FILES if package_of(path) == "page"]
    assert [path.name for path in page if any(name.split(".")[0] == "torch" for name in imported(path))] == []


def test_imports_are_seen_wherever_they_stand(tmp_path):
    """The reader of imports itself, on each form."""
    path = PACKAGE / "page" / "made_up.py"
    text = "import a.b\nfrom . import c\nfrom ..models import d\ndef f():\n    from aedemo import training\n"
    tree = tmp_path / "made_up.py"
    tree.write_text(text)

    class Here(type(path)):
        def read_text(self, **_):
            return text

    expected = {"a.b", "aedemo.page.c", "aedemo.models.d", "aedemo.training"}
    assert imported(Here(path)) == expected


WATCH = """
import json, sys
opened = []
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        opened.append(arguments[0])
    if event in ("socket.connect", "subprocess.Popen"):
        opened.append(event)
import sklearn.decomposition, sklearn.manifold, sklearn.model_selection, sklearn.neighbors, torch, PIL.Image, tqdm
sys.addaudithook(hook)
import aedemo, importlib
for name in MODULES:
    importlib.import_module(name)
caches = [getattr(f, "cache_info")().currsize for m in list(sys.modules.values()) if m.__name__.startswith("aedemo")
          for f in vars(m).values() if hasattr(f, "cache_info")]
print(json.dumps([opened, caches, [n for n in ("gradio", "plotly", "torchvision") if n in sys.modules]]))
"""


def test_importing_opens_no_data_and_loads_no_model():
    # Programs are run and never imported.
    files = [path.relative_to(ROOT) for path in FILES if package_of(path) not in ("page", "programs", "__main__")]
    modules = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in files]
    done = subprocess.run(
        [sys.executable, "-c", WATCH.replace("MODULES", repr(modules))],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    opened, caches, heavy = json.loads(done.stdout.splitlines()[-1])
    data = (".safetensors", ".gz", ".tar", ".jpg", ".png", ".npz", "-ubyte")
    assert [name for name in opened if name.endswith(data)] == []
    assert [name for name in opened if name in ("socket.connect", "subprocess.Popen")] == []
    assert caches and set(caches) == {0}
    assert heavy == []


def test_no_private_name_is_imported_from_another_module():
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            private = [name for name in names if name.startswith("_") and not name.startswith("__")]
            assert not private, f"{path.name} imports {', '.join(private)} from {node.module}"
