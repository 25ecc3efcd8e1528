"""The metrics in the headers, measured again on the stored weights with other code."""

import numpy as np
import pytest
import torch
from scipy.linalg import subspace_angles
from skimage.restoration import denoise_nl_means

from aedemo import checkpoints
from aedemo.corruption import KIND_RATIOS, NOISES, TEST_MASK_RATIOS, corrupt
from aedemo.models import VARIANTS
from aedemo.models.patchwise import Patchwise, pixel_mask
from aedemo.training.evaluate import MASKED_IMAGES, MASKS, NOISE_SEED, evaluate, principal_angles
from aedemo.training.recipes import RECIPES
from tests.data import images, inputs, labelled, squared_error
from tests.tables import DENSE, RUNS, remeasured, run_name

CLOSE = {"rel": 1e-3}
DENSE_RUNS = [run for run in RUNS if not VARIANTS[run[1]].masks]
WHOLE_RUNS = [run for run in RUNS if VARIANTS[run[1]].masks]


def runs_of(variant: str) -> list[tuple]:
    return [run for run in RUNS if run[1] == variant]


def stored(dataset: str, variant: str, setting) -> tuple[torch.nn.Module, dict]:
    sweep = checkpoints.load(dataset, variant)
    return sweep[setting], sweep.header(setting).metrics


@pytest.mark.parametrize(("dataset", "variant", "setting"), remeasured(DENSE_RUNS))
def test_errors_of_dense_runs(dataset, variant, setting):
    model, metrics = stored(dataset, variant, setting)
    # With all components nothing but the rounding of float32 is left, and that differs from machine to machine.
    assert metrics["test_error"] == pytest.approx(squared_error(model, inputs(dataset, "test")), **CLOSE, abs=1e-9)


