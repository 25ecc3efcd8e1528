"""What is refused: files with too many bytes, pixels or scans, and what to say of those that are no image.

The size that a file claims is looked at before a pixel is decoded.
"""

from __future__ import annotations

import re

from PIL import Image

MAX_BYTES, MAX_PIXELS = 20_000_000, 50_000_000
MAX_MEMORY = 310_000_000  # bytes, while one image is decoded and reduced
MAX_SCANS = 100  # of a progressive JPEG, which is gone through once for each; programs write some ten
MIN_SIDE, MAX_ASPECT = 4, 20
MAX_SHORT_SIDE = (
    512  # larger images are reduced by a whole number until their shorter side has at most this many pixels
)

NO_IMAGE = (
    "This file is no image that can be read, or not all of it arrived: bring a whole PNG, JPEG, WebP, GIF, TIFF, BMP"
    " or AVIF."
)
HINTS = {  # how other files begin, and what their owners can do
    b"<svg": "This is an SVG, a drawing in words: save it as a PNG first.",
    b"<?xml": "This is a drawing or a text in XML, no image: save it as a PNG first.",
    b"%PDF": "This is a PDF: save its page as a PNG first.",
    b"%!PS": "This is a PostScript file: save it as a PNG first.",
    b"ftypjp2": "This is a JPEG 2000, which few programs read: save it as a PNG first.",
    **dict.fromkeys(
        (b"ftyphe", b"ftypmif1", b"ftypmsf1"),  # heic, heix, hevc, heim, …
        "This is a HEIC photograph, which few programs read: export it as a JPEG first.",
    ),
}
DECODER_BYTES = {"WEBP": 18, "AVIF": 12}  # a pixel: these keep several whole copies, as measured
BITMAP_RUN_LENGTHS = (1, 2)  # BMPs that Pillow unpacks in Python, ten million pixels a second
MAX_PLAIN_PIXELS = 1_000_000  # of a PNM in decimal digits, which Pillow reads in Python, a million a second
# Tags of TIFF.
WIDTH, HEIGHT, BITS_PER_SAMPLE, ORIENTATION, SAMPLES_PER_PIXEL = 256, 257, 258, 274, 277
ROWS_PER_STRIP, TILE_WIDTH, TILE_LENGTH = 278, 322, 323


class Refused(ValueError):
    """What a person is told of a file that is not read: the message is a sentence for them."""


def check_bytes(size: int) -> None:
    """Raise Refused for a file of this many bytes, if there are too many or none."""
    if size > MAX_BYTES:
        upwards = -(-size // 100_000) / 10  # never "20.0 MB; up to 20 MB"
        raise Refused(f"This file has {upwards:.1f} MB; bring an image of up to {MAX_BYTES / 1e6:.0f} MB.")
    if size == 0:
        raise Refused("This file is empty: choose it again, or bring another.")


def check_size(width: int, height: int) -> None:
    """Raise Refused for an image of this many pixels, if it is too large, too small or too long a strip."""
    size, short, long = f"{width}×{height}", min(width, height), max(width, height)
    if width * height > MAX_PIXELS:
        raise Refused(f"This image has {size} pixels; bring one of up to 50 million.")
    if short < MIN_SIDE:
        raise Refused(f"This image has {size} pixels, too few to show anything; bring one of at least 4×4.")
    if long > MAX_ASPECT * short:
        raise Refused(f"This image has {size} pixels, too long a strip; cut out the part that matters and bring that.")


def check_cost(image: Image.Image, data: bytes, decodes: int = 1) -> None:
    """Raise Refused where decoding so often would take too much memory or time, whatever the size of the image."""
    pixels = image.width * image.height
    scans = len(re.findall(rb"\xff\xda\0[\x08\x0a\x0c\x0e]", data)) if image.info.get("progressive") else 0
    in_python = (image.format == "BMP" and image.info.get("compression") in BITMAP_RUN_LENGTHS and pixels > 1e7) or (
        image.format == "PPM" and image.tile[0].codec_name == "ppm_plain" and pixels > MAX_PLAIN_PIXELS
    )
    if in_python or scans * decodes > MAX_SCANS or memory(image) > MAX_MEMORY:
        raise too_expensive(image.format, image.width, image.height)


def too_expensive(kind: str, width: int, height: int) -> Refused:
    """The error for an image of this kind and size whose decoder needs too much memory or time."""
    what = f"{kind} of {width}×{height} pixels"
    return Refused(f"This {what} takes too much memory or time: make it smaller, or save it as a plain JPEG.")


def hint(data: bytes) -> str:
    """What to say of bytes that no decoder could read."""
    start = data[:300].lower()
    return next((words for mark, words in HINTS.items() if mark.lower() in start), NO_IMAGE)


def reduction_factor(width: int, height: int) -> int:
    """The whole number by which an image of this size is reduced."""
    return -(-min(width, height) // MAX_SHORT_SIDE)


def reduced_bytes(width: int, height: int) -> int:
    """Bytes that the reduced image takes, with the copies made of it on the way to a tensor."""
    return 24 * width * height // reduction_factor(width, height) ** 2


def memory(image: Image.Image) -> int:
    """Bytes that decoding and reducing take, at most."""
    pixels = image.width * image.height
    kept = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2}.get(image.mode, 4)  # a pixel, by Pillow
    reduced = reduced_bytes(*image.size)
    if image.format == "TIFF":  # whole strips or tiles are unpacked beside the image, and a lying one is turned
        tags = image.tag_v2
        strip = tags[WIDTH] * min(tags[HEIGHT], tags.get(ROWS_PER_STRIP, tags[HEIGHT]))
        block = tags[TILE_WIDTH] * tags[TILE_LENGTH] if TILE_WIDTH in tags else strip
        bits = tags.get(BITS_PER_SAMPLE, (1,))
        bits = max(sum(bits), bits[0] * tags.get(SAMPLES_PER_PIXEL, 1))
        return pixels * kept * (1 + (tags.get(ORIENTATION, 1) > 1)) + block * bits // 8 + reduced
    if image.info.get("progressive"):  # all coefficients, until the last scan is in
        return pixels * 2 * len(image.getbands()) + reduced
    return pixels * DECODER_BYTES.get(image.format, kept) + reduced
