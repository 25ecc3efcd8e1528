"""Checkpoints of earlier releases: the same weights and metrics under the names of then are read as they are now."""

import json
import re

import pytest
import torch
from safetensors.torch import load_file, save_file

from aedemo import checkpoints
from aedemo.checkpoints import format_1
from aedemo.checkpoints.paths import beside, metadata_of

THEN = {new: old for old, new in format_1.KEYS.items()} | {"knn_accuracy": "neighbour_accuracy"}
MODULES_THEN = (
    ("patch_embed.", "embed."), ("decoder_embed.", "to_decoder."), ("decoder_pred.", "draw."),
    ("fc_norm.", "output.0."), (r"^head\.", "output.1."), (r"\.attn\.qkv\.", ".qkv."), (r"\.attn\.proj\.", ".project."),
    (r"\.mlp\.fc1\.", ".mlp.0."), (r"\.mlp\.fc2\.", ".mlp.2."), ("^masking-", "zeroing-"),
)  # fmt: skip


def then(value):
    """A header with the names that format 1 had."""
    if isinstance(value, dict):
        return {re.sub(r"^masking(?=[-_])", "zeroing", THEN.get(key, key)): then(item) for key, item in value.items()}
    if isinstance(value, list):
        return [then(item) for item in value]
    return "zeroing" if value == "masking" else value


def aged(path, target):
    """Write a file as the release before wrote it."""
    texts = {key: text for key, text in metadata_of(path).items() if key != "format"}
    texts = {key: json.dumps(then(json.loads(text))) for key, text in texts.items()}
    texts = {THEN.get(key, key): text for key, text in texts.items()}
    tensors = {}
    for name, value in load_file(path).items():
        for now, old in MODULES_THEN:
            name = re.sub(now, old, name)
        tensors[name] = value
    target.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, target, metadata={**texts, "format": format_1.FORMAT})


@pytest.mark.parametrize(
    ("variant", "setting", "folder", "name"),
    [
        ("masked", 0.75, "masked", "0.75"),
        ("deeper", 2, "stack", "002"),
        ("denoising", ("masking", 0.1), "denoising", "zeroing-0.1"),
        ("pca", 30, "pca", "030"),
    ],
)
def test_a_run_of_format_1_is_the_run_of_now(variant, setting, folder, name, tmp_path, monkeypatch):
    sweep = checkpoints.load("digits", variant)
    header, weights = sweep.header(setting), sweep[setting].state_dict()
    aged(checkpoints.path_of("digits", variant, setting), tmp_path / "digits" / folder / f"{name}.safetensors")
    monkeypatch.setenv("AEDEMO_CHECKPOINTS", str(tmp_path))
    old = checkpoints.load("digits", variant)
    assert old.values == (setting,) and old.header(setting) == header
    for tensor, value in old[setting].state_dict().items():
        assert torch.equal(value, weights[tensor])


def test_a_classifier_of_format_1_is_the_one_of_now(tmp_path, monkeypatch):
    header, weights = checkpoints.classifier_header("digits"), checkpoints.load_classifier("digits").state_dict()
    aged(beside("digits", "masked", "classifier"), tmp_path / "digits" / "masked" / "classifier.safetensors")
    monkeypatch.setenv("AEDEMO_CHECKPOINTS", str(tmp_path))
    assert checkpoints.classifier_header("digits") == header
    old = checkpoints.load_classifier("digits").state_dict()
    assert all(torch.equal(old[name], value) for name, value in weights.items())


def test_latent_maps_of_format_1_have_the_names_of_now(tmp_path, monkeypatch):
    now = checkpoints.latent_maps("digits", "deeper")
    aged(beside("digits", "deeper", "latent-maps"), tmp_path / "digits" / "stack" / "latent-maps.safetensors")
    monkeypatch.setenv("AEDEMO_CHECKPOINTS", str(tmp_path))
    old = checkpoints.latent_maps("digits", "deeper")
    assert old.keys() == now.keys()
    assert all(old[name].knn_accuracy == now[name].knn_accuracy for name in now)
