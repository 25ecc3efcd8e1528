"""aedemo: an explorer of autoencoders.

sweep = aedemo.load("digits", "deep")   # every run of a variant on a data set
model = sweep[30]                       # a torch module in eval mode, with encode and decode
"""

from aedemo.checkpoints import Sweep, load

__all__ = ["Sweep", "load"]
