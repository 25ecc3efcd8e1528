"""All that the encoder is put to: a stopped training goes on, the file says everything, refusals are one sentence."""

import json
import re
from dataclasses import replace

import pytest
import torch

from aedemo import checkpoints, datasets, training
from aedemo.checkpoints import CheckpointError
from aedemo.models.classifier import Classifier
from aedemo.training import classifier
from aedemo.training.finetune import Experiment, FineTuning, accuracy, hyperparameters_of
from aedemo.training.labelled import class_names, draw, labelled
from tests.tables import config_of, fresh
from tests.test_bad_checkpoints import SPOILS
from tests.test_cli import say

STORED = [name for name in datasets.DATASETS if checkpoints.has_classifier(name)]
STEPS = 3
ENCODERS = (0.5, 0.75)


@pytest.fixture
def sweep(tmp_checkpoints, monkeypatch):
    """A tmp_checkpoints with two untrained encoders of digits, 20 images a class, 10 or all with labels, two seeds."""
    for ratio in ENCODERS:
        header = checkpoints.Header("digits", "masked", ratio, config_of("digits", "masked", ratio), {}, {}, 0)
        checkpoints.save(fresh("masked", setting=ratio), header)
    monkeypatch.setattr(classifier, "LABELS", (10, 1000))  # there are not 1,000 of a class
    monkeypatch.setattr(classifier, "SEEDS", (0, 1))
    monkeypatch.setattr(classifier, "labelled", lambda name, split: draw(labelled(name, split), 20, 0))
    return tmp_checkpoints / "digits" / "masked" / "classifier.safetensors"


def test_what_was_stopped_goes_on(sweep, monkeypatch):
    """Before the classifier is kept and after it, with the notes of the machine and with the file alone."""
    whole = trained()
    expected, weights = checkpoints.classifier_header("digits"), checkpoints.load_classifier("digits").state_dict()
    sweep.unlink()
    notes, real = training.unfinished_runs("digits") / "classifier.json", Experiment.fit
    left = []

    def stopped(self, *run):
        if not left.pop():
            raise KeyboardInterrupt
        return real(self, *run)

    monkeypatch.setattr(Experiment, "fit", stopped)
    done = []
    for fits, forgotten in ((0, False), (1, False), (3, True)):
        left[:] = [False, *[True] * fits]
        with pytest.raises(KeyboardInterrupt):
            done += trained(result for result in classifier.train("digits", steps=STEPS))
        assert len(json.loads(notes.read_text())) >= 8 and sweep.exists() == (fits > 0)
        if forgotten:  # as on another machine, to which only the checkpoints travel
            assert not checkpoints.classifier_header("digits").complete
            notes.unlink()
    monkeypatch.setattr(Experiment, "fit", real)
    rest = trained()
    assert rest == whole[8 + 4 :]  # eight probes, and the four that were learned
    assert checkpoints.classifier_header("digits") == expected and expected.complete and not notes.exists()
    again = checkpoints.load_classifier("digits").state_dict()
    assert all(torch.equal(value, again[name]) for name, value in weights.items())
    assert trained() == []


def trained(results=None) -> list[str]:
    """The runs that are trained, without their seconds."""
    results = classifier.train("digits", steps=STEPS) if results is None else results
    return [str(result).rsplit("  ", 1)[0] for result in results]


def test_probes_come_first_then_what_is_kept_then_seed_by_seed_and_the_file_is_no_run_and_holds_all_metrics(sweep):
    order = [re.split(r"  +", run) for run in trained()]
    assert [run[0].split()[0] for run in order[:8]] == ["probe"] * 8
    assert order[8][:3] == ["finetuned 0.75", "all labels", "seed 0"]
    assert [run[2] for run in order[9:]] == ["seed 0"] * 5 + ["seed 1"] * 6
    assert [run[:2] for run in order[9:14]] == [
        ["finetuned 0.5", "10 per class"], ["finetuned 0.75", "10 per class"], ["scratch", "10 per class"],
        ["finetuned 0.5", "all labels"], ["scratch", "all labels"],
    ]  # fmt: skip
    assert checkpoints.load("digits", "masked").values == ENCODERS and sweep.exists()
    header, model = checkpoints.classifier_header("digits"), checkpoints.load_classifier("digits")
    assert complete(header, ENCODERS) and header.label_counts == (10, None)
    assert (header.ratio, header.seed, header.classes) == (0.75, 0, tuple("0123456789"))
    assert header.accuracy == accuracy(model, classifier.labelled("digits", "test")) and header.recipe["few"] == STEPS
    assert model is checkpoints.load_classifier("digits")
    assert not model.training and not any(weight.requires_grad for weight in model.parameters())


@pytest.mark.parametrize("what", ["classifier", "all"])
def test_the_command_has_a_line_for_each_run(what, sweep, capsys, monkeypatch):
    monkeypatch.setattr(training, "train", lambda *_, **__: [])  # as if all sweeps were on disk
    arguments = ("train", what, "--data", "digits", "--steps", "1")
    status, out, _ = say(capsys, *arguments)
    line = r"digits/classifier  (probe|finetuned) 0\.7?5  (10 per class|all labels)  seed [01]  \d+\.\d %  \d+ s"
    lines = [row for row in out.splitlines() if "scratch" not in row]
    assert status == 0 and len(lines) == 16 and all(re.fullmatch(line, row) for row in lines)
    assert say(capsys, *arguments)[:2] == (0, "")


