"""The Training tab: a small network is trained, and its run can be played, stopped and rewound.

Nothing here is about an image of the sidebar. What is played comes from an address of its own, see replays.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields

from aedemo.corruption import NOISES
from aedemo.datasets.points import POINT_SETS
from aedemo.explore.training import BOTTLENECKED, WIDE, TrainingSettings
from aedemo.models import VARIANTS
from aedemo.page.components import Choice, card, choice
from aedemo.page.components.markup import element
from aedemo.page.components.training import player, setting
from aedemo.page.sidebar import ACCEPTED
from aedemo.page.tab import Tab
from aedemo.page.theme import CLASSES

PREFIX = "training_"  # of the settings' names in links, which other tabs have too
START = TrainingSettings(hidden=32, seed=1)  # falls to PCA's plane, rests there for a while, and bends below it
STEPS = {"digits": 4000}  # where they are more than TrainingSettings has them
TYPES = {field.name: {"str": str, "int": int, "float": float}[field.type] for field in fields(TrainingSettings)}
UPLOAD = "Choose up to 200 images, or a ZIP of them"
DATA = tuple((name, row.title) for name, row in POINT_SETS.items())
TRAINED = tuple((name, VARIANTS[name].title) for name in (*BOTTLENECKED, *WIDE))
OPTIMIZERS = (("sgd", "SGD"), ("momentum", "SGD with momentum"), ("adam", "Adam"))
ACTIVATIONS = (("sigmoid", "sigmoid"), ("tanh", "tanh"), ("relu", "ReLU"))
KINDS = tuple((noise.name, noise.title) for noise in reversed(NOISES.values()))


def _numbers(*values: float) -> tuple[tuple[str, str], ...]:
    return tuple((f"{value:g}", f"{value:g}") for value in values)


def _control(name: str, label: str, options: tuple[tuple[str, str], ...]) -> Choice:
    """A setting; it begins as START has it."""
    start = getattr(START, name)
    return Choice(PREFIX + name, label, options, start if isinstance(start, str) else f"{start:g}")


LEVELS = sorted({round(0.05 * k, 2) for k in range(1, 11)} | set(NOISES["masking"].levels))
EXAMPLES = _control("data", "Data", (*DATA, ("digits", "Digits"), ("custom", "Your images")))
VARIANT = _control("variant", "Network", TRAINED)
LATENT_DIM = _control("latent_dim", "M", _numbers(1, 2, 3, 10, 30))
NOISE = _control("noise", "Noise of the points", _numbers(*(round(0.05 * k, 2) for k in range(11))))
WEIGHT = _control("sparsity_weight", "Sparsity λ", _numbers(0, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1, 2))
KIND = _control("corruption", "Noise", KINDS)
LEVEL = _control("level", "Level", _numbers(*LEVELS))
SEED = _control("seed", "Seed", _numbers(*range(21)))
HIDDEN = _control("hidden", "Hidden units", _numbers(4, 8, 16, 32, 64, 128, 256))
ACTIVATION = _control("activation", "Activation", ACTIVATIONS)
OPTIMIZER = _control("optimizer", "Optimiser", OPTIMIZERS)
RATE = _control("learning_rate", "Learning rate", _numbers(0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 10))
BATCH = _control("batch_size", "Batch size", _numbers(1, 8, 32, 128, 512, 1000))
STEP = Choice(PREFIX + "step", "Step", ())  # which snapshot a link shows; none of the controls, and nothing to train
CONTROLS = (EXAMPLES, VARIANT, LATENT_DIM, NOISE, WEIGHT, KIND, LEVEL, SEED, HIDDEN, ACTIVATION, OPTIMIZER, RATE, BATCH)


def skeleton() -> str:
    """Controls, player, drawings."""
    ranges = (NOISE, WEIGHT, LEVEL, SEED)
    main = (setting(control, as_range=control in ranges) for control in (NOISE, WEIGHT, KIND, LEVEL, SEED))
    more = (setting(control) for control in (HIDDEN, ACTIVATION, OPTIMIZER, RATE, BATCH))
    return card(
        element(
            "div",
            choice(EXAMPLES),
            choice(VARIANT),
            choice(LATENT_DIM),
            *main,
            element(
                "details",
                element("summary", element("span", "Settings"), data_says="settings"),
                element("div", *more, class_="ae-settings"),
                class_="ae-more",
            ),
            class_="ae-settings",
        )
    ) + player(
        "player",
        json.dumps({name: row.dimension for name, row in POINT_SETS.items()}),
        json.dumps(CLASSES),
        UPLOAD,
        f"{ACCEPTED},.zip,application/zip",
        "aedemo-training",
    )


def settings_of_link(values: Mapping[str, str]) -> TrainingSettings:
    """The settings among what a link says of this tab; ValueError as `read_settings`."""
    own = {key.removeprefix(PREFIX): text for key, text in values.items() if key.startswith(PREFIX)}
    own.pop("step", None)
    return read_settings(own)


def read_settings(given: Mapping[str, str]) -> TrainingSettings:
    """Settings as an address has them, what is left out as it is by default; ValueError with a sentence else."""
    if unknown := set(given) - set(TYPES):
        raise ValueError(f"training has no setting {min(unknown)!r}; choose from {', '.join(TYPES)}")
    values: dict[str, object] = {"steps": STEPS[given["data"]]} if given.get("data") in STEPS else {}
    for name, text in given.items():
        try:
            values[name] = TYPES[name](text)
        except ValueError:
            number = "a whole number" if TYPES[name] is int else "a number"
            raise ValueError(f"{name} must be {number}, got {text!r}") from None
    return TrainingSettings(**values)


TAB = Tab("training", "Training", skeleton, None, choices=(*CONTROLS, STEP), seeded=False)
