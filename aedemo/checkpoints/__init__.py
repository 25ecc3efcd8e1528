"""Sweeps on disk. `load(data set, variant)` gives a sweep, whose models and headers are read when they are asked for.

paths.py owns the paths; runs.py reads and writes a run's file; weights.py packs its weights; measured.py holds what is
measured once per sweep; replays.py how a run was trained; classifiers.py the fine-tuned encoders; published.py what
papers printed; custom_sets.py custom data sets; format_1.py the names in files of earlier releases.
"""

from aedemo.checkpoints.classifiers import (
    Accuracies,
    ClassifierHeader,
    classifier_header,
    has_classifier,
    load_classifier,
    save_classifier,
    save_metrics,
)
from aedemo.checkpoints.custom_sets import data_sets, make_known, save_data_set
from aedemo.checkpoints.measured import (
    LatentMap,
    latent_maps,
    load_latent_map,
    load_test_errors,
    save_latent_map,
    save_test_errors,
)
from aedemo.checkpoints.out_of_distribution import OOD_BOTTLENECK, OOD_VARIANTS
from aedemo.checkpoints.paths import CheckpointError, Setting, folder, has_runs, path_of, setting_name, sweep_folder
from aedemo.checkpoints.published import MASK_SAMPLING, MASK_SAMPLING_SOURCE, Comparison, beside_published
from aedemo.checkpoints.replays import TrainingReplay, has_replay, load_replay, save_replay
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
from aedemo.checkpoints.test_images import TestImages, has_test_images, save_test_images, test_images
from aedemo.checkpoints.weights import pack, unpack

__all__ = [
    "MASK_SAMPLING",
    "MASK_SAMPLING_SOURCE",
    "OOD_BOTTLENECK",
    "OOD_VARIANTS",
    "Accuracies",
    "CheckpointError",
    "ClassifierHeader",
    "Comparison",
    "Header",
    "LatentMap",
    "Setting",
    "Sweep",
    "TestImages",
    "TrainingReplay",
    "available",
    "beside_published",
    "build",
    "classifier_header",
    "data_sets",
    "folder",
    "forget",
    "has_classifier",
    "has_replay",
    "has_runs",
    "has_test_images",
    "latent_maps",
    "load",
    "load_classifier",
    "load_latent_map",
    "load_replay",
    "load_test_errors",
    "make_known",
    "pack",
    "path_of",
    "read_header",
    "remove_sweeps",
    "save",
    "save_classifier",
    "save_data_set",
    "save_header",
    "save_latent_map",
    "save_metrics",
    "save_replay",
    "save_test_errors",
    "save_test_images",
    "setting_name",
    "sweep_folder",
    "test_images",
    "unpack",
]
