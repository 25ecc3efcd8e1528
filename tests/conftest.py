"""Fixtures of all tests below the page."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import torch  # seconds, which the process that hands out the tests need not wait; a fixture imports what it needs


def pytest_configure(config) -> None:
    """Tests run in a process a core, so each keeps to one thread, and so does every process that it starts.

    Said before those processes load their libraries: numpy and scikit-learn read it once, and ask torch nothing.
    """
    if config.option.numprocesses:
        os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture
def few_measurements(monkeypatch):
    """What is trained is measured under one mask a ratio and on two whole photographs: most of a short training."""
    evaluate = importlib.import_module("aedemo.training.evaluate")  # the package has a function of this name
    monkeypatch.setattr(evaluate, "MASKS", 1)
    monkeypatch.setattr(evaluate, "PHOTOGRAPHS", 2)


@pytest.fixture
def tmp_checkpoints(few_measurements, tmp_path, monkeypatch):
    """An empty folder of checkpoints and an empty cache, so that a test may train and write; returns the former."""
    monkeypatch.setenv("AEDEMO_CHECKPOINTS", str(tmp_path / "checkpoints"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "checkpoints"


@pytest.fixture
def custom_data(tmp_checkpoints, tmp_path, monkeypatch):
    """A tmp_checkpoints where no custom data set is known yet; returns an empty folder for images."""
    from aedemo import datasets
    from aedemo.explore.gallery import gallery

    monkeypatch.setenv("AEDEMO_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(datasets, "CUSTOM", {})
    for read in (datasets.load, datasets.load_inputs, datasets.test_sample, gallery):
        read.cache_clear()
    folder = tmp_path / "images"
    folder.mkdir()
    return folder


@pytest.fixture
def few_patches(monkeypatch):
    """Photographs in few patches, so that a test may train on them."""
    from aedemo import datasets

    monkeypatch.setattr(datasets, "TRAIN_PATCHES", 1000)
    monkeypatch.setattr(datasets, "TEST_PATCHES", 400)


@pytest.fixture(scope="session")
def digits() -> torch.Tensor:
    """Training images of digits, which scikit-learn carries: float32 (1437, 1, 8, 8) in [0, 1]."""
    from aedemo import datasets

    return datasets.load("digits", "train").images


@pytest.fixture
def generator() -> torch.Generator:
    import torch

    return torch.Generator().manual_seed(5)
