"""README's lines of Python do what they say: run one after another, as a reader would."""

import re
from pathlib import Path

import pytest
from PIL import Image
from skimage import data

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_every_block_runs_and_a_file_gives_the_same_error_from_python_and_over_http(server, tmp_path, monkeypatch):
    Image.fromarray(data.coffee()).save(tmp_path / "mine.png")
    monkeypatch.chdir(tmp_path)
    known = {}
    for block in BLOCKS:
        exec(block.replace("http://127.0.0.1:7860/", server.url), known)
    shown = known["response"]["texts"]["mse-deep"][list(known["sweep"].values).index(10)]
    assert float(shown.removeprefix("MSE ")) == pytest.approx(known["error"], abs=1e-5)
    assert known["response"]["message"] is None
    known["client"].close()
    assert len(BLOCKS) >= 3


def test_every_endpoint_that_it_names_exists(server):
    from aedemo.page.tabs import TABS

    for tab in TABS:
        assert f"`/{tab.name}`" in README
        assert f"**{tab.title}**" in README
