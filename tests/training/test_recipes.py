"""Recipes hold numbers only, name real settings, and cover the axes that the page shows."""

import numbers

import pytest

from aedemo import checkpoints, datasets
from aedemo.corruption import MASK_RATIOS, NOISES
from aedemo.models import VARIANTS
from aedemo.training.recipes import RECIPES, Recipe, get_recipe
from tests.tables import SWEEPS, config_of

BOTTLENECKS = (1, 2, 3, 5, 10, 20, 30, 50, 100)


@pytest.mark.parametrize(("dataset", "variant"), SWEEPS)
def test_each_value_builds_a_model(dataset, variant):
    recipe = get_recipe(dataset, variant)
    assert len(set(recipe.values)) == len(recipe.values)
    for value in (recipe.values[0], recipe.values[-1]):
        model = checkpoints.build(dataset, variant, config_of(dataset, variant, value))
        row = datasets.get(dataset)
        assert model.input_shape == (row.image_shape if VARIANTS[variant].masks else row.shape)
    assert all(isinstance(number, numbers.Real) for number in recipe.network.values())


@pytest.mark.parametrize("dataset", RECIPES)
def test_a_data_set_has_a_recipe_for_each_variant(dataset):
    assert {name for name in RECIPES[dataset] if not VARIANTS[name].wide_of} == {
        n for n, v in VARIANTS.items() if not v.wide_of
    }


@pytest.mark.parametrize(("dataset", "variant"), [run for run in SWEEPS if run[1] in ("linear", "shallow", "deep")])
def test_bottlenecks_are_all_that_the_data_set_allows(dataset, variant):
    dimension = datasets.get(dataset).dimension
    values = RECIPES[dataset][variant].values
    assert values == tuple(m for m in BOTTLENECKS if m < dimension)
    assert set(values) | {dimension} == set(RECIPES[dataset]["pca"].values)  # PCA beside each, and a basis of all


@pytest.mark.parametrize("dataset", RECIPES)
def test_the_other_axes_are_complete(dataset):
    weights = RECIPES[dataset]["sparse"].values
    assert len(weights) >= 9 and weights[0] == 0 and list(weights) == sorted(weights)
    levels = {(noise.name, level) for noise in NOISES.values() for level in noise.levels}
    assert set(RECIPES[dataset]["denoising"].values) == levels
    ratios = RECIPES[dataset]["masked"].values
    assert 0.75 in ratios and set(ratios) <= set(MASK_RATIOS)
    assert dataset != "digits" or ratios == MASK_RATIOS  # photographs: 75 % only, in this first version


def test_a_sweep_without_a_recipe_says_where_there_is_one():
    missing = next(name for name in (*datasets.DATASETS, None) if name not in RECIPES)
    if missing is None:
        pytest.skip("each data set has its recipes")
    with pytest.raises(ValueError, match=rf"no recipe for deep on {missing}.*{'.*'.join(RECIPES)}"):
        get_recipe(missing, "deep")


def test_a_value_with_more_cycles_takes_as_many_more_steps():
    recipe = Recipe((1, 2), steps=300, cycles=3, cycles_at={2: 5}, dtype="int8", half=(1,))
    assert (recipe.at(1).steps, recipe.at(1).cycles, recipe.at(1).dtype) == (300, 3, "float16")
    assert (recipe.at(2).steps, recipe.at(2).cycles, recipe.at(2).dtype) == (500, 5, "int8")
    assert recipe.at(2).at(2) == recipe.at(2)
