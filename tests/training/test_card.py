"""The model card is what the program writes from the headers, nothing else."""

import pytest

from aedemo import checkpoints, datasets, training
from aedemo.training.card import render


def test_the_stored_card_is_the_rendered_one():
    card = (checkpoints.folder() / "README.md").read_text(encoding="utf-8")
    assert card == render(), "run `aedemo card`"


@pytest.mark.parametrize("dataset", ["digits"])
def test_a_card_shows_the_metrics_of_each_run(dataset, tmp_checkpoints):
    empty = render()
    assert datasets.get(dataset).title not in empty
    list(training.train(dataset, "pca", settings=(2, 5)))
    card = render()
    assert datasets.get(dataset).title in card and datasets.get(dataset).licence in card
    for setting in (2, 5):
        error = checkpoints.load(dataset, "pca").header(setting).metrics["test_error"]
        assert f"{error:.3g}" in card or f"{error:.4g}" in card or f"{error:.3f}" in card
    assert card == render()
