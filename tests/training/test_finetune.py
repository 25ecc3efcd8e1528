"""The encoder put to work: who sees which labels, and what is learned of them."""

from dataclasses import replace

import pytest
import torch

from aedemo import checkpoints, datasets, training
from aedemo.training import classifier, finetune
from aedemo.training.finetune import Bench, accuracy, numbers_of
from aedemo.training.labelled import Labelled, class_names, draw, labelled
from tests.tables import fresh

STEPS = 3


@pytest.fixture
def bench(digits) -> Bench:
    splits = [labelled("digits", split) for split in datasets.SPLITS]
    torch.manual_seed(0)
    return Bench(fresh("masked", setting=0.75).eval(), *splits, numbers_of("digits", STEPS))


@pytest.mark.parametrize("seed", [0, 1])
def test_labels_are_balanced_nested_and_follow_the_seed(seed):
    data = labelled("digits", "train")
    ten, thirty = (draw(data, count, seed) for count in (10, 30))
    assert ten.labels.bincount().tolist() == [10] * 10 and thirty.labels.bincount().tolist() == [30] * 10
    assert rows(ten) <= rows(thirty) <= rows(data)
    assert rows(ten) == rows(draw(data, 10, seed)) != rows(draw(data, 10, seed + 1))
    assert draw(data, None, seed) is data


def rows(data: Labelled) -> set:
    return {(x.numpy().tobytes(), int(y)) for x, y in zip(data.images, data.labels, strict=True)}


def test_all_three_ways_learn_from_the_same_pictures(bench, monkeypatch):
    seen = []

    def watched(data, count, seed):
        drawn = draw(data, count, seed)
        seen.append((drawn.labels.tolist(), len(drawn.images)))
        return drawn

    monkeypatch.setattr(finetune, "draw", watched)
    for way in checkpoints.classifiers.WAYS:
        bench.accuracy(way, 10, 1)
    assert len(seen) == 3 and seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize("way", checkpoints.classifiers.WAYS)
def test_the_seed_decides_the_accuracy(way, bench):
    torch.manual_seed(5)
    once = bench.accuracy(way, 10, 1)
    torch.manual_seed(6)
    assert bench.accuracy(way, 10, 1) == once and 0 <= once <= 1


def test_the_seed_decides_every_weight(bench):
    one, again, other = (bench.fit("finetuned", 10, seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(value, again[name]) for name, value in one.items())
    assert not torch.equal(one["output.1.weight"], other["output.1.weight"])


def test_descent_learns_the_classes_and_leaves_the_encoder_alone(bench):
    encoder = checkpoints.load("digits", "masked")[0.75]
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    model = replace(bench, encoder=encoder, numbers=numbers_of("digits", 40)).fit("finetuned", 10, 0)
    assert not model.training and accuracy(model, draw(bench.train, 10, 0)) > 0.9
    assert all(torch.equal(value, before[name]) for name, value in encoder.state_dict().items())


@pytest.mark.parametrize("steps", [1, 2, 3, 10, 20])
def test_however_few_the_steps_the_schedule_has_a_rate_for_each(steps, bench):
    weights = replace(bench, numbers=numbers_of("digits", steps)).fit("scratch", 10, 0).state_dict()
    assert all(value.isfinite().all() for value in weights.values())


def test_the_probe_never_sees_the_test_labels(bench):
    """Were they all wrong, the probe would answer as before, and be as wrong as they are."""
    right = bench.probe(10, 0)
    turned = Labelled(bench.test.images, (bench.test.labels + 1) % 10, bench.test.classes)
    assert right > 0.3 and replace(bench, test=turned).probe(10, 0) < 1 - right


def test_the_class_other_is_no_class_of_photographs(monkeypatch):
    names = class_names("photos")
    assert len(names) == 9 and "other" not in names
    row = datasets.get("photos")
    number = {name: k for k, name in enumerate(row.classes)}
    images = torch.stack([torch.full((3, 70, 80), k, dtype=torch.uint8) for k in range(10)])
    monkeypatch.setattr(datasets, "load", lambda *_: datasets.Pictures(images, torch.arange(10)))
    data = labelled("photos", "test")
    assert data.images.shape == (9, 3, 64, 64) and data.classes == names
    for picture, label in zip(data.images, data.labels.tolist(), strict=True):
        assert (picture == number[names[label]]).all()


def test_other_numbers_or_another_encoder_do_not_go_on_from_it(bench):
    done = classifier.Done(training.unfinished_runs("digits") / "classifier.json")
    run, scratch = classifier.Run("finetuned", 0.75, 10, 0), classifier.Run("scratch", None, 10, 0)
    other = replace(bench, encoder=fresh("masked", seed=1, setting=0.75))
    longer = replace(bench, numbers=numbers_of("digits", 9))
    assert len({done.name(run, each) for each in (bench, other, longer)}) == 3
    assert done.name(scratch, bench) == done.name(scratch, other) != done.name(scratch, longer)
