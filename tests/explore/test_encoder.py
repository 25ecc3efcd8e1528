"""The encoder used to classify: what the classifier says of an image, and the metrics that the page plots."""

import numpy as np
import pytest
import torch

from aedemo import checkpoints, datasets
from aedemo.explore.encoder import FEW, encoder
from aedemo.explore.masked import model_image
from tests.explore.reference import ALL_DATASETS, identity

TRAINED = [name for name in ALL_DATASETS if checkpoints.has_classifier(name)]
each_trained = pytest.mark.parametrize("dataset", TRAINED)


@each_trained
def test_probabilities_are_the_softmax_of_the_stored_classifier(dataset):
    view = encoder(dataset, identity(dataset))
    model = checkpoints.load_classifier(dataset)
    with torch.no_grad():
        logits = model(model_image(dataset, identity(dataset)))[0].double().numpy()
    expected = np.exp(logits - logits.max())
    np.testing.assert_allclose(view.probabilities, expected / expected.sum(), atol=1e-5)
    assert set(view.classes) <= set(datasets.get(dataset).classes) and len(view.classes) == len(view.probabilities)


@each_trained
def test_curves_are_the_metrics_in_the_header(dataset):
    view, header = encoder(dataset, identity(dataset)), checkpoints.classifier_header(dataset)
    assert view.accuracy == header.accuracy and view.ratio in view.ratios
    assert [protocol.protocol for protocol in view.protocols] == ["finetuned", "probe", "scratch"]
    for protocol in view.protocols:
        ratio = None if protocol.protocol == "scratch" else view.ratio
        for labels, accuracies in zip(protocol.labels, protocol.accuracies, strict=True):
            (stored,) = [
                row.accuracies
                for row in header.metrics
                if (row.protocol, row.ratio, row.labels) == (protocol.protocol, ratio, labels)
            ]
            assert accuracies == protocol.at(labels) == stored and all(0 < share <= 1 for share in stored)
        np.testing.assert_allclose(protocol.means, [np.mean(shares) for shares in protocol.accuracies])
        assert protocol.labels == view.labels or not header.complete
    for k, protocol in enumerate(("finetuned", "probe")):
        for j, labels in enumerate((FEW, None)):
            means = [np.mean(header.of(protocol, labels, ratio).accuracies) for ratio in view.ratios]
            np.testing.assert_allclose(view.by_ratio[k, j], means)


@each_trained
def test_another_ratio_changes_the_curves_and_not_the_reconstruction(dataset):
    views = [encoder(dataset, identity(dataset), ratio) for ratio in (0.0, 1.0)]
    np.testing.assert_array_equal(views[0].probabilities, views[1].probabilities)
    assert [view.ratio for view in views] == [min(views[0].ratios), max(views[0].ratios)]


def test_without_a_classifier_there_is_no_view(tmp_checkpoints):
    assert encoder("digits", "") is None
    with pytest.raises(ValueError, match="unknown"):
        encoder("nothing", "")
