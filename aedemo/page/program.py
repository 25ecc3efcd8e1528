"""The code of a view: the program of its tab (programs/<tab>.py) with what is chosen on the page written into it.

The settings of a program stand on its top as `NAME = literal`. Each has one key: a choice its name (TRAINED_AT:
`trained_at`), a slider its element's id (MASK_RATIO: `masked-mask-ratio`, on Compare `mask-ratio`). What is written
into a program comes from tables of the code, never from the text that was received.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from importlib.resources import files
from itertools import accumulate

from aedemo import checkpoints, datasets
from aedemo.checkpoints import setting_name
from aedemo.corruption import MASK_KINDS, NOISES, TEST_MASK_RATIOS
from aedemo.explore.compare import compared_variants
from aedemo.explore.denoising import trained_levels
from aedemo.explore.filmstrips import bottlenecks
from aedemo.explore.gallery import gallery
from aedemo.explore.interpolation import STEPS, interpolation
from aedemo.explore.latent import BASELINE, mapped
from aedemo.explore.masked import BY_HAND, START_RATIO, from_hex
from aedemo.explore.opened import parse_frame
from aedemo.models import VARIANTS
from aedemo.page.overlap import TITLES
from aedemo.page.renamed import VALUES, renamed
from aedemo.page.sidebar import SEEDS
from aedemo.page.tabs import ALL_TABS
from aedemo.page.training import TAB as TRAINING
from aedemo.page.training import settings_of_link

Settings = dict[str, object]  # by the names in a program
SLIDERS = ("BOTTLENECK", "SPARSITY", "NOISE", "MASK_RATIO", "INTERPOLATION")
# Each program reads an image of the gallery; of other images it says where they are from in other words.
FROM_GALLERY, GALLERY_WORDS = "aedemo.from_gallery(DATA, IMAGE)", "its name in the gallery"
FROM_FILE, FILE_WORDS = "aedemo.uploads.for_dataset(aedemo.uploads.read(IMAGE), DATA{frame})", "a file of your own"
FROM_MAP, MAP_WORDS = "aedemo.from_map(DATA, IMAGE)", "a test image in the maps, or what PCA keeps of it"
CUSTOM_FILE = "mine.png"
BESIDE = {"latent": ("point",), "sparse": ("unit", "sparse-unit")}  # of a link, but no settings of the tab's program
DEPENDED_ON = ("DATA", "KIND", "VARIANT", "RUN", "AXES")


def program(tab: str, values: Mapping[str, str]) -> str:
    """A short Python program that computes what a tab shows and prints its numbers.

    values: by the keys above, and `data`, `image` (a name in the gallery, "" for a user's), `seed`; for a user's
    image `frame`, the part that the models see, "0.1,0.2,0.9,0.8" (or `crop`, as older links have it, where the
    square was cut, "0.5,0.25"); on Latent `point`, a test image by its index in the maps, which takes the image's
    place. What is left out or empty is as the program has it, or what comes nearest to that.
    Raises ValueError for an unknown tab or key, and for a value that the page does not offer.
    """
    tab, values = VALUES.get(tab, tab), renamed(values)
    if tab not in (tabs := sorted(row.name for row in ALL_TABS)):
        raise ValueError(f"tab {tab!r} is unknown; choose one of {', '.join(tabs)}")
    source = read_program(tab)
    if tab == TRAINING.name:
        return with_settings(source, settings_of_link(values).program())
    defaults = {name: ast.literal_eval(node.value) for node, name in _assigned(source)}
    keys = {key_of(tab, name): name for name in defaults} | {"seed": "SEED"}  # every link has a seed, used or not
    beside = ("frame", *BESIDE.get(tab, ()))
    if unknown := set(values) - {*keys, *beside, "crop"}:
        raise ValueError(f"{tab} has no setting {min(unknown)!r}; choose from {', '.join((*keys, *beside))}")
    for key in BESIDE.get(tab, ()):
        if not re.fullmatch(r"[\d.:]*", values.get(key) or ""):
            raise ValueError(f"{key} is {values[key]!r}; give numbers")
    own, point = values.get("image") == "", values.get("point")
    frame = _frame(values.get("frame") or values.get("crop") or "")
    chosen = {"IMAGE": CUSTOM_FILE} if own else {}
    for name, default in {"SEED": 0, **defaults}.items():  # in their order: what is offered depends on those above
        if name not in chosen:
            key = key_of(tab, name)
            chosen[name] = _choose(key, values.get(key), OFFERS[name](tab, chosen), default)
    if chosen.get("MASK") == BY_HAND:
        chosen |= _mask_by_hand(chosen["DATA"], values.get("hand", ""))
    if point and (index := _point(point, chosen)) is not None:
        chosen["IMAGE"] = index
        source = source.replace(FROM_GALLERY, FROM_MAP).replace(GALLERY_WORDS, MAP_WORDS)
    elif own:
        source = source.replace(FROM_GALLERY, FROM_FILE.format(frame=frame)).replace(GALLERY_WORDS, FILE_WORDS)
    return with_settings(source, chosen)


def read_program(tab: str) -> str:
    """The text of programs/<tab>.py."""
    return (files("aedemo") / "programs" / f"{tab}.py").read_text("utf-8")


def _assigned(source: str) -> Iterator[tuple[ast.Assign, str]]:
    """The lines `NAME = literal` of a program, each with its name."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper():
            yield node, node.targets[0].id


def with_settings(source: str, chosen: Settings) -> str:
    """The program with other literals behind its settings; the words beside them stay."""
    lines = source.splitlines(keepends=True)
    for node, name in _assigned(source):
        line = lines[node.lineno - 1]
        lines[node.lineno - 1] = f"{name} = {_literal(chosen[name])}{line[node.value.end_col_offset :]}"
    return "".join(lines)


def _literal(value: object) -> str:
    """As ruff would write it: strings in double quotes."""
    if isinstance(value, tuple):
        return f"({', '.join(map(_literal, value))})"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def key_of(tab: str, name: str) -> str:
    """BOTTLENECK on Linear -> "linear-bottleneck", PATCHES -> "linear_patches"."""
    if name == "PATCHES":
        return f"{tab}_patches"
    if name not in SLIDERS:
        return name.lower()
    slider = name.lower().replace("_", "-")
    return slider if tab == "compare" else f"{tab}-{slider}"


def _choose(key: str, text: str | None, offered: Sequence, default: object) -> object:
    """What a text says, of what is offered; without one what is nearest to the default, where nothing is offered it."""
    if not offered:
        return default
    if text:
        for value in offered:
            if _says(text, value):
                return value
        span = isinstance(offered, range)
        range_words = f"take a whole number from {offered[0]} to {offered[-1]}" if span else ""
        raise ValueError(f"{key} is {text!r}; {range_words or 'choose one of ' + ', '.join(map(_shown, offered))}")
    if all(isinstance(value, int | float) for value in (default, *offered)):
        return min(offered, key=lambda value: abs(value - default))
    return default if default in offered and key != "target" else offered[0]  # the page chooses by itself


def _says(text: str, value: object) -> bool:
    """Whether a text names a value: "010" and "10" both 10, "75 %" and "0.75" both 0.75."""
    if not isinstance(value, int | float):
        return text == _shown(value)
    try:
        return value == (float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text))
    except ValueError:
        return False


