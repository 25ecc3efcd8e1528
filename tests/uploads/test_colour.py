"""Colours become sRGB as browsers show them: profiles and gammas, each against the formulas of its standard."""

import io
import struct
import zlib

import numpy as np
import pytest
import torch
from PIL import Image, ImageCms

from aedemo import uploads
from tests.uploads.samples import PIXELS, RGB, assert_near, chunk, filtered, raw_png, written

D65, D50 = (0.3127, 0.3290), (0.3457, 0.3585)
SRGB = (*D65, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
ADOBE = (*D65, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06)  # Adobe RGB (1998), whose gamma is 563 / 256
TO_ADOBE = np.array([[0.57667, 0.18556, 0.18823], [0.29734, 0.62736, 0.07529], [0.02703, 0.07069, 0.99134]])
FROM_XYZ = np.array(
    [[3.2404542, -1.5371385, -0.4985314], [-0.9692660, 1.8760108, 0.0415560], [0.0556434, -0.2040259, 1.0572252]]
)
ADOBE_D50 = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))  # r, g, b


def srgb(light: np.ndarray) -> torch.Tensor:
    """Light (H, W, 3) by the curve of IEC 61966-2-1, (3, H, W)."""
    light = light.clip(0, 1)
    shades = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return torch.from_numpy(shades.astype(np.float32)).permute(2, 0, 1)


def from_adobe(shades: np.ndarray, gamma: float) -> torch.Tensor:
    """Adobe RGB's shades as sRGB, by the matrices that Adobe (2005) and Lindbloom print."""
    return srgb(shades**gamma @ TO_ADOBE.T @ FROM_XYZ.T)


def profile(gamma: float, primaries=ADOBE_D50, space=b"RGB ") -> bytes:
    """An ICC profile, version 2, of a matrix and a power: what Adobe RGB (1998) is, written by hand."""

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    tags = {b"wtpt": b"XYZ " + bytes(4) + fixed(0.9642, 1, 0.8249), b"kTRC": curve}
    for name, primary in zip("rgb", primaries, strict=True):
        tags |= {f"{name}XYZ".encode(): b"XYZ " + bytes(4) + fixed(*primary), f"{name}TRC".encode(): curve}
    start = 132 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data
    head = struct.pack(">I4sI4s4s4s12x4s28x", start + len(body), b"none", 0x02100000, b"mntr", space, b"XYZ ", b"acsp")
    return head + fixed(0.9642, 1, 0.8249) + bytes(48) + table + body


ADOBE_PROFILE = profile(563 / 256)
SRGB_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG", "WEBP"])
def test_an_embedded_profile_is_applied(kind):
    options = {"JPEG": {"quality": 100, "subsampling": 0}, "WEBP": {"lossless": True}}.get(kind, {})
    opened = uploads.open_image(written(RGB, kind, icc_profile=ADOBE_PROFILE, **options))
    expected = from_adobe(PIXELS / 255, 563 / 256)
    assert (expected - torch.from_numpy(PIXELS / 255).permute(2, 0, 1)).abs().mean() > 0.02
    assert_near(opened.pixels, expected, 0.03 if kind == "JPEG" else 0.011)
    assert opened.notes == ("Colours are converted from the embedded profile to sRGB.",)


@pytest.mark.parametrize(
    "unused",
    [SRGB_PROFILE, ADOBE_PROFILE[:200], b"no profile", profile(2.2, space=b"CMYK")],
    ids=["sRGB", "cut", "text", "CMYK"],
)
def test_a_profile_that_is_srgbs_or_cannot_be_used_changes_nothing(unused):
    opened = uploads.open_image(written(RGB, "PNG", icc_profile=unused))
    assert_near(opened.pixels, torch.from_numpy(PIXELS / 255).float().permute(2, 0, 1), 1e-6)
    assert opened.notes == ()


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_a_grey_image_has_a_grey_profile(mode):
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    image = Image.fromarray(ramp).convert(mode)
    read = uploads.read(written(image, "PNG", icc_profile=profile(1.0, space=b"GRAY")))
    assert_near(read, srgb(np.repeat(ramp[..., None] / 255, 3, axis=2)), 0.005)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_ink_is_converted_by_its_profile(kind):
    """A profile whose table says that cyan, whatever else, is a grey of that lightness."""
    image = Image.merge("CMYK", [Image.linear_gradient("L").resize((16, 16)), *[Image.new("L", (16, 16), 9)] * 3])
    data = written(image, kind, icc_profile=cyan_is_lightness(), **({"quality": 100} if kind == "JPEG" else {}))
    lightness = 1 - np.asarray(image)[..., 0] / 255
    light = np.where(lightness > 0.08, ((lightness * 100 + 16) / 116) ** 3, lightness * 100 / 903.3)
    assert_near(uploads.read(data), srgb(np.repeat(light[..., None], 3, axis=2)), 0.03)


