"""README's variant of one's own: class, row and recipe, as they stand there, make a sweep that the page shows."""

import json
import re
from pathlib import Path

import pytest
import torch

import aedemo
from aedemo import checkpoints, models, training
from aedemo.page.shell import endpoint
from aedemo.page.theme import OTHERS, colour, variant_css
from aedemo.training.recipes import RECIPES
from tests.page.slots import BY_NAME

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


@pytest.fixture
def tied(tmp_checkpoints, monkeypatch):
    """The example trained for some steps at M = 2, beside PCA's sweep of the same M."""
    [block] = [text for text in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "class Tied" in text]
    exec(block, known := {"__name__": "example"})
    monkeypatch.setitem(models.VARIANTS, "tied", known["row"])
    monkeypatch.setitem(RECIPES["digits"], "tied", known["recipe"])
    list(training.train("digits", "pca", settings=(2, 64)))
    list(training.train("digits", "tied", settings=(2,), steps=300))
    return known


def test_the_example_of_a_variant_is_trained_measured_loaded_and_shown(tied, digits):
    sweep = aedemo.load("digits", "tied")
    model = sweep[2]
    assert isinstance(model, tied["Tied"]) and sweep.axis == "latent_dim"
    z = model.encode(digits[:4])
    drawn = model.decode(z).flatten(1) - model.output_bias
    assert z.shape == (4, 2) and torch.allclose(drawn, z @ model.encoder.weight, atol=1e-5)

    errors = {variant: aedemo.load("digits", variant).header(2).metrics["test_error"] for variant in ("pca", "tied")}
    assert errors["pca"] * 0.999 < errors["tied"] < 2 * errors["pca"]  # it is linear: at best it is PCA
    assert "tied" in checkpoints.available()["digits"]

    tab = BY_NAME["latent"]
    chosen = {control.name: control.default for control in tab.choices} | {"variant": "tied"}
    answer = json.loads(endpoint(tab)("digits", "", 0, *chosen.values(), None))
    assert answer["message"] is None and answer["choices"]["variant"]["chosen"] == "tied"
    assert ["tied", "Tied weights"] in answer["choices"]["variant"]["options"]
    assert answer["texts"]["which"].startswith("Tied weights, M = 2")


def test_the_example_stands_on_compare_and_on_your_image(tied):
    """From its class, its row and its recipe alone, at the one M that is trained here."""
    shown = {}
    for name in ("compare", "your_image"):
        tab = BY_NAME[name]
        chosen = [control.default for control in tab.choices]
        shown[name] = json.loads(endpoint(tab)("digits", "", 0, *chosen, None))
        assert 'data-name="reconstruction-tied"' in tab.skeleton()
        assert shown[name]["filmstrips"]["reconstruction-tied"]["frames"] >= 1
    assert shown["compare"]["texts"]["psnr-tied"][0].endswith(" dB")
    assert shown["compare"]["texts"]["to-tied-reconstruction"][0] == "tab=latent&variant=tied&run=002"
    assert colour("tied") in OTHERS and "--v-tied:" in variant_css()
