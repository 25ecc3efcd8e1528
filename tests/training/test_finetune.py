"""The encoder used to classify: who sees which labels, and what is learned of them."""

from dataclasses import replace

import pytest
import torch

from aedemo import checkpoints, datasets, training
from aedemo.models.classifier import Classifier
from aedemo.training import classifier, finetune
from aedemo.training.finetune import Experiment, accuracy, hyperparameters_of
from aedemo.training.labelled import Labelled, class_names, draw, labelled
from tests.tables import fresh

STEPS = 3


@pytest.fixture
def experiment(digits) -> Experiment:
    splits = [labelled("digits", split) for split in datasets.SPLITS]
    torch.manual_seed(0)
    return Experiment(fresh("masked", setting=0.75).eval(), *splits, hyperparameters_of("digits", STEPS))


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


def test_all_three_ways_learn_from_the_same_images(experiment, monkeypatch):
    seen = []

    def watched(data, count, seed):
        drawn = draw(data, count, seed)
        seen.append((drawn.labels.tolist(), len(drawn.images)))
        return drawn

    monkeypatch.setattr(finetune, "draw", watched)
    for protocol in checkpoints.classifiers.PROTOCOLS:
        experiment.accuracy(protocol, 10, 1)
    assert len(seen) == 3 and seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize("protocol", checkpoints.classifiers.PROTOCOLS)
def test_the_seed_decides_the_accuracy(protocol, experiment):
    torch.manual_seed(5)
    once = experiment.accuracy(protocol, 10, 1)
    torch.manual_seed(6)
    assert experiment.accuracy(protocol, 10, 1) == once and 0 <= once <= 1


def test_a_run_that_was_stopped_goes_on_to_the_same_weights(experiment, tmp_path, monkeypatch):
    """Wherever it was stopped, in fine-tuning with patch dropout too, of which the masks are random."""
    longer = replace(experiment, numbers=replace(hyperparameters_of("digits", 6), patch_dropout=0.5))
    whole, resume = longer.fit("finetuned", 10, 1).state_dict(), tmp_path / "state.pt"
    monkeypatch.setattr(finetune, "SAVE_EVERY", 0)
    for stop in (2, 4):
        step = finetune.write_state

        def stopped(path, state, generator, number, step=step, stop=stop):
            step(path, state, generator, number)
            if number == stop:
                raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(finetune, "write_state", stopped)
            with pytest.raises(KeyboardInterrupt):
                longer.fit("finetuned", 10, 1, resume)
        assert resume.exists()
    resumed = longer.fit("finetuned", 10, 1, resume).state_dict()
    assert all(torch.equal(value, resumed[name]) for name, value in whole.items()) and not resume.exists()


def test_patch_dropout_leaves_out_its_share_and_others_at_each_step(experiment, monkeypatch):
    seen, forward = [], Classifier.forward
    monkeypatch.setattr(
        Classifier, "forward", lambda model, x, visible=None: seen.append(visible) or forward(model, x, visible)
    )
    replace(experiment, numbers=replace(hyperparameters_of("digits", 3), patch_dropout=0.75)).fit("scratch", 10, 0)
    assert [indices.shape for indices in seen] == [(64, 4)] * 3  # of 16 patches
    assert all(len(set(row.tolist())) == 4 for indices in seen for row in indices)
    assert not torch.equal(seen[0], seen[1])
    seen.clear()
    replace(experiment, numbers=hyperparameters_of("digits", 2)).fit("scratch", 10, 0)
    assert seen == [None, None]


def test_a_classifier_that_sees_all_patches_one_by_one_answers_as_if_whole(experiment):
    model = experiment.fit("finetuned", 10, 0)
    x, every = experiment.test.images[:4], torch.arange(model.num_patches).expand(4, -1)
    with torch.no_grad():
        torch.testing.assert_close(model(x, every), model(x), atol=1e-5, rtol=1e-5)


def test_the_seed_decides_every_weight(experiment):
    one, again, other = (experiment.fit("finetuned", 10, seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(value, again[name]) for name, value in one.items())
    assert not torch.equal(one["head.weight"], other["head.weight"])


def test_descent_learns_the_classes_and_leaves_the_encoder_alone(experiment):
    encoder = checkpoints.load("digits", "masked")[0.75]
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    model = replace(experiment, encoder=encoder, numbers=hyperparameters_of("digits", 40)).fit("finetuned", 10, 0)
    assert not model.training and accuracy(model, draw(experiment.train, 10, 0)) > 0.9
    assert all(torch.equal(value, before[name]) for name, value in encoder.state_dict().items())


@pytest.mark.parametrize("steps", [1, 2, 3, 10, 20])
def test_however_few_the_steps_the_schedule_has_a_rate_for_each(steps, experiment):
    weights = replace(experiment, numbers=hyperparameters_of("digits", steps)).fit("scratch", 10, 0).state_dict()
    assert all(value.isfinite().all() for value in weights.values())


def test_the_probe_never_sees_the_test_labels(experiment):
    """Were they all wrong, the probe would answer as before, and be as wrong as they are."""
    right = experiment.probe(10, 0)
    turned = Labelled(experiment.test.images, (experiment.test.labels + 1) % 10, experiment.test.classes)
    assert right > 0.3 and replace(experiment, test=turned).probe(10, 0) < 1 - right


def test_the_class_other_is_no_class_of_photographs(monkeypatch):
    names = class_names("photos")
    assert len(names) == 9 and "other" not in names
    row = datasets.get("photos")
    number = {name: k for k, name in enumerate(row.classes)}
    images = torch.stack([torch.full((3, 70, 80), k, dtype=torch.uint8) for k in range(10)])
    monkeypatch.setattr(datasets, "load", lambda *_: datasets.Images(images, torch.arange(10)))
    data = labelled("photos", "test")
    assert data.images.shape == (9, 3, 96, 96) and data.classes == names
    for image, label in zip(data.images, data.labels.tolist(), strict=True):
        assert (image == number[names[label]]).all()


def test_other_numbers_or_another_encoder_do_not_go_on_from_it(experiment):
    done = classifier.ResultsFile(training.unfinished_runs("digits") / "classifier.json")
    run, scratch = classifier.Run("finetuned", 0.75, 10, 0), classifier.Run("scratch", None, 10, 0)
    other = replace(experiment, encoder=fresh("masked", seed=1, setting=0.75))
    longer = replace(experiment, numbers=hyperparameters_of("digits", 9))
    assert len({done.name(run, each) for each in (experiment, other, longer)}) == 3
    assert done.name(scratch, experiment) == done.name(scratch, other) != done.name(scratch, longer)