def cyan_is_lightness() -> bytes:
    """An ICC profile of a printer: a table of two steps an ink, from CMYK to Lab."""
    corners = [bytes([0 if i & 8 else 255, 128, 128]) for i in range(16)]  # the first ink changes slowest
    ramp = bytes(range(256))
    identity = b"".join(struct.pack(">i", value) for value in (65536, 0, 0, 0, 65536, 0, 0, 0, 65536))
    table = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + identity + ramp * 4 + b"".join(corners) + ramp * 3
    head = struct.pack(">I4sI4s4s4s12x4s28x", 144 + len(table), b"none", 0x02100000, b"prtr", b"CMYK", b"Lab ", b"acsp")
    white = b"".join(struct.pack(">i", round(value * 65536)) for value in (0.9642, 1, 0.8249))
    return head + white + bytes(48) + struct.pack(">I4sII", 1, b"A2B0", 144, len(table)) + table


def png(*chunks: bytes) -> bytes:
    return raw_png(16, 24, 8, 2, filtered(PIXELS), extra=b"".join(chunks))


def gamma(value: float) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", round(value * 100_000)))


def chromaticities(*values: float) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *(round(value * 100_000) for value in values)))


SHADES = PIXELS / 255
GAMMAS = {  # chunks -> what Chromium shows, to a level of 255
    "linear": ((gamma(1),), srgb(SHADES)),
    "0.55": ((gamma(0.55),), srgb(SHADES ** (1 / 0.55))),
    "Adobe RGB": ((gamma(256 / 563), chromaticities(*ADOBE)), from_adobe(SHADES, 563 / 256)),
    "sRGB's primaries, a pure power": ((gamma(0.45455), chromaticities(*SRGB)), srgb(SHADES**2.2)),
    "about sRGB's": ((gamma(0.45455),), None),
    "primaries alone": ((chromaticities(*ADOBE),), None),
    "sRGB by name": ((gamma(1), chunk(b"sRGB", b"\0")), None),
    "impossible primaries": ((gamma(0.45455), chromaticities(*[0] * 8)), None),
    "primaries in a line": ((gamma(0.45455), chromaticities(*[0.3, 0.3] * 4)), None),
    "no gamma": ((gamma(0),), None),
    "a profile, which counts first": ((gamma(1), chunk(b"iCCP", b"x\0\0" + zlib.compress(SRGB_PROFILE))), None),
}


@pytest.mark.parametrize(("chunks", "expected"), GAMMAS.values(), ids=GAMMAS)
def test_gamma_and_primaries_of_a_png_are_converted(chunks, expected):
    opened = uploads.open_image(png(*chunks))
    unchanged = torch.from_numpy(SHADES.astype(np.float32)).permute(2, 0, 1)
    assert_near(opened.pixels, unchanged if expected is None else expected, 0.004)
    assert len(opened.notes) == (expected is not None)


def test_another_white_is_white():
    white = filtered(np.full((24, 16, 3), 255, np.uint8))
    extra = gamma(0.45455) + chromaticities(*D50, *SRGB[2:])
    assert_near(uploads.read(raw_png(16, 24, 8, 2, white, extra=extra)), torch.ones(3, 24, 16), 1e-4)


def test_what_shows_through_is_converted_before_it_lies_on_white():
    rgba = RGB.convert("RGBA")
    rgba.putalpha(128)
    stream = io.BytesIO()
    rgba.save(stream, "PNG", icc_profile=ADOBE_PROFILE)
    expected = from_adobe(SHADES, 563 / 256) * 128 / 255 + 1 - 128 / 255
    assert_near(uploads.read(stream.getvalue()), expected, 0.011)
