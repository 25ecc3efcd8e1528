"""Ours beside what papers printed: read from the headers, and honest about what was not reached."""

from pathlib import Path

import pytest

from aedemo import checkpoints
from aedemo.checkpoints import Comparison, beside_published
from aedemo.checkpoints.published import PUBLISHED, Published
from aedemo.models import VARIANTS
from aedemo.page.readouts import published
from aedemo.training.card_tables import of_published
from tests.tables import SWEEPS

ROOT = Path(__file__).parents[1]

TRAINED = [row for row in PUBLISHED if (row.dataset, row.variant) in SWEEPS]


def a_row(**changes) -> Published:
    known = {"what": "test error", "ours": lambda sweep: 3.5, "value": 3.0, "source": "Somebody 2006", "goal": 3.2}
    return Published("digits", "deep", **(known | changes))


@pytest.mark.parametrize("row", TRAINED, ids=lambda row: f"{row.dataset}-{row.variant}-{row.what}")
def test_each_row_has_our_metric_and_a_source(row):
    (beside,) = [b for b in beside_published(row.dataset, row.variant) if b.published is row]
    assert beside.ours > 0 or row.value == 0
    assert row.source and row.variant in VARIANTS and f"{beside}".startswith(row.what)


@pytest.mark.parametrize(("ours", "reached"), [(3.0, True), (3.2, True), (3.21, False)])
def test_what_is_no_worse_than_the_goal_is_reached(ours, reached):
    beside = Comparison(a_row(), ours)
    assert beside.reached == reached


def test_a_baseline_is_neither_reached_nor_missed():
    beside = Comparison(a_row(goal=None), 3.5)
    assert beside.reached is None and f"{beside}" == "test error: 3.50 (Somebody 2006: 3.00)"


def test_shares_are_written_in_percent():
    assert f"{Comparison(a_row(percent=True, value=0.0135, goal=0.019), 0.0187)}" == (
        "test error: 1.87 % (Somebody 2006: 1.35 %)"
    )


def test_the_page_says_what_papers_printed_and_no_goals_of_this_project():
    drawn, named = published("mnist", "pca", "deep", "deeper"), published("mnist", "sparse", "pca", naming=True)
    assert "test error with 30 components: 13.87 (Hinton and Salakhutdinov 2006: 13.87)" in drawn
    assert "classes misclassified from raw pixels: 7.29 % (Makhzani and Frey 2014: 7.20 %)" in named
    assert "classes" not in drawn and "test error" not in named and "goal" not in drawn + named
    assert published("photos", "masked") == ""  # of which only goals are known


def test_what_is_not_trained_is_left_out(tmp_checkpoints):
    assert beside_published("mnist", *VARIANTS) == ()
    assert checkpoints.available() == {}


@pytest.mark.parametrize("dataset", sorted({row.dataset for row in TRAINED}))
def test_readme_has_the_same_metrics_as_the_model_card(dataset):
    (words,) = of_published(dataset, VARIANTS)
    table = words.partition("\n\n")[2].strip()
    for place in ("README.md", "checkpoints/README.md"):
        assert table in (ROOT / place).read_text("utf-8"), (
            f"`aedemo card` has them for checkpoints/, copy them to {place}"
        )
