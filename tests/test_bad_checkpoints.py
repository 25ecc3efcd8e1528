"""Bad input: a checkpoint that is missing, truncated, changed or of another version, and names that do not exist."""

import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from aedemo import checkpoints
from aedemo.checkpoints import CheckpointError, Header, LatentMap
from tests.tables import config_of, fresh


@pytest.fixture
def stored(tmp_checkpoints) -> Path:
    """A sweep of two runs; the file of the one at M = 2, which is then corrupt."""
    for setting in (1, 2):
        header = Header("digits", "linear", setting, config_of("digits", "linear", setting), {"test_error": 1.0}, {}, 0)
        path = checkpoints.save(fresh("linear", setting=setting), header)
    return path


def cut(share: float):
    return lambda path: path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])


def cut_last_byte(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def random_bytes(path: Path) -> None:
    generator = torch.Generator().manual_seed(0)
    path.write_bytes(bytes(torch.randint(256, (2000,), generator=generator).tolist()))


def rewrite(tensors: dict | None = None, drop: str | None = None, **metadata):
    """Writes the file again with other tensors, or other texts in its header; a text None leaves the entry out."""

    def corrupt(path: Path) -> None:
        with safe_open(path, framework="pt") as file:
            texts = file.metadata() | metadata
        kept = load_file(path) | (tensors or {})
        kept.pop(drop, None)
        save_file(kept, path, metadata={name: text for name, text in texts.items() if text is not None})

    return corrupt


def without_header(path: Path) -> None:
    save_file(load_file(path), path)


def page_of_a_proxy(path: Path) -> None:
    path.write_text("<html><body>404 not found</body></html>" * 50)


SPOILS = {
    "missing": Path.unlink,
    "empty": cut(0),
    "cut in the length of the header": lambda path: path.write_bytes(path.read_bytes()[:5]),
    "cut in the header": cut(0.1),
    "cut in the weights": cut(0.9),
    "cut by one byte": cut_last_byte,
    "random bytes": random_bytes,
    "a web page": page_of_a_proxy,
    "no header": without_header,
    "an older format": rewrite(format="aedemo 0"),
    "a newer format": rewrite(format="aedemo 3"),
    "no format": rewrite(format=None),
    "a tensor of the wrong shape": rewrite({"decoder.0.weight": torch.zeros(64, 5, dtype=torch.float16)}),
    "a tensor too many": rewrite({"extra": torch.zeros(3)}),
    "a tensor too few": rewrite(drop="encoder.0.bias"),
    "a header without configuration": rewrite(config=None),
    "a header that is no JSON": rewrite(metrics="{not json"),
    "a configuration of another network": rewrite(config=json.dumps({"latent_dim": 2, "depth": 4})),
    "a configuration of another size": rewrite(config=json.dumps({"latent_dim": 9})),
}


@pytest.mark.parametrize("corrupt", SPOILS.values(), ids=SPOILS)
def test_a_corrupt_file_is_named_with_what_to_do(corrupt, stored):
    corrupt(stored)
    with pytest.raises(CheckpointError) as error:
        checkpoints.read_header(stored)
        checkpoints.load("digits", "linear")[2]
    message = str(error.value)
    assert "002.safetensors" in message
    assert "aedemo train linear --data digits" in message
    assert str(stored.parent.parent.parent) not in message  # what a page_driver sees names no folder of the server


def test_an_intact_file_is_read(stored):
    assert checkpoints.load("digits", "linear")[2].encode(torch.rand(3, 1, 8, 8)).shape == (3, 2)


def test_a_file_deleted_after_the_sweep_was_opened_is_named(stored):
    sweep = checkpoints.load("digits", "linear")
    stored.unlink()
    with pytest.raises(CheckpointError, match=r"digits/linear/002.safetensors is missing"):
        sweep[2]


def test_the_other_sweeps_work_on(stored):
    header = Header("digits", "shallow", 1, config_of("digits", "shallow", 1), {}, {}, 0)
    checkpoints.save(fresh("shallow", setting=1), header)
    random_bytes(stored)
    with pytest.raises(CheckpointError):
        checkpoints.load("digits", "linear")
    assert checkpoints.load("digits", "shallow")[1].encode(torch.rand(2, 1, 8, 8)).shape == (2, 1)


def test_a_file_put_right_is_read_again(stored):
    """Somebody follows the advice while the page is open."""
    whole = stored.read_bytes()
    cut(0.9)(stored)
    with pytest.raises(CheckpointError):
        checkpoints.load("digits", "linear")
    stored.write_bytes(whole)
    assert checkpoints.load("digits", "linear")[2].encode(torch.rand(2, 1, 8, 8)).shape == (2, 2)


def test_a_sweep_that_was_never_trained_says_how_to_train_it(tmp_checkpoints):
    with pytest.raises(CheckpointError, match="aedemo train deep --data mnist"):
        checkpoints.load("mnist", "deep")
    with pytest.raises(CheckpointError, match="aedemo train deep --data mnist"):
        checkpoints.load_latent_map("mnist", "deep", 2)


@pytest.mark.parametrize(
    ("dataset", "variant", "exist"),
    [("nonsense", "linear", "photos, mnist, fashion, digits"), ("digits", "nonsense", "pca, linear, shallow, deep")],
)
def test_unknown_names_list_those_that_exist(dataset, variant, exist):
    with pytest.raises(ValueError, match=rf"'nonsense'.*{exist}"):
        checkpoints.load(dataset, variant)


@pytest.mark.parametrize("setting", [7, 2.5, "002", ("masking", 0.1)])
def test_an_unknown_setting_lists_those_that_exist(setting, stored):
    sweep = checkpoints.load("digits", "linear")
    for ask in (sweep.__getitem__, sweep.header):
        with pytest.raises(ValueError, match=r"digits/linear has no run at .*001, 002"):
            ask(setting)


MAP_SPOILS = {
    "missing": Path.unlink,
    "cut": cut(0.7),
    "random bytes": random_bytes,
    "another format": rewrite(format="aedemo 0"),
    "a tensor too few": rewrite(drop="002/codes"),
    "no labels": rewrite(drop="labels"),
    "a metric too few": rewrite(**{"002/trustworthiness": None}),
}


@pytest.mark.parametrize("corrupt", MAP_SPOILS.values(), ids=MAP_SPOILS)
def test_corrupt_latent_maps_are_named_with_what_to_do(corrupt, stored):
    pairs = {name: torch.rand(5, 2) for name in ("codes", "colours", "axes", "components")}
    whole = {name: torch.arange(5) for name in ("indices", "labels", "units")}
    latent = LatentMap(**pairs, **whole, mean=torch.rand(2), trustworthiness=1, knn_accuracy=1, test_error=1)
    corrupt(checkpoints.save_latent_map("digits", "linear", 2, latent))
    with pytest.raises(CheckpointError, match=r"latent-maps\.safetensors.*aedemo train linear --data digits"):
        checkpoints.load_latent_map("digits", "linear", 2)
    assert checkpoints.load("digits", "linear")[2].encode(torch.rand(3, 1, 8, 8)).shape == (3, 2)
