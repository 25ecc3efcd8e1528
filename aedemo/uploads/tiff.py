"""TIFFs that Pillow reads wrongly or not at all: deep, signed, floating-point and planar ones, as their tags mean them.

Unlike Pillow, this honours PhotometricInterpretation, PlanarConfiguration, SampleFormat and every depth. The image is
reduced band by band, so that never all of it is in memory. See TIFF 6.0 (1992).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping

import numpy as np
from PIL import TiffImagePlugin

from aedemo.uploads import limits
from aedemo.uploads.colour import Encoding
from aedemo.uploads.limits import Refused
from aedemo.uploads.samples import Samples, range_of, reduce_rows
from aedemo.uploads.tiff_blocks import FLOAT, SIGNED, UNSIGNED, Layout, read_rows

MAGIC = (b"II*\0", b"MM\0*", b"II+\0")  # the last of BigTIFF
BITS, COMPRESSION, PHOTOMETRIC, FILL_ORDER, PLANAR, PREDICTOR = 258, 259, 262, 266, 284, 317
EXTRA_SAMPLES, SAMPLE_FORMAT, PROFILE = 338, 339, 34675
STRIPS, TILES = (273, 279), (324, 325)  # tags of the offsets and of the bytes
KINDS = {UNSIGNED: UNSIGNED, SIGNED: SIGNED, FLOAT: FLOAT, 4: UNSIGNED}  # SampleFormat: 4 is unknown
LOSSLESS = (1, 5, 8, 32773, 32946, 34925, 50000)  # none, LZW, deflate, PackBits, deflate, LZMA, Zstandard
PACKED = {6: "JPEG", 7: "JPEG", 34712: "JPEG 2000", 34887: "LERC", 50001: "WebP", 50002: "JPEG XL"}
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, CMYK = 0, 1, 2, 5  # PhotometricInterpretation
CHANNELS = {WHITE_IS_ZERO: 1, BLACK_IS_ZERO: 1, RGB: 3, CMYK: 4}
COLOURS = {3: "palette indices", 4: "a mask", 6: "YCbCr colours", 8: "CIELAB colours", 32803: "raw camera data"}
ASSOCIATED, UNASSOCIATED = 1, 2  # ExtraSamples: alpha, multiplied into the colours or not
MAX_SAMPLES = 64  # of a pixel
MAX_TILES = 50_000  # of 32×32 pixels in the largest image; smaller ones take their time


def read_tags(data: bytes) -> Mapping[int, object] | None:
    """The tags of the first image in a TIFF; None where the bytes are no TIFF."""
    if data.startswith(b"MM\0+"):  # which Pillow takes for an ordinary one
        raise Refused(
            "This is a BigTIFF with big-endian numbers, which is not read: save it as an ordinary TIFF first."
        )
    if not data.startswith(MAGIC):
        return None
    directory = TiffImagePlugin.ImageFileDirectory_v2(data[: 16 if b"+" in data[:4] else 8])
    stream = io.BytesIO(data)
    stream.seek(directory.next)
    directory.load(stream)
    return directory


def is_deep(tags: Mapping[int, object]) -> bool:
    """Whether samples have more than 8 bits, or are not unsigned: what Pillow does not read well."""
    return max(_listed(tags, BITS)) > 8 or KINDS.get(max(_listed(tags, SAMPLE_FORMAT))) != UNSIGNED


def read(tags: Mapping[int, object], data: bytes) -> Samples:
    """The samples of a TIFF. Raises Refused where it is of a kind that is not read, ValueError where it is corrupt."""
    limits.check_size(tags[limits.WIDTH], tags[limits.HEIGHT])
    layout = _layout(tags)
    photometric = tags.get(PHOTOMETRIC, RGB if layout.samples in (3, 4) else BLACK_IS_ZERO)
    if photometric not in CHANNELS:
        what = COLOURS.get(photometric, f"colours of the unknown kind {photometric}")
        raise _refused(f"{what}, {layout.bits} bits each", "save it as an RGB or grey image first")
    channels, alpha = CHANNELS[photometric], _alpha(tags, layout, photometric)
    factor = limits.reduction_factor(layout.width, layout.height)
    memory = layout.memory + limits.reduced_bytes(layout.width, layout.height)
    if memory > limits.MAX_MEMORY or (layout.tiled and len(layout.offsets) > MAX_TILES):
        raise limits.too_expensive("TIFF", layout.width, layout.height)
    rows = read_rows(layout, data)
    if alpha is None:
        values = reduce_rows((part[..., :channels] for part in rows), factor)
    else:
        place, multiplied = alpha
        values = reduce_rows(_with_alpha(rows, layout, channels, place, multiplied), factor)
    low, high = (0.0, 1.0) if layout.kind == FLOAT else range_of(layout.bits, layout.kind == SIGNED)
    return Samples(
        values=values[..., :channels],
        alpha=values[..., channels:] if alpha else None,
        bits=0 if layout.kind == FLOAT else layout.bits,
        low=low,
        high=high,
        inverted=photometric == WHITE_IS_ZERO,
        orientation=tags.get(limits.ORIENTATION, 1),
        encoding=Encoding(profile=tags.get(PROFILE)),
    )


def _layout(tags: Mapping[int, object]) -> Layout:
    samples, kind = tags.get(limits.SAMPLES_PER_PIXEL, 1), _kind(tags)
    width, height, tiled = tags[limits.WIDTH], tags[limits.HEIGHT], limits.TILE_WIDTH in tags
    block = min(height, tags.get(limits.ROWS_PER_STRIP, height)), width
    if tiled:
        block = tags[limits.TILE_LENGTH], tags[limits.TILE_WIDTH]
    if min(block) < 1 or not 1 <= samples <= MAX_SAMPLES:
        raise ValueError(f"blocks of {block}, {samples} samples a pixel")
    offsets, counts = (tags.get(tag) for tag in (TILES if tiled else STRIPS))
    layout = Layout(
        width=width,
        height=height,
        samples=samples,
        bits=_listed(tags, BITS)[0],
        kind=kind,
        order="<" if tags.prefix == b"II" else ">",
        compression=tags.get(COMPRESSION, 1),
        predictor=tags.get(PREDICTOR, 1),
        fill_order=tags.get(FILL_ORDER, 1),
        planar=tags.get(PLANAR, 1) == 2 and samples > 1,
        tiled=tiled,
        block=block,
        offsets=offsets,
        counts=counts or (limits.MAX_BYTES,) * len(offsets),
    )
    if len(offsets) < layout.planes * layout.across * layout.down:
        raise ValueError("fewer blocks than the image needs")
    return layout


def _kind(tags: Mapping[int, object]) -> int:
    """UNSIGNED, SIGNED or FLOAT. Raises Refused where samples are something else, or packed in a way not read."""
    bits, kinds, compression = _listed(tags, BITS), _listed(tags, SAMPLE_FORMAT), tags.get(COMPRESSION, 1)
    if max(kinds) in (5, 6):
        raise _refused("complex numbers", "save their magnitude as an image first")
    kind = KINDS.get(kinds[0])
    if len(set(bits)) > 1 or len(set(kinds)) > 1:
        raise _refused("channels that differ in depth", "save it with one depth for all first")
    if kind is None or not 1 <= bits[0] <= 64 or (kind == FLOAT and bits[0] not in (16, 32, 64)):
        raise _refused(f"{bits[0]}-bit numbers of a kind that is not read", "save it as a 16-bit or float TIFF first")
    if compression not in LOSSLESS:
        name = PACKED.get(compression, f"method {compression}")
        raise _refused(f"{bits[0]}-bit samples, compressed by {name}", "save it without compression first")
    return kind


def _alpha(tags: Mapping[int, object], layout: Layout, photometric: int) -> tuple[int, bool] | None:
    """Which sample of a pixel is alpha, and whether the colours are multiplied by it; None where there is no alpha."""
    channels = CHANNELS[photometric]
    if layout.samples < channels:
        raise ValueError(f"{layout.samples} samples for {channels} channels")
    extra = tags.get(EXTRA_SAMPLES, (UNASSOCIATED,) if photometric == RGB and layout.samples == 4 else ())
    for place, meaning in enumerate(extra[: layout.samples - channels], channels):
        if meaning in (ASSOCIATED, UNASSOCIATED):
            return place, meaning == ASSOCIATED
    return None


def _with_alpha(
    rows: Iterator[np.ndarray], layout: Layout, channels: int, place: int, multiplied: bool
) -> Iterator[np.ndarray]:
    """Colours multiplied by alpha, and alpha in [0, 1] after them."""
    opaque = 1.0 if layout.kind == FLOAT else 2.0**layout.bits - 1
    for part in rows:
        alpha = (part[..., place : place + 1] / opaque).clip(0, 1)
        colours = part[..., :channels]
        yield np.concatenate([colours if multiplied else colours * alpha, alpha], axis=2)


def _listed(tags: Mapping[int, object], tag: int) -> tuple[int, ...]:
    """BITS or SAMPLE_FORMAT of each sample; 1 where the tag is missing."""
    value = tags.get(tag, (1,))
    return value if isinstance(value, tuple) else (value,)


def _refused(what: str, advice: str) -> Refused:
    return Refused(f"This is a TIFF of {what}: {advice}.")
