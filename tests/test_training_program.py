"""The program of a training run prints the errors that its replay has, at the same steps."""

import io
import runpy
import zipfile

import numpy as np
import pytest
from PIL import Image

from aedemo import uploads
from aedemo.explore.training import TrainingSettings, prepare, record
from aedemo.page.program import read_program, with_settings

RUNS = [
    {"variant": "linear", "optimizer": "momentum", "steps": 30},
    {"data": "moons", "variant": "shallow", "latent_dim": 1, "noise": 0.1, "optimizer": "sgd", "steps": 30},
    {"data": "swiss-roll", "activation": "sigmoid", "seed": 3, "steps": 40},
    {"variant": "deeper", "activation": "relu", "batch_size": 600, "steps": 40},
    {"data": "digits", "variant": "sparse", "hidden": 100, "steps": 30},
    {"data": "digits", "variant": "denoising", "corruption": "masking", "level": 0.4, "steps": 30},
    {"data": "custom", "steps": 20},
]


def printed(settings: TrainingSettings, folder, monkeypatch, capsys) -> list[str]:
    monkeypatch.chdir(folder)
    (folder / "view.py").write_text(with_settings(read_program("training"), settings.program()), "utf-8")
    runpy.run_path(str(folder / "view.py"))
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("given", RUNS, ids=str)
def test_it_prints_the_errors_of_the_replay(given, tmp_path, monkeypatch, capsys):
    settings, images = TrainingSettings(**given), None
    if settings.data == "custom":
        random, packed = np.random.default_rng(0), io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for k in range(12):
                file = io.BytesIO()
                Image.fromarray(random.integers(0, 256, (20, 24, 3), np.uint8)).save(file, "PNG")
                archive.writestr(f"{k}.png", file.getvalue())
        (tmp_path / "mine.zip").write_bytes(packed.getvalue())
        images = uploads.read_collection({"mine.zip": packed.getvalue()}).images
    run = record(prepare(settings, images))
    lines = printed(settings, tmp_path, monkeypatch, capsys)
    expected = [
        f"step {s.step}: training error {s.train_error:.4g}, test error {s.test_error:.4g}" for s in run.snapshots
    ]
    assert [line for line in lines if line.startswith("step")] == expected
    if settings.variant not in ("sparse", "denoising"):
        m = settings.latent_dim
        assert lines[0] == f"PCA, M = {m}: training error {run.setup.pca.train_errors[m]:.4g}"


def test_it_ends_where_the_error_is_not_finite(tmp_path, monkeypatch, capsys):
    settings = TrainingSettings(variant="linear", optimizer="sgd", learning_rate=10.0, steps=500)
    with pytest.raises(SystemExit, match=f"not finite after step {record(prepare(settings)).diverged}"):
        printed(settings, tmp_path, monkeypatch, capsys)


def test_it_is_short_and_has_the_settings_of_the_page():
    lines = [line for line in read_program("training").splitlines() if line]
    assert len(lines) < 60
    settings = TrainingSettings()
    assert with_settings(read_program("training"), settings.program()) == read_program("training")  # the same defaults
