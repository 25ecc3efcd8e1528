"""What scikit-learn measured of two codes, in words: the claim of the Latent tab, and what its measures are."""

from __future__ import annotations

from math import isnan

from aedemo.explore.latent import LatentView

MEASURES = (
    "Trustworthiness is 1 if all neighbours in the code are neighbours among the images too. k-NN accuracy is the test "
    "accuracy of a classifier by the ten nearest codes. Both use the whole code: of more than three numbers the plane "
    "shows two directions, and a point is decoded with the others at their mean."
)


def claim(name: str, view: LatentView, part: str) -> str:
    """What the neighbours of a code say, beside PCA's: the class, or where there is none how alike the inputs are.

    name: of the chosen variant and its run; part: what has a code, "image" or "patch"
    """
    maps = (view.code.map, view.pca.map)
    accuracies, trusts = ([getattr(found, of) for found in maps] for of in ("knn_accuracy", "trustworthiness"))
    if not view.same or any(map(isnan, trusts)):
        return f"{name}: each test {part} is one point of {maps[0].latent_dim:,} numbers"
    if part == "patch" or any(map(isnan, accuracies)):
        code, pca = (f"{trust:.2f}" for trust in trusts)
        return f"{name}: are neighbours in the code neighbours in pixels? Trustworthiness {code}, PCA's {pca}"
    code, pca = (f"{100 * accuracy:.0f} %" for accuracy in accuracies)
    return f"{name}: the nearest codes name the class of {code} of the test {part}s, PCA's of {pca}"
