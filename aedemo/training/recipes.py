"""What each sweep is trained with: numbers only. One row a variant and data set; what is not said is the default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from aedemo import datasets
from aedemo.corruption import MASK_RATIOS, NOISES
from aedemo.models import get_variant

BOTTLENECKS = (1, 2, 3, 5, 10, 20, 30, 50, 100)
SPARSITY_WEIGHTS = (0.0, 0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
NOISE_LEVELS = tuple((noise.name, level) for noise in NOISES.values() for level in noise.levels)


@dataclass(frozen=True)
class Recipe:
    """The numbers of one sweep.

    values:    the trained axis, one run each
    network:   the numbers that the model's constructor takes besides the trained axis
    optimizer: "adamw" on random batches with a one-cycle learning rate; "lbfgs" on the first `sample` training inputs
               at once; "alternating" least squares, for the linear one; "fit" where the model fits itself (PCA)
    steps:     gradient steps, or iterations of the whole set's optimizers
    crop:      smallest share of a photograph's side that a random crop keeps, or None to train on pictures as they are
    bfloat16:  forward pass in mixed precision
    dtype:     how weights are stored
    """

    values: tuple
    network: Mapping[str, float] = field(default_factory=dict)
    optimizer: str = "adamw"
    steps: int = 4000
    sample: int | None = None
    batch_size: int = 128
    learning_rate: float = 1e-2
    weight_decay: float = 0.0
    warmup: float = 0.1
    crop: float | None = None
    bfloat16: bool = False
    dtype: str = "float16"


_PCA = {"optimizer": "fit", "dtype": "float32"}

RECIPES: dict[str, dict[str, Recipe]] = {
    "digits": {
        "pca": Recipe((*BOTTLENECKS[:8], 64), **_PCA),
        "ppca": Recipe((30,), {"patch_size": 2}, **_PCA),
        "linear": Recipe(BOTTLENECKS[:8], optimizer="alternating", steps=3000, dtype="float32"),
        "shallow": Recipe(BOTTLENECKS[:8], optimizer="lbfgs", steps=3000, dtype="float32"),
        "deep": Recipe(BOTTLENECKS[:8], {"hidden": 256}, steps=6000, weight_decay=0.1),
        "sparse": Recipe(SPARSITY_WEIGHTS, {"latent_dim": 256}, learning_rate=3e-3),
        "denoising": Recipe(NOISE_LEVELS, {"latent_dim": 512}, learning_rate=3e-3, weight_decay=0.1),
        "masked": Recipe(
            MASK_RATIOS,
            {"patch_size": 2, "width": 64, "depth": 3, "heads": 4, "decoder_width": 48, "decoder_depth": 1},
            steps=2000,
            batch_size=256,
            learning_rate=3e-3,
            weight_decay=0.05,
        ),
    },
    "photos": {
        "pca": Recipe((*BOTTLENECKS, 192), **_PCA),
        "ppca": Recipe((400,), {"patch_size": 8}, **(_PCA | {"dtype": "float16"})),
        "linear": Recipe(BOTTLENECKS, optimizer="alternating", steps=3000, dtype="float32"),
        "shallow": Recipe(BOTTLENECKS, optimizer="lbfgs", steps=400, sample=20_000, dtype="float32"),
        "deep": Recipe(BOTTLENECKS, {"hidden": 512}, steps=12_000, batch_size=512, learning_rate=3e-3),
        "sparse": Recipe(SPARSITY_WEIGHTS, {"latent_dim": 512}, batch_size=256, learning_rate=3e-3),
        "denoising": Recipe(NOISE_LEVELS, {"latent_dim": 768}, batch_size=512, learning_rate=3e-3),
        "masked": Recipe(
            (0.75,),
            {"patch_size": 8, "width": 192, "depth": 6, "heads": 6, "decoder_width": 96, "decoder_depth": 2},
            steps=4500,
            batch_size=128,
            learning_rate=1e-3,
            weight_decay=0.05,
            warmup=0.05,
            crop=0.6,
            bfloat16=True,
        ),
    },
}


def get_recipe(dataset: str, variant: str) -> Recipe:
    """The recipe of a sweep; ValueError names the data sets that have one."""
    row = datasets.get(dataset)
    get_variant(variant)
    recipes = RECIPES.get(row.recipes or dataset, {})
    if variant not in recipes:
        known = ", ".join(name for name, recipes in RECIPES.items() if variant in recipes)
        raise ValueError(f"there is no recipe for {variant} on {dataset} yet; it has one for {known}")
    return recipes[variant] if row.recipes is None else _fitted(recipes[variant], variant, row)


def variants_of(dataset: str) -> tuple[str, ...]:
    """The variants that a data set has recipes for, the baselines first; ValueError where it has none."""
    recipes = RECIPES.get(datasets.get(dataset).recipes or dataset)
    if recipes is None:
        raise ValueError(f"there are no recipes for {dataset} yet; there are for {', '.join(RECIPES)}")
    return tuple(recipes)


def _fitted(recipe: Recipe, variant: str, row: datasets.DataSet) -> Recipe:
    """A recipe of another data set for pictures of this row's shape and number.

    Of N pictures PCA has N − 1 components: no bottleneck is wider, but for M = 2, the plane. A basis of all D stays.
    """
    if variant == "ppca":  # half of the components say what is noise
        recipe = replace(recipe, values=(min(recipe.values[0], max(1, row.train_pictures // 2)),))
    elif get_variant(variant).axis == ("latent_dim",):
        most = row.dimension if row.patchwise else min(row.dimension, max(3, row.train_pictures))
        bottlenecks = tuple(m for m in BOTTLENECKS if m < most)
        recipe = replace(recipe, values=(*bottlenecks, row.dimension) if variant == "pca" else bottlenecks)
    if "patch_size" in recipe.network and not row.patchwise:
        recipe = replace(recipe, network=dict(recipe.network) | {"patch_size": 2 if row.shape[1] < 16 else 4})
    return recipe
