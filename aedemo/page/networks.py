"""The networks of the tabs, as their diagrams take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from aedemo.checkpoints import Setting, setting_name
from aedemo.corruption import percent
from aedemo.explore.compare import ModelColumn
from aedemo.explore.latent import LatentView
from aedemo.explore.network import Frame, Network, classifier_network, network
from aedemo.models import VARIANTS
from aedemo.models.layers import Layer
from aedemo.page.components import Diagram, DiagramFrame
from aedemo.page.readouts import run_words
from aedemo.page.sprites import sprite

START = "deep"  # the column of Compare that is shown first


def diagram(
    data: str,
    variant: str,
    settings: Sequence[Setting],
    seen: np.ndarray,
    slider: str,
    shown: tuple[str, str],
    target: str = "",
    masks: Sequence[str] = (),
    error: str = "",
    traversal: str = "",
) -> Diagram:
    """The network of a variant at each position of a slider.

    settings, seen, masks: see explore.network; shown: the filmstrips of what it sees and of what it reconstructs;
    target: of a denoiser, the filmstrip of the clean image; error: that of the error map; traversal: that of one unit's
    activations
    """
    found = network(data, variant, settings, seen, masks)
    return replace(_diagram(found, slider, *shown, target), error=error, traversal=traversal)


def latent_diagram(data: str, view: LatentView) -> Diagram:
    """The network whose code is mapped, with the code of what was chosen in the maps."""
    side = view.code
    found = network(data, side.variant, (side.setting,), view.chosen, code=side.code)
    point = "" if view.picked is None else str(view.picked)
    return replace(_diagram(found, "", "chosen", "reconstruction-code"), point=point)


def compared(data: str, columns: Sequence[ModelColumn], sliders: Mapping[str, str]) -> tuple[Diagram, ...]:
    """The networks of the columns, the one that is shown at the start first; sliders: by the columns' axes."""
    clean = next((f"saw-{column.variant}" for column in columns if len(column.saw) == 1), "")
    found = [
        diagram(
            data, column.variant, column.settings, column.saw, sliders[column.axis],
            (f"saw-{column.variant}", f"reconstruction-{column.variant}"),
            target=clean if column.axis == "noise_std" else "", masks=column.masks, error=f"error-{column.variant}",
        )
        for column in columns
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.variant != START))


def classifier_diagram(data: str) -> tuple[Diagram, ...]:
    """The encoder that was put into a classifier; none where there is no classifier."""
    found = classifier_network(data)
    if found is None:
        return ()
    made, frame = _diagram(found, "", "clean", ""), found.frames[0]
    title = f"Classifier: the encoder trained at {percent(frame.setting)}, its decoder thrown away"
    shown = replace(made.frames[0], title=title, words=f"{title}: {layer_words(frame.layers)}.")
    return (replace(made, frames=(shown,)),)


def _diagram(found: Network, slider: str, input: str, output: str, target: str = "") -> Diagram:
    row = VARIANTS[found.variant]
    patch = None if found.patches is None else tuple(sprite(images) for images in found.patches)
    frames = [_frame(row.title, found.variant, frame, patch is not None) for frame in found.frames]
    tint = row.wide_of or row.name
    return Diagram(found.variant, tint, slider, input, output, frames, target, patch, found.place)


def _frame(title: str, variant: str, frame: Frame, patch: bool) -> DiagramFrame:
    trained = "trained at " if VARIANTS[variant].axis[0] in ("noise", "mask_ratio") else ""  # the slider's is another
    name = f"{title}, {trained}{run_words(variant, frame.setting)}"
    return DiagramFrame(
        setting_name(frame.setting), name, f"{name}: {layer_words(frame.layers, frame.mask, patch)}.", frame.layers,
        frame.bars, frame.units, frame.mask, frame.discarded,
    )  # fmt: skip


def layer_words(layers: Sequence[Layer], mask: str = "", patch: bool = False) -> str:
    """The layers one after the other, as a sentence says them."""
    return ", ".join(_words(layer, mask, patch) for layer in layers)


def _words(layer: Layer, mask: str, patch: bool) -> str:
    hidden = int(mask or "0", 16).bit_count()
    units = f"{layer.size:,} {layer.activation} unit{'s' if layer.size > 1 else ''}".replace("  ", " ")
    blocks = f"{layer.count} block{'s' if layer.count > 1 else ''} of width {layer.size}"
    return {
        "input": f"{layer.count} patches of {layer.size} numbers" if layer.count > 1 else f"{layer.size:,} inputs",
        "dense": units,
        "code": f"a code of {units}",
        "tokens": f"{layer.count - hidden} of {layer.count} tokens",
        "encoder": f"an encoder of {blocks}",
        "mask_tokens": f"{hidden} mask tokens",
        "decoder": f"a decoder of {blocks}",
        "classes": f"{layer.size} classes",
        "output": f"{layer.count} patches reconstructed" if layer.count > 1 else f"{layer.size:,} outputs",
    }[layer.kind] + (" (one patch)" if patch and layer.kind == "input" else "")
