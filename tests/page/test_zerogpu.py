"""A ZeroGPU Space: one function is registered where its package is there. Not tried on such a Space itself."""

import runpy
import sys
from types import ModuleType

import pytest
import torch

from aedemo.explore.accelerator import accelerator
from aedemo.page import zerogpu
from tests.test_imports import ROOT

FAKE = """found = []

def GPU(function):
    found.append(function)
    return function
"""


@pytest.fixture
def spaces(tmp_path, monkeypatch):
    """A package `spaces` that keeps what is registered, as the real one's decorator does."""
    (tmp_path / "spaces.py").write_text(FAKE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "spaces", raising=False)
    yield lambda: sys.modules["spaces"].found
    sys.modules.pop("spaces", None)


def test_one_function_is_registered_before_the_page_opens(spaces, monkeypatch):
    page = ModuleType("aedemo.page")
    page.zerogpu, page.launch = zerogpu, lambda: opened.append(list(spaces()))
    monkeypatch.setitem(sys.modules, "aedemo.page", page)
    opened = []
    runpy.run_path(str(ROOT / "app.py"), run_name="__main__")
    assert opened == [[accelerator]]


def test_it_names_the_accelerator(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert accelerator() == "cpu"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "H200")
    assert accelerator() == "H200"


def test_elsewhere_nothing_is_registered():
    assert zerogpu.register() is None