def test_a_classifier_is_never_stored_without_its_metrics(sweep, monkeypatch):
    kept = []

    def written(path, tensors, texts):
        kept.append(json.loads(texts["metrics"]))
        return real(path, tensors, texts)

    real = checkpoints.classifiers.write
    monkeypatch.setattr(checkpoints.classifiers, "write", written)
    trained()
    assert len(kept) == 12 and [len(rows) for rows in kept[:2]] == [5, 6]  # with four probes, and then the next run


def complete(header: checkpoints.ClassifierHeader, ratios: tuple[float, ...]) -> bool:
    """Whether there are three accuracies of each protocol, ratio and number of labels, and nothing else."""
    protocols = [(protocol, ratio) for protocol in ("probe", "finetuned") for ratio in ratios] + [("scratch", None)]
    found = [(row.protocol, row.ratio, row.labels) for row in header.metrics]
    shares = [share for row in header.metrics for share in row.accuracies]
    return (
        sorted(found, key=str)
        == sorted([(*protocol, count) for protocol in protocols for count in header.label_counts], key=str)
        and all(len(row.accuracies) == len(classifier.SEEDS) for row in header.metrics)
        and all(0 <= share <= 1 for share in shares)
    )


@pytest.mark.parametrize("dataset", STORED)
def test_the_stored_header_is_complete(dataset):
    header = checkpoints.classifier_header(dataset)
    ratios = checkpoints.load(dataset, "masked").values
    assert header.complete == complete(header, ratios)
    for ratio in ratios:  # what is shown of every data set, however far its training has come
        assert all(len(header.of("probe", count, ratio).accuracies) == 3 for count in header.label_counts)
    for count in (10, 30):
        assert header.of("finetuned", count, header.ratio) and header.of("scratch", count)
    assert header.label_counts[-1] is None and header.classes == class_names(dataset)
    assert FineTuning(**header.recipe) == hyperparameters_of(dataset)
    kept = header.of("finetuned", None, header.ratio).accuracies[header.seed]
    assert header.accuracy == pytest.approx(kept, abs=0.01)  # what rounding the weights may change


def test_stored_metrics_of_digits_are_measured_again():
    header, test = checkpoints.classifier_header("digits"), labelled("digits", "test")
    assert accuracy(checkpoints.load_classifier("digits"), test) == pytest.approx(header.accuracy, abs=0.003)
    encoder = checkpoints.load("digits", "masked")[header.ratio]
    experiment = Experiment(encoder, labelled("digits", "train"), test, hyperparameters_of("digits"))
    for count in header.label_counts:
        stored = header.of("probe", count, header.ratio).accuracies
        assert [experiment.probe(count, seed) for seed in classifier.SEEDS] == pytest.approx(stored, abs=0.006)


SPOILT = {name: corrupt for name, corrupt in SPOILS.items() if "tensor" not in name and "configuration of" not in name}


@pytest.mark.parametrize("corrupt", SPOILT.values(), ids=SPOILT)
def test_a_corrupt_file_is_named_with_what_to_do(corrupt, sweep):
    run, test = classifier.Run("finetuned", 0.75, None, 0), labelled("digits", "test")
    model = Classifier.from_encoder(checkpoints.load("digits", "masked")[0.75], 10)
    classifier.keep(model, "digits", run, hyperparameters_of("digits"), test, [run], {})
    assert checkpoints.load_classifier("digits")
    checkpoints.forget()
    corrupt(sweep)
    with pytest.raises(CheckpointError, match=r"masked/classifier\.safetensors.*aedemo train classifier --data digits"):
        checkpoints.load_classifier("digits")
    assert checkpoints.load("digits", "masked")[0.75]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "digits"], "no trained run of masked on digits yet; make one: aedemo train masked --data digits"),
        (["--data", "nonsense"], "'nonsense' is unknown; choose one of photos, mnist"),
        (["--data", "digits", "--seed", "3"], "leave --seed out"),
        (["--data", "digits", "--only", "0.75"], "leave --only out"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_refusal_is_one_sentence_and_nothing_is_read_or_written(
    arguments, message, tmp_checkpoints, capsys, monkeypatch
):
    monkeypatch.setattr(datasets, "load", lambda *_: pytest.fail("read"))
    status, out, err = say(capsys, "train", "classifier", *arguments)
    assert status == 2 and out == "" and message in err and err.startswith("aedemo: ") and err.count("\n") == 1
    assert not tmp_checkpoints.exists()


@pytest.mark.parametrize(("options", "message"), [({"steps": 0}, "steps"), ({"device": "abacus"}, "abacus")])
def test_what_cannot_be_trained_with_is_named(options, message, sweep):
    with pytest.raises(ValueError, match=message):
        list(classifier.train("digits", **options))
    assert not sweep.exists()


def test_a_data_set_of_one_class_is_refused(sweep, monkeypatch):
    one = replace(datasets.get("digits"), name="mine", classes=("cats",), recipes="digits")
    monkeypatch.setattr(datasets, "CUSTOM", {"mine": one})
    with pytest.raises(ValueError, match="mine has the one class cats"):
        classifier.check("mine")
