"""Sweeps on disk. `load(data set, variant)` gives a sweep, whose models and headers are read when they are asked for.

places.py owns the paths; runs.py a run's file, and weights.py how closely it holds them; measured.py what is measured
once a sweep; classifiers.py what the masked encoder was put to; published.py what papers printed; own_sets.py data sets
of one's own.
"""

from aedemo.checkpoints.classifiers import (
    Accuracies,
    ClassifierHeader,
    classifier_header,
    has_classifier,
    load_classifier,
    save_classifier,
    save_figures,
)
from aedemo.checkpoints.measured import (
    LatentMap,
    latent_maps,
    load_latent_map,
    load_test_errors,
    save_latent_map,
    save_test_errors,
)
from aedemo.checkpoints.own_sets import data_sets, make_known, save_data_set
from aedemo.checkpoints.places import CheckpointError, Setting, folder, path_of, setting_name
from aedemo.checkpoints.published import MASK_SAMPLING, MASK_SAMPLING_SOURCE, Beside, beside_published
from aedemo.checkpoints.runs import (
    Header,
    Sweep,
    available,
    build,
    forget,
    load,
    read_header,
    remove_sweeps,
    save,
    save_header,
)
from aedemo.checkpoints.strangers import STRANGERS_AT, STRANGERS_BY, STRANGERS_SHOWN
from aedemo.checkpoints.test_images import TestImages, has_test_images, save_test_images, test_images
from aedemo.checkpoints.weights import pack, unpack

__all__ = [
    "MASK_SAMPLING",
    "MASK_SAMPLING_SOURCE",
    "STRANGERS_AT",
    "STRANGERS_BY",
    "STRANGERS_SHOWN",
    "Accuracies",
    "Beside",
    "CheckpointError",
    "ClassifierHeader",
    "Header",
    "LatentMap",
    "Setting",
    "Sweep",
    "TestImages",
    "available",
    "beside_published",
    "build",
    "classifier_header",
    "data_sets",
    "folder",
    "forget",
    "has_classifier",
    "has_test_images",
    "latent_maps",
    "load",
    "load_classifier",
    "load_latent_map",
    "load_test_errors",
    "make_known",
    "pack",
    "path_of",
    "read_header",
    "remove_sweeps",
    "save",
    "save_classifier",
    "save_data_set",
    "save_figures",
    "save_header",
    "save_latent_map",
    "save_test_errors",
    "save_test_images",
    "setting_name",
    "test_images",
    "unpack",
]
