"""The commands `aedemo train`, `aedemo evaluate` and `aedemo card`."""

import runpy
import sys

import pytest
import torch

from aedemo import checkpoints, training
from aedemo.__main__ import main


def say(capsys, *arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of one command."""
    status = main(list(arguments))
    captured = capsys.readouterr()
    return status, captured.out, captured.err.split("\r")[-1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "nonsense", "--data", "digits"], "'nonsense' is unknown; choose one of pca, linear"),
        (["train", "linear", "--data", "nonsense"], "'nonsense' is unknown; choose one of photos, mnist"),
        (["train", "all", "--data", "nonsense"], "'nonsense' is unknown; choose one of photos, mnist"),
        (["train", "linear", "--data", "digits", "--only", "007"], "no setting '007'; choose one of 001, 002"),
        (["train", "linear", "--data", "digits", "--steps", "0"], "steps"),
        (["train", "linear", "--data", "digits", "--device", "abacus"], "abacus"),
        (["evaluate", "nonsense", "--data", "digits"], "'nonsense' is unknown; choose one of pca, linear"),
        (["evaluate", "all", "--data", "nonsense"], "'nonsense' is unknown; choose one of photos, mnist"),
        (["evaluate", "deep", "--data", "digits"], "aedemo train deep --data digits"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_is_one_sentence_and_exit_status_2(arguments, message, tmp_checkpoints, capsys):
    status, out, err = say(capsys, *arguments)
    assert status == 2 and out == ""
    assert message in err and err.startswith("aedemo: ") and err.count("\n") == 1
    assert not tmp_checkpoints.exists()


def test_python_m_aedemo_exits_with_2(tmp_checkpoints, monkeypatch, capsys):
    """As `python -m` runs it, but within this process; tests/training/test_folder.py has one of its own."""
    monkeypatch.setattr(sys, "argv", ["aedemo", "train", "nonsense", "--data", "digits"])
    with pytest.warns(RuntimeWarning, match="sys.modules"), pytest.raises(SystemExit) as stop:
        runpy.run_module("aedemo", run_name="__main__")
    captured = capsys.readouterr()
    assert stop.value.code == 2 and captured.out == ""
    assert captured.err.startswith("aedemo: variant 'nonsense' is unknown; choose one of ")


@pytest.mark.parametrize("arguments", [["train"], ["train", "linear"], ["fly"]], ids=" ".join)
def test_a_command_that_lacks_something_is_refused_with_a_usage_line(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2 and "usage: aedemo" in capsys.readouterr().err


def test_train_writes_a_file_and_evaluate_finds_its_metrics_again(tmp_checkpoints, capsys):
    assert say(capsys, "train", "pca", "--data", "digits", "--only", "002")[0] == 0
    status, out, _ = say(capsys, "train", "linear", "--data", "digits", "--only", "002", "--steps", "50")
    assert status == 0 and out.startswith("digits/linear/002  ") and "test_error" in out
    file = tmp_checkpoints / "digits" / "linear" / "002.safetensors"
    assert checkpoints.read_header(file).recipe["steps"] == 50
    status, out, _ = say(capsys, "evaluate", "linear", "--data", "digits")
    assert status == 0 and out.startswith("digits/linear/002  as stored  ") and out.count("\n") == 1


def test_train_computes_with_zero_instead_of_denormal_numbers(tmp_checkpoints, capsys, monkeypatch):
    tiny, seen = torch.full((3,), 1e-40), []
    monkeypatch.setattr(training, "train", lambda *_, **__: seen.append((tiny * 0.5).count_nonzero().item()) or ())
    say(capsys, "train", "pca", "--data", "digits", "--only", "002")
    assert seen == [0]
    assert (tiny * 0.5).count_nonzero() == 3  # and nothing else does


def test_evaluate_says_where_the_weights_are_not_those_that_were_measured(tmp_checkpoints, capsys):
    say(capsys, "train", "pca", "--data", "digits", "--only", "002", "003")
    file = tmp_checkpoints / "digits" / "pca" / "003.safetensors"
    header = checkpoints.read_header(file)
    model = checkpoints.load("digits", "pca")[2]
    corrupt = type(header)(**(vars(header) | {"setting": 5, "config": {"latent_dim": 2}}))
    checkpoints.save(model, corrupt)
    checkpoints.forget()
    _, out, _ = say(capsys, "evaluate", "pca", "--data", "digits")
    verdicts = [line.split("  ")[:2] for line in out.splitlines()]
    assert verdicts == [
        ["digits/pca/002", "as stored"],
        ["digits/pca/003", "as stored"],
        ["digits/pca/005", "differs from the header"],
    ]


def test_train_goes_on_where_it_was_stopped_and_does_nothing_when_all_is_there(tmp_checkpoints, capsys):
    only = ["--only", "001", "003"]
    assert say(capsys, "train", "pca", "--data", "digits", *only)[1].count("\n") == 2
    assert say(capsys, "train", "pca", "--data", "digits", *only)[1] == ""
    _, out, _ = say(capsys, "train", "pca", "--data", "digits", "--only", "001", "005")
    assert out.startswith("digits/pca/005") and out.count("\n") == 1


def test_card_writes_the_model_card(tmp_checkpoints, capsys):
    say(capsys, "train", "pca", "--data", "digits", "--only", "003")
    status, out, _ = say(capsys, "card")
    card = tmp_checkpoints / "README.md"
    assert status == 0 and out.strip() == str(card) and "PCA" in card.read_text(encoding="utf-8")
