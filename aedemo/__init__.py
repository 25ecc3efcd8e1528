"""aedemo: an explorer of autoencoders.

sweep = aedemo.load("digits", "deep")          # every run of a variant on a data set
model = sweep[30]                              # a torch module in eval mode, with encode and decode
x = aedemo.from_gallery("digits", "24")[None]  # an image of the page, (1, 1, 8, 8) in [0, 1]
"""

from aedemo import uploads
from aedemo.checkpoints import Sweep, load
from aedemo.explore.gallery import from_gallery, from_map

__all__ = ["Sweep", "from_gallery", "from_map", "load", "uploads"]
