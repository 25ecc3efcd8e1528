"""What is looked at of a network while it trains: errors, codes, reconstructions, the decoder's curve or sheet, arrows.

All of it is measured on fixed examples, with no random number drawn, so that looking changes nothing of the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.linalg import subspace_angles
from torch import Tensor, nn

from aedemo.datasets.examples import Examples

if TYPE_CHECKING:
    from aedemo.explore.training import Setup

CURVE = 200  # places along the curve of a decoder with M = 1
SHEET = 20  # places along each side of the sheet with M = 2
ARROWS = 15  # along each side of the field
REACH = 2.0  # how far the field reaches from the mean of points, in their standard deviations
SLICE = (0, 2)  # the coordinates of a slice through points in space: that of the S-curve and the Swiss roll
CHART_POINTS, NEIGHBOURS = 250, 5  # what tells whether a sheet is unrolled is asked of so many points


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A network after `step` gradient steps. P points, or 8 images; one of them has the shape S: (D,) or (C, H, W).

    train_error, test_error: squared error summed over the inputs, averaged over the examples, against the clean ones
    components: of PCA, with how many its error is the one to compare with; K of them draw everything
    angle:   the largest principal angle in degrees between the span of the decoder's columns and PCA's, of linear and
             two-layer; axes_angle: of linear with M ≥ 2, by how much the column farthest from all principal axes is off
    chart:   how well the code's neighbours tell the coordinates on a curve or sheet: R², the lower of the two
    codes:   (400 or N, M) codes of training examples; None of a wide code
    reconstructions: (P, *S)
    surface: the decoder's curve (200, D) or sheet (20, 20, D) over the range of the codes, rows along z₂; of images
             decoded places (G, C, H, W) or (G, G, C, H, W), of a code with M > 2 over z₁ and z₂, the rest at its mean;
             None of a wide code, and of points with M = 3
    active:  (K,) fraction of the training examples that each unit of a wide code is active in
    arrows:  (15, 15, D) r(x̃) − x̃ of denoising at the places of `arrow_places`; None of images and the other variants
    """

    step: int
    train_error: float
    test_error: float
    components: int
    angle: float | None
    axes_angle: float | None
    chart: float | None
    codes: np.ndarray | None
    reconstructions: np.ndarray
    surface: np.ndarray | None
    active: np.ndarray | None
    arrows: np.ndarray | None


@torch.no_grad()
def measure(setup: Setup, model: nn.Module, step: int) -> Snapshot | None:
    """A snapshot of the model as it is; None where its error is not finite."""
    settings, examples = setup.settings, setup.examples
    z = model.encode(setup.seen_train)
    train_error = squared_error(model.decode(z), examples.train)
    test_error = squared_error(model(setup.seen_test), examples.test)
    if not np.isfinite([train_error, test_error]).all():
        return None
    active = (z > 0).float().mean(0).numpy() if settings.wide else None
    codes = None if settings.wide else z[: len(examples.moving)]
    angle, axes_angle = column_angles(setup, model)
    return Snapshot(
        step=step,
        train_error=train_error,
        test_error=test_error,
        components=_components(setup, active),
        angle=angle,
        axes_angle=axes_angle,
        chart=None if codes is None else chart_of(examples, codes),
        codes=None if codes is None else codes.numpy(),
        reconstructions=model(_seen(setup)).numpy().reshape(-1, *examples.shape),
        surface=None if settings.wide else _surface(setup, model, z),
        active=active,
        arrows=_arrows(setup, model),
    )


def squared_error(y: Tensor, x: Tensor) -> float:
    """‖y − x‖², averaged over the first axis, in float64."""
    return (y - x).double().square().sum().item() / len(x)


def _seen(setup: Setup) -> Tensor:
    """What is seen of the examples whose reconstructions are shown."""
    if setup.examples.points:
        return setup.seen_train[: len(setup.examples.shown)]
    return torch.cat([setup.seen_test, setup.seen_train])[: len(setup.examples.shown)]


