"""Whatever a person brings becomes a picture that the models know: the only door for uploads, in two steps.

`read` opens a file, whatever it is (files.py); `steps` and `for_dataset` make of the picture what the models of a data
set see (framing.py). `read_collection` takes many files at once, as small images to train on (collection.py).
"""

from aedemo.pictures.collection import Collection, read_collection
from aedemo.pictures.files import from_data_uri, read, to_data_uri
from aedemo.pictures.framing import PHOTO_SIDE, Step, for_dataset, resize, square, steps

__all__ = [
    "PHOTO_SIDE",
    "Collection",
    "Step",
    "for_dataset",
    "from_data_uri",
    "read",
    "read_collection",
    "resize",
    "square",
    "steps",
    "to_data_uri",
]
