"""Masked variants: what is removed is never read, patches keep their places, the loss is on removed patches."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from aedemo.models.masked import Masked
from aedemo.models.patchwise import patchify, pixel_mask, unpatchify
from aedemo.models.pca import ProbabilisticPCA
from tests.tables import WHOLE, fresh, random_mask

RATIOS = [0.0, 0.25, 0.5, 0.75, 0.9, 0.95]


def ready(variant: str, digits) -> torch.nn.Module:
    model = fresh(variant)
    return model.fit(digits) if isinstance(model, ProbabilisticPCA) else model.eval()


def small(mask_ratio: float = 0.5) -> Masked:
    torch.manual_seed(0)
    return Masked(
        (1, 8, 8), mask_ratio, patch_size=2, embed_dim=32, depth=2, num_heads=2, decoder_embed_dim=16, decoder_depth=1
    ).eval()


@pytest.mark.parametrize("variant", WHOLE)
@pytest.mark.parametrize("mask_ratio", RATIOS)
def test_removed_pixels_are_never_read(variant, mask_ratio, digits):
    model, x = ready(variant, digits), digits[:4]
    reconstruction = model.reconstruct(x, mask_ratio=mask_ratio, seed=3)
    assert reconstruction.output.isfinite().all()
    removed = pixel_mask(reconstruction.mask, model.patch_size).bool().expand_as(x)
    assert removed.float().mean() == pytest.approx(mask_ratio, abs=0.04)
    for corrupt in (torch.rand_like(x), torch.full_like(x, float("nan"))):
        again = model.reconstruct(torch.where(removed, corrupt, x), mask_ratio=mask_ratio, seed=3)
        assert torch.equal(again.output, reconstruction.output)


@pytest.mark.parametrize("variant", WHOLE)
def test_masks_nest_as_the_ratio_grows_and_follow_the_seed(variant, digits):
    model, x = ready(variant, digits), digits[:2]
    masks = [model.reconstruct(x, mask_ratio=ratio, seed=3).mask for ratio in RATIOS]
    assert all((small <= large).all() for small, large in pairwise(masks))
    assert torch.equal(masks[3], model.reconstruct(x, mask_ratio=0.75, seed=3).mask)
    assert not torch.equal(masks[3], model.reconstruct(x, mask_ratio=0.75, seed=4).mask)


def test_masked_and_imputation_remove_the_same_patches(digits):
    reconstructions = [
        ready(variant, digits).reconstruct(digits[:1], mask_ratio=0.75, seed=8).mask for variant in WHOLE
    ]
    assert all(torch.equal(reconstructions[0], other) for other in reconstructions[1:])


@pytest.mark.parametrize("variant", WHOLE)
@pytest.mark.parametrize("mask_ratio", [-0.1, 1.0, 1.5])
def test_a_ratio_out_of_range_is_named(variant, mask_ratio, digits):
    with pytest.raises(ValueError, match=rf"mask_ratio.*{mask_ratio}"):
        ready(variant, digits).reconstruct(digits[:1], mask_ratio=mask_ratio)


def test_the_ratio_of_training_is_the_default(digits):
    model = small(mask_ratio=0.25)
    assert model.reconstruct(digits[:1]).mask.mean() == 0.25


def test_masks_of_one_batch_may_differ_but_not_in_their_number(digits):
    model = small()
    masks = torch.cat([random_mask(model, 1, 0.5, seed) for seed in (0, 1)])
    with torch.no_grad():
        together = model(digits[:2], masks)
        torch.testing.assert_close(together[1:], model(digits[1:2], masks[1:]))
    uneven = torch.cat([random_mask(model, 1, 0.5, 0), random_mask(model, 1, 0.75, 0)])
    with pytest.raises(ValueError, match="same number"):
        model(digits[:2], uneven)


def test_without_a_gradient_the_same_is_drawn_and_the_image_is_left_alone(digits):
    """Without one, activations are written over the numbers that they are made of."""
    model, mask, x = small(), random_mask(small(), 4, 0.5, 0), digits[:4].clone()
    drawn = model(x, mask)
    with torch.no_grad():
        assert torch.equal(model(x, mask), drawn.detach()) and torch.equal(x, digits[:4])
    drawn.sum().backward()  # nothing that the gradient needs was written over


def test_visible_patches_keep_their_places(digits):
    """With attention and dense layers off, each patch is drawn from itself: a change shows where it was made."""
    model, x = small(), digits[:1]
    with torch.no_grad():
        for block in (*model.blocks, *model.decoder_blocks):
            for last in (block.attn.proj, block.mlp.fc2):
                last.weight.zero_()
                last.bias.zero_()
        mask = random_mask(model, 1, 0.5)
        before = patchify(model(x, mask), 2)
        for place in (mask.flatten() == 0).nonzero().flatten().tolist():
            patches = patchify(x, 2)
            patches[:, place] = 1 - patches[:, place]
            after = patchify(model(unpatchify(patches, model.grid), mask), 2)
            changed = (after != before).flatten(2).any(2)[0]
            assert changed.nonzero().flatten().tolist() == [place]


def test_the_same_patches_in_other_places_draw_another_image(digits):
    model, x = small(), digits[:1]
    mask = random_mask(model, 1, 0.5)
    first, second = (mask.flatten() == 0).nonzero().flatten()[[0, -1]].tolist()
    patches = patchify(x, 2)
    patches[:, first], patches[:, second] = 0.2, 0.9
    exchanged = patches.clone()
    exchanged[:, first], exchanged[:, second] = patches[:, second], patches[:, first]
    removed = pixel_mask(mask, 2).bool()
    with torch.no_grad():
        one, other = (model(unpatchify(p, model.grid), mask)[removed] for p in (patches, exchanged))
    assert (one - other).abs().max() > 1e-4


class Watched(Masked):
    """Remembers which patches were visible in the last forward pass."""

    def forward_encoder(self, x, visible):
        self.visible = visible
        return super().forward_encoder(x, visible)


def test_loss_is_the_mean_squared_error_on_removed_patches(digits, generator):
    torch.manual_seed(0)
    model = Watched(
        (1, 8, 8), 0.75, patch_size=2, embed_dim=32, depth=1, num_heads=2, decoder_embed_dim=16, decoder_depth=1
    )
    x = digits[:8]
    loss = model.loss(x, generator).item()
    assert len({tuple(row.sort().values.tolist()) for row in model.visible}) > 1  # each image has a mask of its own
    mask = torch.ones(8, 16).scatter(1, model.visible, 0).view(8, 1, 4, 4)
    assert (mask.sum((1, 2, 3)) == 12).all()
    removed = pixel_mask(mask, 2).bool().numpy()
    with torch.no_grad():
        difference = (model(x, mask) - x).double().numpy()
    assert loss == pytest.approx(np.square(difference[removed]).mean(), rel=1e-5)


@pytest.mark.parametrize("mask_ratio", RATIOS)
def test_loss_is_finite_at_each_ratio(mask_ratio, digits, generator):
    assert small(mask_ratio).loss(digits[:4], generator).isfinite()


@pytest.mark.parametrize("seed", (0, 1))
def test_masks_packed_into_one_sequence_do_not_see_one_another(seed, digits):
    model, x = small(), digits[seed : seed + 1]
    masks = torch.cat([random_mask(model, 1, ratio, seed) for ratio in RATIOS])
    with torch.no_grad():
        packed, alone = model.forward_packed(x, masks), torch.cat([model(x, mask[None]) for mask in masks])
    assert len({int(mask.sum()) for mask in masks}) == len(RATIOS)  # each keeps another number of patches
    torch.testing.assert_close(packed, alone)
