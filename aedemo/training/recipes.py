"""What each sweep is trained with: numbers only. One row a variant and data set; what is not said is the default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from aedemo import datasets
from aedemo.corruption import MASK_RATIOS, NOISES
from aedemo.models import get_variant

BOTTLENECKS = (1, 2, 3, 5, 10, 20, 30, 50, 100)
DEEPER_BOTTLENECKS = SEEDED = (
    2,
    30,
)  # the bottlenecks of the deeper network; those that are trained with several seeds
SPARSITY_WEIGHTS = (0.0, 0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
EIGHT_BITS = 0.04  # of the test error: what rounding to 8 bits may cost
# Components of 3×96×96 values each: as many as fit into 10 MB at 8 bits. At 75 % the error is 9 % higher with 256.
PPCA_PHOTOS = 359
NOISE_LEVELS = tuple((noise.name, level) for noise in NOISES.values() for level in noise.levels)


@dataclass(frozen=True)
class Recipe:
    """The numbers of one sweep.

    values:    the trained axis, one run each
    network:   the numbers that the model's constructor takes besides the trained axis
    best:      of an axis that is no bottleneck: the run whose code is shown and mapped
    seeds:     how many seeds M = 2 and M = 30 are trained with; of all but the first only maps and metrics are kept
    optimizer: "adamw" or "sgd" on random batches; "lbfgs" on the first `sample` training inputs at once; "alternating"
               least squares, for the linear one; "fit" where the model fits itself (PCA)
    momentum:  of SGD: how much of the last step is in the next
    schedule:  of the learning rate of random batches: "one-cycle" or "constant"
    max_norm:  the gradient's norm is clipped to it; None: never
    beta2:     how slowly AdamW's mean of squared gradients forgets; transformers learn faster with 0.95
    steps:     gradient steps, or iterations of the whole set's optimizers
    cycles:    how often the learning rate rises and falls meanwhile (Loshchilov and Hutter, SGDR, 2017)
    cycles_at: the values that go through another number of cycles, each as long as the others', and that number
    crop:      smallest fraction of a photograph's side that a random crop keeps, or None to train on images as they are
    bfloat16:  forward pass in mixed precision, where the machine computes faster in it
    dtype:     how weights are stored: float32, float16 or int8 (checkpoints/weights.py), which a dense run whose test
               error it would raise by more than EIGHT_BITS takes as float16
    half:      those of the values that are stored as float16 whatever dtype says
    replayed:  those of the values, with M = 2, beside which snapshots of their training are stored
    """

    values: tuple
    network: Mapping[str, float] = field(default_factory=dict)
    best: int | float | tuple | None = None
    seeds: int = 1
    optimizer: str = "adamw"
    steps: int = 4000
    cycles: int = 1
    cycles_at: Mapping = field(default_factory=dict)
    sample: int | None = None
    batch_size: int = 128
    learning_rate: float = 1e-2
    weight_decay: float = 0.0
    beta2: float = 0.999
    momentum: float = 0.0
    schedule: str = "one-cycle"
    max_norm: float | None = 5.0
    warmup: float = 0.1
    crop: float | None = None
    bfloat16: bool = False
    dtype: str = "float16"
    half: tuple = ()
    replayed: tuple = ()

    def at(self, setting) -> Recipe:
        """The recipe of one of the values."""
        one = replace(self, cycles_at={}, dtype="float16" if setting in self.half else self.dtype)
        if setting in self.cycles_at:
            cycles = self.cycles_at[setting]
            one = replace(one, cycles=cycles, steps=self.steps // self.cycles * cycles)
        return one

    def numbers(self) -> dict:
        """What is written into the header of a run: all that says how it was trained, besides its network."""
        apart = ("values", "network", "best", "seeds", "cycles_at", "half", "replayed")
        return {name: value for name, value in vars(self).items() if name not in apart}


_PCA = {"optimizer": "fit", "dtype": "float32"}

# What MNIST and Fashion-MNIST have in common, at 28×28.
_SAME_AT_28 = {
    "pca": Recipe((*BOTTLENECKS, 784), half=(784,), **_PCA),
    "ppca": Recipe((300,), {"patch_size": 4}, **(_PCA | {"dtype": "float16"})),
    "linear": Recipe(BOTTLENECKS, optimizer="alternating", steps=3000),
    "shallow": Recipe(BOTTLENECKS, optimizer="lbfgs", steps=300, sample=20_000),
}
_SPARSE_AT_28 = Recipe(
    SPARSITY_WEIGHTS,
    {"latent_dim": 400},
    best=0.3,
    steps=7000,
    learning_rate=1e-3,
    dtype="int8",
)
_SPARSE_WIDE = replace(_SPARSE_AT_28, values=(0.3,), network={"latent_dim": 1000})
_DENOISING_AT_28 = Recipe(
    NOISE_LEVELS,
    {"latent_dim": 400},
    steps=5000,
    batch_size=256,
    learning_rate=2e-3,
    dtype="int8",
)
_MASKED_AT_28 = Recipe(
    MASK_RATIOS,
    {
        **{"patch_size": 4, "embed_dim": 160, "depth": 4, "num_heads": 4},
        **{"decoder_embed_dim": 128, "decoder_depth": 4},
    },
    best=0.75,
    steps=14_000,
    batch_size=512,
    learning_rate=2e-3,
    weight_decay=0.05,
    beta2=0.95,
    warmup=0.05,
    bfloat16=True,
    dtype="int8",
)

RECIPES: dict[str, dict[str, Recipe]] = {
    "digits": {
        "pca": Recipe((*BOTTLENECKS[:8], 64), **_PCA),
        "ppca": Recipe((30,), {"patch_size": 2}, **_PCA),
        "linear": Recipe(BOTTLENECKS[:8], optimizer="alternating", steps=3000, dtype="float32"),
        "shallow": Recipe(BOTTLENECKS[:8], optimizer="lbfgs", steps=3000, dtype="float32"),
        "deep": Recipe(BOTTLENECKS[:8], {"hidden": 256}, seeds=3, steps=6000, weight_decay=0.1),
        "deeper": Recipe(
            DEEPER_BOTTLENECKS, {"hidden": 256, "layers": 3}, seeds=3, steps=6000, learning_rate=2e-3, dtype="int8"
        ),
        "sparse": Recipe(SPARSITY_WEIGHTS, {"latent_dim": 256}, best=0.1, learning_rate=3e-3),
        "denoising": Recipe(
            NOISE_LEVELS, {"latent_dim": 512}, best=("gaussian", 0.3), learning_rate=3e-3, weight_decay=0.1
        ),
        "masked": Recipe(
            MASK_RATIOS,
            {"patch_size": 2, "embed_dim": 64, "depth": 3, "num_heads": 4, "decoder_embed_dim": 48, "decoder_depth": 1},
            best=0.75,
            steps=2000,
            batch_size=256,
            learning_rate=3e-3,
            weight_decay=0.05,
        ),
    },
    "mnist": {
        **_SAME_AT_28,
        "deep": Recipe(
            BOTTLENECKS,
            {"hidden": 512},
            seeds=3,
            steps=14_000,
            batch_size=256,
            learning_rate=1e-2,
            dtype="int8",
            replayed=(2,),
        ),
        "deeper": Recipe(
            DEEPER_BOTTLENECKS,
            {"hidden": 1000, "layers": 3},
            seeds=3,
            steps=30_000,
            batch_size=256,
            learning_rate=6e-3,
            weight_decay=0.1,
            bfloat16=True,
            dtype="int8",
        ),
        "sparse": _SPARSE_AT_28,
        "sparse_wide": _SPARSE_WIDE,
        "denoising": replace(_DENOISING_AT_28, best=("gaussian", 0.5)),
        "denoising_wide": replace(
            _DENOISING_AT_28, values=(("gaussian", 0.5),), network={"latent_dim": 1000}, best=("gaussian", 0.5)
        ),
        "masked": replace(_MASKED_AT_28, values=(0.75,), steps=18_000),
    },
    "fashion": {
        **_SAME_AT_28,
        "deep": Recipe(
            BOTTLENECKS,
            {"hidden": 320},
            seeds=3,
            steps=14_000,
            batch_size=256,
            learning_rate=1e-2,
            dtype="int8",
            replayed=(2,),
        ),
        "deeper": Recipe(
            DEEPER_BOTTLENECKS,
            {"hidden": 600, "layers": 3},
            seeds=3,
            steps=9000,
            batch_size=256,
            learning_rate=6e-3,
            weight_decay=0.1,
            bfloat16=True,
            dtype="int8",
        ),
        "sparse": _SPARSE_AT_28,
        "sparse_wide": _SPARSE_WIDE,
        "denoising": replace(_DENOISING_AT_28, best=("masking", 0.4)),
        "masked": replace(_MASKED_AT_28, cycles_at={0.75: 3}),
    },
    "photos": {
        "pca": Recipe((*BOTTLENECKS, 192), **_PCA),
        "ppca": Recipe((PPCA_PHOTOS,), {"patch_size": 8}, **(_PCA | {"dtype": "int8"})),
        "linear": Recipe(BOTTLENECKS, optimizer="alternating", steps=3000, dtype="float32"),
        "shallow": Recipe(BOTTLENECKS, optimizer="lbfgs", steps=400, sample=20_000, dtype="float32"),
        "deep": Recipe(BOTTLENECKS, {"hidden": 512}, steps=12_000, batch_size=512, learning_rate=3e-3, dtype="int8"),
        "deeper": Recipe(
            DEEPER_BOTTLENECKS,
            {"hidden": 512, "layers": 3},
            steps=12_000,
            batch_size=512,
            learning_rate=2e-3,
            dtype="int8",
        ),
        "sparse": Recipe(
            SPARSITY_WEIGHTS, {"latent_dim": 512}, best=0.1, batch_size=256, learning_rate=2e-3, dtype="int8"
        ),
        "denoising": Recipe(
            NOISE_LEVELS, {"latent_dim": 768}, best=("gaussian", 0.3), batch_size=512, learning_rate=3e-3, dtype="int8"
        ),
        "masked": Recipe(
            (0.75,),
            {
                "patch_size": 8,
                "embed_dim": 256,
                "depth": 6,
                "num_heads": 8,
                "decoder_embed_dim": 128,
                "decoder_depth": 3,
            },
            best=0.75,
            steps=24_000,
            batch_size=512,
            learning_rate=2e-3,
            weight_decay=0.05,
            beta2=0.95,
            warmup=0.05,
            crop=0.75,
            bfloat16=True,
            dtype="int8",
        ),
    },
}

MANY = 10_000  # images to train on, where a row does not say how many: more than M can be
# Custom photographs are 64×64, and their recipes need no accelerator.
CUSTOM = {
    "photos": {
        "ppca": replace(RECIPES["photos"]["ppca"], values=(400,)),
        "masked": replace(
            RECIPES["photos"]["masked"],
            network={
                "patch_size": 8,
                "embed_dim": 192,
                "depth": 6,
                "num_heads": 6,
                "decoder_embed_dim": 96,
                "decoder_depth": 2,
            },
            steps=80_000,
            cycles=4,
            batch_size=64,
            learning_rate=1.5e-3,
        ),
    }
}


def get_recipe(dataset: str, variant: str) -> Recipe:
    """The recipe of a sweep; ValueError names the data sets that have one."""
    row = datasets.get(dataset)
    get_variant(variant)
    recipes = RECIPES.get(row.recipes or dataset, {})
    if variant not in recipes:
        known = ", ".join(name for name, recipes in RECIPES.items() if variant in recipes)
        raise ValueError(f"there is no recipe for {variant} on {dataset} yet; it has one for {known}")
    if row.recipes is None:
        return recipes[variant]
    if row.image_shape != datasets.get(row.recipes).image_shape:
        recipes = recipes | CUSTOM.get(row.recipes, {})
    return _fitted(recipes[variant], variant, row)


def variants_of(dataset: str) -> tuple[str, ...]:
    """The variants that a data set has recipes for, the baselines first; ValueError where it has none."""
    recipes = RECIPES.get(datasets.get(dataset).recipes or dataset)
    if recipes is None:
        raise ValueError(f"there are no recipes for {dataset} yet; there are for {', '.join(RECIPES)}")
    return tuple(recipes)


def _fitted(recipe: Recipe, variant: str, row: datasets.DataSet) -> Recipe:
    """A recipe of another data set for images of this row's shape and number.

    Of N images PCA has N − 1 components: no bottleneck is wider, but for M = 2, the plane. A basis of all D stays.
    """
    images = row.train_images or MANY
    if variant == "ppca":  # half of the components say what is noise
        recipe = replace(recipe, values=(min(recipe.values[0], max(1, images // 2)),))
    elif get_variant(variant).axis == ("latent_dim",):
        most = row.dimension if row.patchwise else min(row.dimension, max(3, images))
        bottlenecks = tuple(m for m in (DEEPER_BOTTLENECKS if variant == "deeper" else BOTTLENECKS) if m < most)
        recipe = replace(recipe, values=(*bottlenecks, row.dimension) if variant == "pca" else bottlenecks)
    if "patch_size" in recipe.network and not row.patchwise:
        recipe = replace(recipe, network=dict(recipe.network) | {"patch_size": 2 if row.shape[1] < 16 else 4})
    return recipe
