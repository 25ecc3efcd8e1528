"""Cutting images into patches and joining them again."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from aedemo.models.patchwise import Patchwise, patchify, pixel_mask, unpatchify
from aedemo.models.pca import PCA
from tests.tables import fresh

few = st.integers(1, 4)


@settings(deadline=None, max_examples=60)
@given(n=few, channels=few, rows=few, columns=few, size=st.integers(1, 6))
def test_patchify_and_back_is_the_identity(n, channels, rows, columns, size):
    x = torch.rand(n, channels, rows * size, columns * size)
    patches = patchify(x, size)
    assert patches.shape == (n, rows * columns, channels, size, size)
    assert torch.equal(unpatchify(patches, (rows, columns)), x)


def test_patches_are_cut_row_by_row():
    x = torch.rand(2, 3, 8, 12)
    patches = patchify(x, 4)
    for index in range(6):
        row, column = divmod(index, 3)
        expected = x[:, :, 4 * row : 4 * row + 4, 4 * column : 4 * column + 4]
        assert torch.equal(patches[:, index], expected)


def test_patchify_names_the_size_that_sides_must_be_multiples_of():
    with pytest.raises(ValueError, match=r"multiples of 4.*10×8"):
        patchify(torch.rand(1, 1, 10, 8), 4)


def test_pixel_mask_covers_whole_patches():
    mask = torch.tensor([[1.0, 0.0], [0.0, 1.0]]).view(1, 1, 2, 2)
    pixels = pixel_mask(mask, 3)
    assert pixels.shape == (1, 1, 6, 6)
    assert torch.equal(patchify(pixels, 3).mean((2, 3, 4)), mask.flatten(1))


@settings(deadline=None, max_examples=40)
@given(height=st.integers(5, 40), width=st.integers(5, 40))
def test_images_of_any_size_come_back_at_their_size(height, width):
    """With all components PCA is the identity, so patch by patch it gives each image back."""
    whole = Patchwise(identity())
    x = torch.rand(2, 3, height, width)
    z = whole.encode(x)
    assert z.shape == (2, -(-height // 8) * -(-width // 8), 192)
    torch.testing.assert_close(whole.decode(z, height, width), x, atol=1e-5, rtol=0)
    torch.testing.assert_close(whole(x), x, atol=1e-5, rtol=0)


@pytest.mark.parametrize("side", [1, 3, 4])
def test_images_smaller_than_half_a_patch_work_too(side):
    x = torch.rand(1, 3, side, side)
    torch.testing.assert_close(Patchwise(identity())(x), x, atol=1e-5, rtol=0)


def test_each_patch_is_answered_as_if_it_came_alone():
    model = fresh("deep", "photos")
    x = torch.rand(1, 3, 16, 24)
    with torch.no_grad():
        together, alone = Patchwise(model)(x), model(x[:, :, 8:16, 16:24])
    torch.testing.assert_close(together[:, :, 8:16, 16:24], alone)


def test_a_image_as_large_as_the_input_is_one_patch(digits):
    model = fresh("deep")
    with torch.no_grad():
        torch.testing.assert_close(Patchwise(model)(digits[:3]), model(digits[:3]))


def test_knobs_reach_the_model():
    model = identity()
    x = torch.rand(1, 3, 8, 8)
    z = Patchwise(model).encode(x, components=5)
    assert z.shape == (1, 1, 5)
    torch.testing.assert_close(z[0], model.encode(x, components=5))


class Copy(nn.Module):
    """A model of 8×8 patches whose code is the patch."""

    input_shape = (3, 8, 8)

    def encode(self, x):
        return x.flatten(1)

    def decode(self, z):
        return z.view(-1, *self.input_shape)


@settings(deadline=None, max_examples=30)
@given(height=st.integers(5, 40), width=st.integers(5, 40), stride=st.sampled_from([1, 2, 4, 8]))
def test_the_identity_gives_each_image_back_exactly_at_every_stride(height, width, stride):
    x = torch.rand(2, 3, height, width)
    assert torch.equal(Patchwise(Copy(), stride)(x), x)


@pytest.mark.parametrize("stride", [1, 2, 4])
def test_where_patches_overlap_a_pixel_is_the_mean_of_all_that_cover_it(stride):
    model, x = fresh("deep", "photos"), torch.rand(1, 3, 20, 16)  # continued to 24×16
    continued = torch.cat([x, x[:, :, 15:19].flip(2)], 2)
    total, count = torch.zeros(3, 24, 16, dtype=torch.float64), torch.zeros(24, 16)
    with torch.no_grad():
        for top in range(0, 24 - 8 + 1, stride):
            for left in range(0, 16 - 8 + 1, stride):
                rows, columns = slice(top, top + 8), slice(left, left + 8)
                total[:, rows, columns] += model(continued[:, :, rows, columns])[0]
                count[rows, columns] += 1
        overlapping = Patchwise(model, stride)
        torch.testing.assert_close(overlapping(x)[0].double(), (total / count)[:, :20], atol=1e-5, rtol=0)
        z = overlapping.encode(x)
        torch.testing.assert_close(overlapping.decode(z, 20, 16), overlapping(x), atol=1e-5, rtol=0)


def test_a_stride_of_the_patch_size_is_side_by_side_exactly():
    model, x = fresh("deep", "photos"), torch.rand(2, 3, 24, 20)
    with torch.no_grad():
        assert torch.equal(Patchwise(model, 8)(x), Patchwise(model)(x))


@pytest.mark.parametrize("stride", [0, -2, 3, 5, 9, 16])
def test_a_stride_that_does_not_divide_the_patch_is_refused(stride):
    with pytest.raises(ValueError, match=rf"stride must divide the patch size 8, got {stride}"):
        Patchwise(Copy(), stride)


def identity():
    """PCA of 8×8×3 patches with all 192 components."""
    model = PCA((3, 8, 8), 192)
    rotation = torch.linalg.qr(torch.randn(192, 192, generator=torch.Generator().manual_seed(0))).Q
    model.components.copy_(rotation)
    return model
