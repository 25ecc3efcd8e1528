"""The network behind a tab, as its diagram shows it: the layers, and the code of the image in it, frame by frame.

A network that sees patches of photographs is shown with one patch, the one with the most contrast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor, nn

from aedemo import checkpoints
from aedemo.checkpoints import Setting
from aedemo.corruption import patch_mask
from aedemo.explore.mapped import first_inputs
from aedemo.explore.masked import to_hex
from aedemo.models import VARIANTS
from aedemo.models.errors import MASK_SEED
from aedemo.models.layers import Layer
from aedemo.models.masked import Masked
from aedemo.models.patchwise import Patchwise

MAX_BARS = 100  # units that are all drawn as bars; of a wider code the strongest are
MAX_HANDLES = 10  # units that are wide enough to be dragged
STEPS, SPREAD = 21, 3.0  # values of a traversal, over so many standard deviations on each side of the mean
SAMPLE = 500  # test inputs that the standard deviations are measured on
RANGES = {"σ": (0.0, 1.0), "ReLU": (0.0, np.inf)}  # what leaves an activation; all others: anything


@dataclass(frozen=True)
class Handle:
    """The values that a unit can be set to: STEPS of them from low to high; the one at `own` is the image's."""

    low: float
    high: float
    own: int


@dataclass(frozen=True)
class Bar:
    """One unit of the code, counted from 0, its value for the image, and how far it can be dragged, if it can."""

    unit: int
    value: float
    handle: Handle | None = None


@dataclass(frozen=True)
class Frame:
    """The network at one position of the slider.

    setting: of its run; layers: from the input to the output
    bars:    the units of the code, or the MAX_HANDLES strongest of more than MAX_BARS
    units:   of such a wide code all K units, a hexadecimal digit each, "f" the strongest and "0" inactive; else ""
    mask:    of a masked autoencoder the removed patches, as hexadecimal digits (explore/masked.py); else ""
    discarded: layers that were thrown away when the rest was put into another network
    """

    setting: Setting
    layers: tuple[Layer, ...]
    bars: tuple[Bar, ...] = ()
    units: str = ""
    mask: str = ""
    discarded: tuple[Layer, ...] = ()


@dataclass(frozen=True)
class Network:
    """The frames of one variant: one for each position of its slider, or one for all.

    patches: of a network that sees patches, the one that is shown, float32 (F or 1, C, h, w), and its
        reconstructions (F, C, h, w); None where it sees the whole image, which the tab shows already
    place: of that patch in the image: its first row and column of pixels
    """

    variant: str
    frames: tuple[Frame, ...]
    patches: tuple[np.ndarray, np.ndarray] | None = None
    place: tuple[int, int] | None = None


