"""What a code is worth to somebody who wants the classes: one logistic layer on it, trained with all labels.

The usual test of a representation, as in Makhzani and Frey, k-Sparse autoencoders (2014): the autoencoder is
frozen, and scikit-learn's multinomial logistic regression learns the classes from codes of the training images.
"""

from __future__ import annotations

import warnings

import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from torch import nn

from aedemo import datasets
from aedemo.models import VARIANTS, Denoising, Sparse

PROBED = (Sparse, Denoising)  # those whose code is a wide representation
ITERATIONS, STRENGTH = 200, 0.05  # of L-BFGS; scikit-learn's C


def probed(dataset: str, variant: str) -> bool:
    """Whether a variant's codes are probed: patches and images of one class have nothing to tell apart."""
    if VARIANTS[variant].model not in PROBED or datasets.get(dataset).patchwise:
        return False
    return len(datasets.load_inputs(dataset, "train").labels.unique()) > 1


@torch.no_grad()
def probe_error(model: nn.Module | None, dataset: str) -> float:
    """Fraction of the test images that logistic regression misclassifies; model None: it sees the pixels themselves."""
    train, test = (datasets.load_inputs(dataset, split) for split in datasets.SPLITS)
    z, test_z = (images.flatten(1) if model is None else model.encode(images) for images in (train.images, test.images))
    scale = z.std()  # of all units alike: to stretch each to its own would make much of those that hardly come on
    layer = LogisticRegression(C=STRENGTH, max_iter=ITERATIONS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early is part of the recipe
        layer.fit((z / scale).numpy(), train.labels.numpy())
    return 1 - float(layer.score((test_z / scale).numpy(), test.labels.numpy()))
