"""Whatever a person brings becomes an image that the models know: the only door for uploads, in two steps.

`read` opens a file, whatever it is (files.py), and `open_image` also says what was done to it; `steps` and
`for_dataset` make of the image what the models of a data set see (framing.py).
"""

from aedemo.pictures.files import OpenedImage, from_data_uri, open_data_uri, open_image, read, to_data_uri
from aedemo.pictures.framing import PHOTO_SIDE, Step, for_dataset, resize, square, steps

__all__ = [
    "PHOTO_SIDE",
    "OpenedImage",
    "Step",
    "for_dataset",
    "from_data_uri",
    "open_data_uri",
    "open_image",
    "read",
    "resize",
    "square",
    "steps",
    "to_data_uri",
]