def network(
    dataset: str,
    variant: str,
    settings: Sequence[Setting],
    seen: np.ndarray,
    masks: Sequence[str] = (),
    code: Tensor | None = None,
) -> Network:
    """The network of one variant at each position of a slider; what is the same at all is given once.

    settings: the run at each; seen: float32 (F or 1, C, H, W), what the network sees
    masks: of a masked autoencoder, hexadecimal, by default the one that its test errors are measured under
    code: (1, M), where it is known already, as that of a test input in a latent map
    """
    sweep, inputs = checkpoints.load(dataset, variant), torch.from_numpy(seen).split(1)
    count = max(len(settings), len(inputs), len(masks))
    runs = [settings[min(k, len(settings) - 1)] for k in range(count)]
    if not _has_code(sweep[runs[0]]):
        masks = masks or (_mask_of_errors(sweep[runs[0]]),)
        hidden = [masks[min(k, len(masks) - 1)] for k in range(count)]
        frames = (Frame(run, sweep[run].layers, mask=mask) for run, mask in zip(runs, hidden, strict=True))
        return Network(variant, _once(tuple(frames)))
    place = patch_of_most_contrast(sweep[runs[0]], inputs[0])
    patches = [Patchwise(sweep[runs[0]]).patches(x)[:, place] for x in inputs]
    codes = [
        sweep[run].encode(patches[min(k, len(patches) - 1)]) if code is None else code for k, run in enumerate(runs)
    ]
    frames = tuple(_frame(dataset, variant, run, sweep[run], z) for run, z in zip(runs, codes, strict=True))
    shown = corner = None
    if patches[0].shape != inputs[0].shape:
        outputs = [sweep[run].decode(z) for run, z in zip(runs, codes, strict=True)]
        shown = torch.cat(patches).numpy(), torch.cat(outputs).numpy()
        size = patches[0].shape[-1]
        row, column = divmod(place, -(-inputs[0].shape[-1] // size))
        corner = row * size, column * size
    return Network(variant, _once(frames), shown, corner)


def classifier_network(dataset: str) -> Network | None:
    """The masked encoder under fresh output layers, and the decoder that was thrown away; None without a classifier."""
    if not checkpoints.has_classifier(dataset):
        return None
    kept = checkpoints.classifier_header(dataset).ratio
    autoencoder = checkpoints.load(dataset, "masked")[kept]
    discarded = tuple(layer for layer in autoencoder.layers if layer.kind == "decoder")
    frame = Frame(kept, checkpoints.load_classifier(dataset).layers, discarded=discarded)
    return Network("masked", (frame,))


def _has_code(model: nn.Module) -> bool:
    return any(layer.kind == "code" for layer in model.layers)


def _mask_of_errors(model: Masked) -> str:
    return to_hex(patch_mask(model.grid, model.mask_ratio, MASK_SEED))


def _once(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    return frames[:1] if len(set(frames)) == 1 else frames


def patch_of_most_contrast(model: nn.Module, x: Tensor) -> int:
    """Which of the patches of x (1, C, H, W) has the largest variance; 0 where the model sees the whole image."""
    return int(Patchwise(model).patches(x)[0].flatten(2).var(2).mean(1).argmax())


def _frame(dataset: str, variant: str, setting: Setting, model: nn.Module, z: Tensor) -> Frame:
    values = z[0].double().numpy()
    wide = len(values) > MAX_BARS
    chosen = z[0].abs().topk(MAX_HANDLES).indices.tolist() if wide else range(len(values))
    chosen = [unit for unit in chosen if values[unit] or unit == chosen[0] or not wide]
    shown = values[chosen].tolist()
    movable = len(values) <= MAX_HANDLES or "sparsity_weight" in VARIANTS[variant].axis
    handles = _handles(dataset, variant, setting, model, chosen, shown) if movable else [None] * len(chosen)
    bars = tuple(Bar(*bar) for bar in zip(chosen, shown, handles, strict=True))
    return Frame(setting, model.layers, bars, _digits(np.abs(values)) if wide else "")


def _digits(sizes: np.ndarray) -> str:
    """How large each of (M,) is beside the largest, as a hexadecimal digit each; 0 is nothing at all."""
    levels = np.ceil(15 * sizes / (sizes.max() or 1)).astype(np.uint8)
    return np.frombuffer(b"0123456789abcdef", np.uint8)[levels].tobytes().decode()


def _handles(dataset, variant, setting, model, units, values) -> list[Handle | None]:
    try:
        spread = unit_spread(dataset, variant, setting)
    except checkpoints.CheckpointError:  # no test inputs to measure it on: the bars are only shown
        return [None] * len(units)
    limits = code_limits(model)
    return [handle(limits, spread, unit, value) for unit, value in zip(units, values, strict=True)]


def code_limits(model: nn.Module) -> tuple[float, float]:
    """Between which values the activation of the code lets it be."""
    code = next(layer for layer in model.layers if layer.kind == "code")
    return RANGES.get(code.activation, (-np.inf, np.inf))


def handle(limits: tuple[float, float], spread: tuple[Tensor, Tensor], unit: int, value: float) -> Handle:
    """From SPREAD standard deviations below the mean to as many above it, within the limits of the code.

    A value that lies outside is where the range ends.
    """
    mean, std = (float(part[unit]) for part in spread)
    least, most = limits
    low, high = min(value, max(least, mean - SPREAD * std)), max(value, min(most, mean + SPREAD * std))
    own = round((STEPS - 1) * (value - low) / (high - low)) if high > low else 0
    return Handle(low, high, own)


@lru_cache(maxsize=256)
def unit_spread(dataset: str, variant: str, setting: Setting) -> tuple[Tensor, Tensor]:
    """The mean and the standard deviation of each unit of a code, (M,) each, over the first test inputs of the maps.

    CheckpointError where no map is stored.
    """
    codes = checkpoints.load(dataset, variant)[setting].encode(first_inputs(dataset, SAMPLE))
    return codes.mean(0), codes.std(0, correction=0)
