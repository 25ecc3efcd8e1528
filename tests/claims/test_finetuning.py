"""Section 19.1.5: what an encoder learned from images alone is worth something to a network with few labels."""

import pytest

from aedemo import checkpoints, datasets

FEW = 30  # labels per class


@pytest.mark.parametrize("dataset", [name for name in datasets.DATASETS if checkpoints.has_classifier(name)])
def test_with_few_labels_a_pretrained_encoder_beats_random_weights(dataset):
    """He et al. (2022), section 4: the same network, from each encoder of the sweep."""
    header = checkpoints.classifier_header(dataset)
    scratch = header.of("scratch", FEW).mean
    for ratio in checkpoints.load(dataset, "masked").values:
        for protocol in ("probe", "finetuned"):
            assert header.of(protocol, FEW, ratio).mean > scratch, (protocol, ratio)


@pytest.mark.parametrize("dataset", [name for name in datasets.DATASETS if checkpoints.has_classifier(name)])
def test_the_probe_is_best_on_an_encoder_that_had_to_guess_half_of_the_image_or_more(dataset):
    """He et al. (2022), figure 5, where 75 % is best: too easy an exercise teaches less."""
    header, ratios = checkpoints.classifier_header(dataset), checkpoints.load(dataset, "masked").values
    if min(ratios) >= 0.5:
        pytest.skip(f"no encoder of {dataset} was trained below 50 % yet")
    for labels in header.label_counts:
        best = max(ratios, key=lambda ratio: header.of("probe", labels, ratio).mean)
        assert 0.5 <= best <= 0.9, (labels, best)
