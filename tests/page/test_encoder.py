"""Transfer, as a person sees it: the predicted class, bars, curves, and the sentence without a classifier."""

import re
from dataclasses import replace

import numpy as np
import pytest
import torch

from aedemo import checkpoints
from aedemo.models.classifier import Classifier
from aedemo.page import encoder
from aedemo.page.theme import CLASSES
from tests.explore.reference import ALL_DATASETS, identity
from tests.tables import fresh

TRAINED = [name for name in ALL_DATASETS if checkpoints.has_classifier(name)]
STEPS = {"few": 300, "scratch": 1200, "full": 1500}
each_trained = pytest.mark.parametrize("dataset", TRAINED)


@each_trained
def test_the_longest_bar_is_the_class_that_is_named(dataset):
    figures, texts = encoder.parts(dataset, identity(dataset), 0.75)
    (trace,) = figures["probabilities"].to_payload()["data"]
    values = dict(zip(trace["y"], trace["x"], strict=True))
    assert sum(values.values()) == pytest.approx(100, abs=0.01)
    best, second = sorted(values, key=values.get)[:-3:-1]
    assert texts["named"] == f"{best}, {values[best]:.0f} %"
    assert texts["named-words"].startswith(f"Then {second}," if values[second] >= 0.5 else "The encoder")
    assert set(trace["marker"]["color"]) <= set(CLASSES)
    assert len(set(trace["marker"]["color"])) == len(values)  # a colour each


@each_trained
def test_curves_have_a_point_for_each_number_of_labels_and_each_ratio(dataset):
    figures, texts = encoder.parts(dataset, identity(dataset), 0.75)
    header = checkpoints.classifier_header(dataset)
    by_labels, by_ratio = figures["labels"].to_payload(), figures["by-ratio"].to_payload()
    assert [trace["name"] for trace in by_labels["data"]] == ["fine-tuned", "linear probe", "from scratch"]
    for trace in by_labels["data"]:
        assert trace["x"][-1] == "all" or not header.complete
        assert all(name.isdecimal() for name in trace["x"] if name != "all")
        assert len(trace["y"]) == len(trace["x"]) and np.all(np.array(trace["y"]) > 100 / len(header.classes))
        assert len(trace["x"]) == len(header.label_counts) or not header.complete
    assert by_labels["layout"]["xaxis"]["categoryarray"][-1] == "all"
    ratios = sorted({row.ratio for row in header.metrics if row.ratio})
    assert all(trace["x"] == [100 * ratio for ratio in ratios] for trace in by_ratio["data"])
    assert bool(by_ratio["data"]) == (len(ratios) > 1)  # one point is no curve
    assert f"{100 * header.accuracy:.1f} %" in texts["named-words"]


@pytest.mark.parametrize("dataset", [name for name in TRAINED if len(checkpoints.classifier_header(name).ratios) > 1])
def test_the_best_ratio_is_where_the_curve_of_the_probe_is_highest(dataset):
    figures, texts = encoder.parts(dataset, identity(dataset), 0.75)
    lines = {trace["name"]: trace for trace in figures["by-ratio"].to_payload()["data"]}
    best = [
        lines[name]["x"][np.argmax(lines[name]["y"])] for name in ("linear probe, 30 per class", "linear probe, all")
    ]
    first, _, rest = texts["by-ratio-words"].partition(". ")
    said = [float(number) for number in re.findall(r"([\d.]+) %", first)]
    assert said == (best if best[0] != best[1] else best[:1])
    sweep = checkpoints.load(dataset, "masked")
    steps = {f"{sweep.header(ratio).recipe['steps']:,} steps" for ratio in sweep.values}
    assert ("More than the ratio differs" in rest) == (len(steps) > 1)
    assert len(steps) == 1 or all(words in rest for words in steps)


def save(labels: tuple[int | None, ...], ratios: tuple[float, ...]) -> None:
    """A classifier of digits that learned nothing, as if measured with so many labels and encoders."""
    model = Classifier.from_encoder(fresh("masked", setting=0.75), 10)
    figures = tuple(
        checkpoints.Accuracies(protocol, ratio, count, (0.5,))
        for count in labels
        for protocol in checkpoints.classifiers.PROTOCOLS
        for ratio in ((None,) if protocol == "scratch" else ratios)
    )
    header = checkpoints.ClassifierHeader(
        "digits", tuple("0123456789"), model.config, STEPS, figures, ratio=0.75, seed=0, accuracy=0.5
    )
    checkpoints.save_classifier(model, header, torch.float16)


def test_of_classes_of_few_images_all_labels_are_the_fewest(tmp_checkpoints):
    save((None,), (0.5, 0.75))
    shown, texts = encoder.parts("digits", identity("digits"), 0.5)
    assert "trained at 75 %" in texts["named-words"] and "trained at 50 %" in texts["labels-words"]
    assert "with all labels 50.0 % fine-tuned" in texts["labels-words"]
    assert texts["labels-words"].endswith("from scratch. Both learned in 1,500 gradient steps.")
    assert [line["name"] for line in shown["by-ratio"].to_payload()["data"]] == ["fine-tuned, all", "linear probe, all"]


def test_where_one_ratio_was_trained_the_page_says_where_more_are_compared(tmp_checkpoints):
    save((10, None), (0.75,))
    shown, texts = encoder.parts("digits", identity("digits"), 0.75)
    assert shown["by-ratio"].to_payload()["data"] == [] and shown["labels"].to_payload()["data"]
    assert texts["by-ratio-words"].startswith("This encoder was trained at 75 % alone. In the literature")
    assert "300 gradient steps, from scratch 1,200; with all labels in 1,500." in texts["labels-words"]


def test_what_is_trained_so_far_is_shown_with_its_seeds(tmp_checkpoints):
    save((10, None), (0.75,))
    figures = [
        row
        for row in checkpoints.classifier_header("digits").metrics
        if (row.protocol, row.labels) != ("scratch", None)
    ]
    figures[0] = replace(figures[0], accuracies=(0.5, 0.6))  # the probe with 10 labels per class
    checkpoints.save_metrics("digits", tuple(figures))
    shown, texts = encoder.parts("digits", identity("digits"), 0.75)
    lines = {line["name"]: line for line in shown["labels"].to_payload()["data"]}
    assert lines["from scratch"]["x"] == ["10"] and lines["linear probe"]["x"] == ["10", "all"]
    assert lines["linear probe"]["y"] == pytest.approx([55, 50])
    assert texts["labels-words"].count("Not all is trained yet") == 1
    assert "fine-tuned 1 seed, linear probe 1 to 2 seeds, from scratch 1 seed" in texts["labels-words"]


def test_without_a_classifier_the_page_says_how_to_make_one(tmp_checkpoints):
    figures, texts = encoder.parts("digits", "", 0.75)
    assert all(figure.to_payload()["data"] == [] for figure in figures.values())
    assert "aedemo train classifier --data digits" in texts["transfer"]
    assert not any(texts[name] for name in encoder.WORDS)
