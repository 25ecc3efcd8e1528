"""Fixtures of all tests below the page."""

from __future__ import annotations

import pytest
import torch

from aedemo import datasets


@pytest.fixture
def workshop(tmp_path, monkeypatch):
    """An empty folder of checkpoints and an empty cache, so that a test may train and write; returns the former."""
    monkeypatch.setenv("AEDEMO_CHECKPOINTS", str(tmp_path / "checkpoints"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "checkpoints"


@pytest.fixture(scope="session")
def digits() -> torch.Tensor:
    """Training pictures of digits, which scikit-learn carries: float32 (1437, 1, 8, 8) in [0, 1]."""
    return datasets.load("digits", "train").images


@pytest.fixture
def generator() -> torch.Generator:
    return torch.Generator().manual_seed(5)