def _shown(value: object) -> str:
    return setting_name(value) if isinstance(value, tuple) else str(value)


def _frame(text: str) -> str:
    """ "0.1,0.2,0.9,0.8" as an argument of `for_dataset`; nothing of "", where the program guesses as the page does."""
    if not text:
        return ""
    number = r"(?:[01](?:\.\d{1,6})?)"
    if not re.fullmatch(rf"{number}(,{number}){{1,3}}", text):
        raise ValueError(f"frame is {text!r}; give left, top, right and bottom from 0 to 1, as 0.1,0.2,0.9,0.8")
    frame = parse_frame(text, (2, 2))
    if text.count(",") == 3:
        return f", aedemo.uploads.Frame({', '.join(f'{side:g}' for side in astuple(frame))})"
    across, down = map(float, text.split(","))
    size = "*aedemo.uploads.read(IMAGE).shape[1:]"
    return "" if across == down == 0.5 else f", aedemo.uploads.Frame.square({size}, {across:g}, {down:g})"


def _mask_by_hand(data: str, digits: str) -> Settings:
    """The mask as it was made; where it is none of this data set's, the random one at 75 %, as the page has it."""
    if not re.fullmatch(r"[0-9a-f]*", digits):
        raise ValueError(f"hand is {digits!r}; give hexadecimal digits, four patches each")
    masked = checkpoints.load(data, "masked")
    if from_hex(digits, masked[masked.values[0]].grid) is None:
        return {"MASK": "random", "MASK_RATIO": START_RATIO}
    return {"HAND": digits}


def _point(text: str, chosen: Settings) -> int | None:
    """The index of a test image; None on a map of whole photographs, which are not those of PCA's map beside it."""
    data, variant = chosen["DATA"], chosen["VARIANT"]
    found = checkpoints.load_latent_map(data, variant, chosen["RUN"])
    index = _choose("point", text, range(len(found.labels)), None)
    return None if VARIANTS[variant].masks and datasets.get(data).patchwise else index


def _items(tab: str, chosen: Settings) -> tuple[str, ...]:
    """The gallery, without the image that is chosen already."""
    return tuple(item.id for item in gallery(chosen["DATA"]) if item.id != chosen.get("IMAGE"))


