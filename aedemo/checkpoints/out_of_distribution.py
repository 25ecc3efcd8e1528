"""Which images of other kinds a model's error is tried on, so that the page can say what a small error shows.

`aedemo evaluate` measures it (training/out_of_distribution.py) and keeps it in the headers of the runs at M = 30 of
three variants, as the metric `ood_found`: one fraction in [0, 1] for each of `out_of_distribution` in the
row of the data set, in that order.
"""

OOD_BOTTLENECK = 30  # the bottleneck M whose runs are tried
OOD_VARIANTS = ("pca", "deep", "deeper")
