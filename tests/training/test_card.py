"""The model card says what the headers say."""

from __future__ import annotations

import shutil

import pytest

from aedemo import checkpoints
from aedemo.training.card import render


def test_committed_card_is_what_the_headers_say():
    committed = (checkpoints.folder() / "README.md").read_text(encoding="utf-8")
    assert committed == render(), "checkpoints/README.md is out of date: run `aedemo card`"


def test_card_names_each_sweep_and_gives_each_run_its_row():
    blocks = render().split("\n### ")[1:]
    sweeps = [checkpoints.load(d, v) for d, variants in checkpoints.available().items() for v in variants]
    for block, sweep in zip(blocks, sweeps, strict=True):
        head, _, *rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len(rows) >= len(sweep.values)
        assert {row.replace(r"\|", "").count("|") for row in rows} == {head.replace(r"\|", "").count("|")}


def test_card_of_an_empty_folder(workshop):
    assert "no file yet" in render()


@pytest.mark.parametrize("variant", ["linear", "sparse", "denoising", "ppca"])
def test_card_of_one_sweep_alone(variant, workshop, monkeypatch):
    """Sweeps are trained one after another: what a table compares with may not be there yet."""
    with monkeypatch.context() as patch:
        patch.delenv("AEDEMO_CHECKPOINTS")
        stored = checkpoints.folder()
    shutil.copytree(stored / "digits" / variant, workshop / "digits" / variant)
    card = render()
    assert card.count("\n## ") == card.count("\n### ") == 1
    assert ("–" in card) == (variant in ("linear", "denoising"))