def on_training_inputs() -> list:
    """The runs that are measured on training inputs too: going through 60,000 images or 200,000 patches takes long.

    All on digits, and the first of the linear sweep on Fashion-MNIST. Slow are, of each other sweep, the first on MNIST
    or on Fashion-MNIST, and of the one that a claim about this error is made of, two more of each data set: its first
    are in tests/claims/test_shallow.py. PCA's are all held against scikit-learn's in tests/claims/test_pca.py.
    """
    found = []
    for dataset, variant, setting in DENSE_RUNS:
        values = RECIPES[dataset][variant].values
        if variant == "shallow":
            asked = setting in (values[len(values) // 2], values[-1])
        else:
            asked = setting == values[0] and dataset == ("mnist", "fashion")[DENSE.index(variant) % 2]
        if dataset == "digits" or asked:
            marks = () if dataset == "digits" or variant == "linear" else pytest.mark.slow
            found.append(pytest.param(dataset, variant, setting, marks=marks))
    return found


@pytest.mark.parametrize(("dataset", "variant", "setting"), on_training_inputs(), ids=run_name)
def test_errors_of_dense_runs_on_training_inputs(dataset, variant, setting):
    model, metrics = stored(dataset, variant, setting)
    train_error = squared_error(model, inputs(dataset, "train"))
    assert metrics["train_error"] == pytest.approx(train_error, **CLOSE, abs=1e-9)


@pytest.mark.parametrize("variant", ["linear", "shallow"])
@pytest.mark.parametrize("dataset", sorted({run[0] for run in RUNS}))
def test_principal_angles(dataset, variant):
    sweep, pca = checkpoints.load(dataset, variant), checkpoints.load(dataset, "pca")
    inputs(dataset, "test")
    for setting in sweep.values:
        columns = sweep[setting].decoder[0].weight.double().numpy()
        angles = np.rad2deg(subspace_angles(columns, pca[setting].components.T.double().numpy()))
        assert sweep.header(setting).metrics["principal_angles"] == pytest.approx(sorted(angles), rel=1e-3, abs=1e-3)


@pytest.mark.parametrize(("dataset", "variant", "setting"), remeasured(runs_of("sparse"), last=True))
def test_sparsity(dataset, variant, setting):
    model, metrics = stored(dataset, variant, setting)
    z = model.encode(inputs(dataset, "test")).double().numpy()
    assert metrics["units"] == z.shape[1]
    assert metrics["mean_code"] == pytest.approx(np.abs(z).mean(), **CLOSE)
    assert metrics["active_units"] == pytest.approx((z > 0).sum(1).mean(), **CLOSE)
    assert metrics["dead_units"] == (z > 0).any(0).size - (z > 0).any(0).sum()


@pytest.mark.parametrize(("dataset", "variant", "setting"), remeasured(runs_of("denoising"), last=True))
def test_errors_of_denoisers_along_the_knob(dataset, variant, setting):
    (noise, level), (model, metrics) = setting, stored(dataset, variant, setting)
    x, levels = inputs(dataset, "test"), NOISES[noise].test_levels()
    assert len(metrics["error_at"]) == len(metrics["noisy_error_at"]) == len(levels)
    noisy, place = corrupt(x, noise, level, NOISE_SEED), levels.index(level)
    assert metrics["error_at"][place] == pytest.approx(squared_error(model, noisy, x), **CLOSE)
    assert metrics["noisy_error_at"][place] == pytest.approx(squared_error(lambda y: y, noisy, x), **CLOSE)
    assert metrics["error_at"][0] == pytest.approx(metrics["test_error"], **CLOSE)


def evenly_spread(x: torch.Tensor) -> torch.Tensor:
    """At most MASKED_IMAGES of x, from its first to its last: photographs come class by class."""
    count = min(MASKED_IMAGES, len(x))
    return x[np.linspace(0, len(x) - 1, count).round().astype(int)]


@pytest.mark.parametrize(("dataset", "variant", "setting"), remeasured(WHOLE_RUNS))
def test_errors_of_masked_runs_at_three_quarters(dataset, variant, setting):
    model, metrics = stored(dataset, variant, setting)
    sums = {"masked_error_at": [], "visible_error_at": [], "mean_imputation_error_at": []}
    for seed, x in enumerate(evenly_spread(images(dataset, "test")).chunk(MASKS)):
        answer = model.reconstruct(x, mask_ratio=0.75, seed=seed)
        removed = pixel_mask(answer.mask, model.patch_size).bool()[0, 0]
        sums["masked_error_at"].append((answer.output - x).square()[..., removed])
        sums["visible_error_at"].append((answer.output - x).square()[..., ~removed])
        sums["mean_imputation_error_at"].append((x[..., ~removed].mean(2)[..., None] - x[..., removed]).square())
    for name, errors in sums.items():
        assert len(metrics[name]) == len(TEST_MASK_RATIOS)
        expected = torch.cat([part.flatten() for part in errors]).double().mean().item()
        assert metrics[name][TEST_MASK_RATIOS.index(0.75)] == pytest.approx(expected, **CLOSE)


@pytest.mark.parametrize(("dataset", "variant", "setting"), remeasured(WHOLE_RUNS))
def test_errors_under_other_kinds_of_masks(dataset, variant, setting):
    """Of the autoencoder under blocks, of PCA under grids: all kinds of each would take long."""
    model, metrics = stored(dataset, variant, setting)
    kind, errors = "block" if variant == "masked" else "grid", []
    for seed, x in enumerate(evenly_spread(images(dataset, "test")).chunk(MASKS)):
        answer = model.reconstruct(x, mask_ratio=0.5, seed=seed, kind=kind)
        removed = pixel_mask(answer.mask, model.patch_size).bool()[0, 0]
        errors.append((answer.output - x).square()[..., removed].flatten())
    expected = torch.cat(errors).double().mean().item()
    assert metrics[f"{kind}_error_at"][KIND_RATIOS.index(0.5)] == pytest.approx(expected, **CLOSE)
    assert (
        metrics["random_error_at"][KIND_RATIOS.index(0.75)] == metrics["masked_error_at"][TEST_MASK_RATIOS.index(0.75)]
    )


@pytest.mark.parametrize(
    "name",
    [
        "side_by_side",
        "overlapping",
        pytest.param("gaussian_overlapping", marks=pytest.mark.slow),
        pytest.param("gaussian_nonlocal_means", marks=pytest.mark.slow),
    ],
)
def test_errors_on_whole_photographs(name):
    """Of the denoiser trained at σ = 0.3, of PCA and of scikit-image's non-local means."""
    test = labelled("photos", "test").images
    clean = test[np.linspace(0, len(test) - 1, 100).round().astype(int)].float() / 255
    noisy = corrupt(clean, "gaussian", 0.3, NOISE_SEED)
    place, at = NOISES["gaussian"].levels.index(0.3), NOISES["gaussian"].test_levels().index(0.3)
    denoiser, own = stored("photos", "denoising", ("gaussian", 0.3))
    pca, others = stored("photos", "pca", 192)
    assert own["photographs"] == len(clean)
    components = others["gaussian_components"][at]

    def nonlocal_means(x):
        return torch.from_numpy(denoise_nl_means(x[0].numpy(), 5, 6, 0.6 * 0.3, sigma=0.3, channel_axis=0))[None]

    denoise = {
        "side_by_side": Patchwise(denoiser),
        "overlapping": Patchwise(denoiser, 2),
        "gaussian_overlapping": lambda x: Patchwise(pca, 2)(x, components=components),
        "gaussian_nonlocal_means": nonlocal_means,
    }[name]
    error = (torch.cat([denoise(x) for x in noisy.split(1)]) - clean).square().mean().item()
    assert (own | others)[f"{name}_error_at"][place] == pytest.approx(error, **CLOSE)


@pytest.mark.parametrize("variant", [name for name in DENSE if name in RECIPES["digits"]])
def test_evaluate_gives_what_the_header_has(variant):
    """What `aedemo evaluate` compares, on one run of each variant that sees an input of digits."""
    sweep = checkpoints.load("digits", variant)
    setting = sweep.values[-1]
    measured, metrics = evaluate(sweep[setting], "digits", variant), sweep.header(setting).metrics
    assert measured.keys() == metrics.keys()
    for name, value in measured.items():
        rounding = 1e-5 if name == "principal_angles" else 1e-6  # degrees: angles of nothing
        assert value == pytest.approx(metrics[name], rel=1e-3, abs=rounding), name


def test_principal_angles_of_known_planes():
    axes = torch.eye(5)
    tilted = torch.stack([axes[0], axes[1] * np.cos(0.3) + axes[2] * np.sin(0.3)]).T
    angles = principal_angles(axes[:, :2], 7 * tilted)
    torch.testing.assert_close(angles, torch.tensor([0, np.rad2deg(0.3)], dtype=torch.float64), atol=1e-5, rtol=1e-6)