def _targets(tab: str, chosen: Settings) -> tuple[str, ...]:
    """The images to go to, first the one that the page goes to by itself."""
    items = _items(tab, chosen)
    if chosen["IMAGE"] == CUSTOM_FILE:
        return items
    found = interpolation(chosen["DATA"], f"gallery:{chosen['IMAGE']}")
    return (found.target, *(name for name in items if name != found.target)) if found else items


def _variants(tab: str, chosen: Settings) -> tuple[str, ...]:
    return tuple(name for name in mapped(chosen["DATA"]) if name != BASELINE)


def _units(tab: str, chosen: Settings) -> tuple[int, ...]:
    """The units that can be axes; none of a code that is shown whole."""
    found = checkpoints.load_latent_map(chosen["DATA"], chosen["VARIANT"], chosen["RUN"])
    return () if found.latent_dim <= 3 else tuple(found.units.tolist())


def _axis(tab: str, chosen: Settings) -> tuple[int, ...]:
    """The units that this axis can be, other than the one before."""
    return tuple(u for u in _units(tab, chosen) if u != chosen.get("ACROSS")) if chosen["AXES"] else ()


def _sweep(chosen: Settings, variant: str) -> checkpoints.Sweep:
    return checkpoints.load(chosen["DATA"], variant)


# What a setting can be: the tab, what is chosen above it -> values; none where the view makes no use of it.
OFFERS: dict[str, Callable[[str, Settings], Sequence]] = {
    "DATA": lambda tab, chosen: tuple(checkpoints.available()),
    "IMAGE": _items,
    "SEED": lambda tab, chosen: range(SEEDS + 1),
    "BOTTLENECK": lambda tab, chosen: bottlenecks(chosen["DATA"]),
    "SPARSITY": lambda tab, chosen: _sweep(chosen, "sparse").values,
    "KIND": lambda tab, chosen: tuple(NOISES),
    "MASK": lambda tab, chosen: (*MASK_KINDS, BY_HAND),
    "TRAINED_AT": lambda tab, chosen: trained_levels(_sweep(chosen, "denoising"), chosen["KIND"]),
    "NOISE": lambda tab, chosen: NOISES[chosen.get("KIND", "gaussian")].test_levels(),
    "RATIO": lambda tab, chosen: _sweep(chosen, "masked").values,
    "MASK_RATIO": lambda tab, chosen: () if chosen.get("MASK") == BY_HAND else TEST_MASK_RATIOS,
    "HAND": lambda tab, chosen: (),  # read by _mask_by_hand
    "PATCHES": lambda tab, chosen: tuple(dict(TITLES)),  # of whole images both are the same
    "MODEL": lambda tab, chosen: compared_variants(),
    "TARGET": _targets,
    "INTERPOLATION": lambda tab, chosen: STEPS,
    "VARIANT": _variants,
    "RUN": lambda tab, chosen: mapped(chosen["DATA"])[chosen["VARIANT"]],
    "AXES": lambda tab, chosen: ("", "units") if _units(tab, chosen) else ("",),
    "ACROSS": _axis,
    "UP": _axis,
}


@dataclass(frozen=True)
class Template:
    """A program whose settings can be filled in elsewhere: text[0] + literal + text[1] + …, as static.js does it.

    names: of each setting its name, its key in links, and the literal that stands where nothing is chosen
    offered: of each name its values as the page shows them -> literals, over all data sets
    """

    text: tuple[str, ...]
    names: tuple[dict[str, str], ...]
    offered: dict[str, dict[str, str]]


def template(tab: str) -> Template:
    """The program of a tab's views of the gallery."""
    source = read_program(tab)
    lines = source.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, lines))]
    text, names, end = [], [], 0
    for node, name in _assigned(source):
        first = starts[node.lineno - 1] + node.value.col_offset
        text.append(source[end:first])
        end = starts[node.lineno - 1] + node.value.end_col_offset
        names.append({"name": name, "key": key_of(tab, name), "literal": source[first:end]})
    defaults = {name: ast.literal_eval(node.value) for node, name in _assigned(source)}
    offered: dict[str, dict[str, str]] = {name: {} for name in defaults}
    _collect(tab, tuple(defaults.items()), {}, offered)
    return Template((*text, source[end:]), tuple(names), offered)


def _collect(tab: str, rest: Sequence[tuple[str, object]], chosen: Settings, offered: dict[str, dict[str, str]]):
    """What is offered depends on what is chosen above it: all of DEPENDED_ON are tried, of others two."""
    if not rest:
        return
    (name, default), *below = rest
    values = OFFERS[name](tab, chosen) or (default,)
    offered[name] |= {_shown(value): _literal(value) for value in values}
    for value in values if name in DEPENDED_ON else values[:2]:
        _collect(tab, below, chosen | {name: value}, offered)