def _components(setup: Setup, active: np.ndarray | None) -> int:
    """M; of denoising, those of PCA's best projection; of sparse, as many as units are active in an example."""
    settings, errors = setup.settings, setup.pca.train_errors
    if settings.variant == "denoising":
        return int(errors.argmin())
    count = settings.latent_dim if active is None else round(float(active.sum()))
    return min(count, len(errors) - 1)


def column_angles(setup: Setup, model: nn.Module) -> tuple[float | None, float | None]:
    """`angle` and `axes_angle` of a snapshot."""
    settings = setup.settings
    axes = setup.pca.components[: settings.latent_dim].T  # (D, M)
    if settings.variant not in ("linear", "shallow") or axes.shape[1] < settings.latent_dim:
        return None, None
    columns = model.decoder[0].weight.double().numpy()  # (D, M)
    angle = float(np.rad2deg(subspace_angles(columns, axes).max()))
    if settings.variant == "shallow" or settings.latent_dim == 1:
        return angle, None
    lengths = np.linalg.norm(columns, axis=0).clip(min=1e-12)
    nearest = np.abs(axes.T @ (columns / lengths)).max(0)
    return angle, float(np.rad2deg(np.arccos(nearest.clip(max=1.0)).max()))


def chart_of(examples: Examples, codes: Tensor) -> float | None:
    """`chart` of a snapshot, from codes of `examples.moving`; None where the examples lie on no open curve or sheet."""
    if examples.coordinates is None:
        return None
    return chart_score(codes[:CHART_POINTS], examples.coordinates[:CHART_POINTS])


def chart_score(codes: Tensor, coordinates: Tensor) -> float:
    """R² of coordinates (P, k) as the mean over the 5 nearest codes (P, M) has them: the lowest of the k.

    Near 1 where points that are neighbours in the code are neighbours on the curve or sheet; lower the more the code
    puts far parts of it on top of one another.
    """
    distances = torch.cdist(codes, codes).fill_diagonal_(torch.inf)
    nearest = distances.topk(NEIGHBOURS, largest=False).indices  # (P, 5)
    left = (coordinates[nearest].mean(1) - coordinates).square().sum(0)
    return float((1 - left / (coordinates - coordinates.mean(0)).square().sum(0)).min())


def _surface(setup: Setup, model: nn.Module, z: Tensor) -> np.ndarray | None:
    """What the decoder makes of evenly spaced codes, between the lowest and the highest of the training examples."""
    examples, m = setup.examples, z.shape[1]
    if examples.points and m > 2:
        return None
    side = _side(setup, m)
    along = [torch.linspace(float(column.min()), float(column.max()), side) for column in z.T[:2]]
    if m == 1:
        places = along[0][:, None]
    else:
        up, across = torch.meshgrid(along[1], along[0], indexing="ij")
        places = z.mean(0).repeat(side, side, 1)
        places[..., 0], places[..., 1] = across, up
    decoded = model.decode(places.flatten(0, -2)).numpy()
    return decoded.reshape(*places.shape[:-1], *examples.shape)


def _side(setup: Setup, m: int) -> int:
    """How many places each side of a surface has: of images, so many that a replay keeps its bytes."""
    if setup.examples.points:
        return CURVE if m == 1 else SHEET
    if m == 1:
        return 16
    return 5 if setup.examples.shape[0] == 3 else 8


def arrow_places(dimension: int) -> Tensor:
    """x̃ (15, 15, D): a field over the plane of points with D = 2, in space over the slice where the second is 0."""
    side = torch.linspace(-REACH, REACH, ARROWS)
    places = torch.zeros(ARROWS, ARROWS, dimension)
    up, across = torch.meshgrid(side, side, indexing="ij")
    first, second = (0, 1) if dimension == 2 else SLICE
    places[..., first], places[..., second] = across, up
    return places


def _arrows(setup: Setup, model: nn.Module) -> np.ndarray | None:
    """r(x̃) − x̃: where a denoiser moves a place, proportional to the gradient of the log density for small noise.

    Alain and Bengio, What regularized auto-encoders learn from the data-generating distribution (2014).
    """
    if setup.settings.variant != "denoising" or not setup.examples.points:
        return None
    places = arrow_places(setup.examples.shape[0])
    moved = model(places.flatten(0, 1)[:, None, None]).view_as(places)
    return (moved - places).numpy()
