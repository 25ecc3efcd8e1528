"""Whatever a person brings becomes an image that the models know: the only door for uploads, in two steps.

`read` opens a file, whatever it is (files.py), and `open_image` also says what was done to it; `propose` guesses where
in the image the thing stands (a `Frame`, frame.py), and `steps` and `for_dataset` make of that part what the models of
a data set see (framing.py). `read_collection` takes many files at once, as small images to train on (collection.py).
"""

from aedemo.uploads.collection import MAX_FILES, Collection, read_collection
from aedemo.uploads.files import OpenedImage, from_data_uri, open_data_uri, open_image, read, to_data_uri
from aedemo.uploads.frame import Frame
from aedemo.uploads.framing import PHOTO_SIDE, Scene, for_dataset, propose, steps
from aedemo.uploads.placing import resize
from aedemo.uploads.step import Step

__all__ = [
    "MAX_FILES",
    "PHOTO_SIDE",
    "Collection",
    "Frame",
    "OpenedImage",
    "Scene",
    "Step",
    "for_dataset",
    "from_data_uri",
    "open_data_uri",
    "open_image",
    "propose",
    "read",
    "read_collection",
    "resize",
    "steps",
    "to_data_uri",
]
