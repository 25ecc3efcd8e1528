"""The names in files of format "aedemo 1" and what they are called now, so that earlier checkpoints can be read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

FORMAT = "aedemo 1"
VARIANTS = {"stack": "deeper"}  # in paths, the folder of a sweep
NOISES = {"zeroing": "masking"}  # in the file names of a denoiser's runs
MODULES = (  # in the name of a tensor
    (r"^embed\.", "patch_embed."),
    (r"^to_decoder\.", "decoder_embed."),
    (r"^draw\.", "decoder_pred."),
    (r"^output\.0\.", "fc_norm."),
    (r"^output\.1\.", "head."),
    (r"blocks\.(\d+)\.qkv\.", r"blocks.\1.attn.qkv."),
    (r"blocks\.(\d+)\.project\.", r"blocks.\1.attn.proj."),
    (r"blocks\.(\d+)\.mlp\.0\.", r"blocks.\1.mlp.fc1."),
    (r"blocks\.(\d+)\.mlp\.2\.", r"blocks.\1.mlp.fc2."),
    (r"^zeroing-", "masking-"),  # of a latent map: the name of its run
)
KEYS = {  # in a header
    "figures": "metrics",
    "width": "embed_dim",
    "heads": "num_heads",
    "decoder_width": "decoder_embed_dim",
    "decay": "layer_decay",
    "strength": "C",
    "way": "protocol",
    "strangers_found": "ood_found",
    "mean_fill_error_at": "mean_imputation_error_at",
}


def earlier(names: Mapping[str, str], name: str) -> str:
    """What one of these names was then; itself where it has not changed."""
    return next((old for old, new in names.items() if new == name), name)


def tensor_name(name: str) -> str:
    """The name of a tensor now."""
    for old, new in MODULES:
        name = re.sub(old, new, name)
    return name


def metadata(texts: Mapping[str, str]) -> dict[str, str]:
    """A file's header with the names of now."""
    return {_key(key): _translated(value) for key, value in texts.items()}


def _translated(text: str) -> str:
    try:
        return json.dumps(_value(json.loads(text)))
    except ValueError:  # no JSON: the format, a corrupt header
        return text


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return {_key(key): _value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_value(item) for item in value]
    return NOISES.get(value, value) if isinstance(value, str) else value


def _key(key: str) -> str:
    key = re.sub(r"^zeroing(?=[-_])", "masking", key)
    return KEYS.get(key, key.replace("neighbour_accuracy", "knn_accuracy"))
