"""Custom data sets: a folder of images becomes a row beside those of DATASETS.

Two texts describe one. `dataset.json`, which checkpoints keeps beside the sweeps and people publish with them, says
what the models see (rows.py). `own/<name>.json` in the data folder says where the images lie on this machine, and
which of them are for training (folders.py, layouts.py); it goes nowhere.
"""

from aedemo.custom.folders import Folder, Found, Scan, find, remember, remembered, scan
from aedemo.custom.layouts import Layout
from aedemo.custom.rows import from_json, make_row, shown_images, to_json

__all__ = [
    "Folder",
    "Found",
    "Layout",
    "Scan",
    "find",
    "from_json",
    "make_row",
    "remember",
    "remembered",
    "scan",
    "shown_images",
    "to_json",
]
