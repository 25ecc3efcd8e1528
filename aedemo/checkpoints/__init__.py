"""Sweeps on disk. `load(data set, variant)` gives a sweep, whose models and headers are read when they are asked for.

places.py owns the paths; runs.py a run's file, and weights.py how closely it holds them; measured.py what is measured
once a sweep; published.py what papers printed; own_sets.py data sets of one's own.
"""

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
from aedemo.checkpoints.published import Beside, beside_published
from aedemo.checkpoints.runs import Header, Sweep, available, build, forget, load, read_header, remove_sweeps, save
from aedemo.checkpoints.weights import pack, unpack

__all__ = [
    "Beside",
    "CheckpointError",
    "Header",
    "LatentMap",
    "Setting",
    "Sweep",
    "available",
    "beside_published",
    "build",
    "data_sets",
    "folder",
    "forget",
    "latent_maps",
    "load",
    "load_latent_map",
    "load_test_errors",
    "make_known",
    "pack",
    "path_of",
    "read_header",
    "remove_sweeps",
    "save",
    "save_data_set",
    "save_latent_map",
    "save_test_errors",
    "setting_name",
    "unpack",
]
