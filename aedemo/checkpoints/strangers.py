"""Which images of other kinds a model's error is tried on, so that the page can say what a small error shows.

`aedemo evaluate` measures it (training/strangers.py) and keeps it in the headers of the runs at M = 30 of three
variants, as the figure `strangers_found`: one share in [0, 1] for each kind, in the order here.
"""

STRANGERS_AT = 30  # the bottleneck M whose runs are tried
STRANGERS_BY = ("pca", "deep", "stack")
STRANGERS_SHOWN = {
    "mnist": ("fashion", "noise", "photographs", "blank"),
    "fashion": ("mnist", "noise", "photographs", "blank"),
    "digits": ("noise", "photographs", "blank"),
    "photos": ("noise", "blank"),
}
