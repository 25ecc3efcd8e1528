"""The encoder used to classify: what the masked autoencoder computes on whole images, under layers of its own."""

import pytest
import torch
from torch.nn import functional as F

from aedemo.models.classifier import Classifier
from aedemo.models.masked import Masked
from tests.tables import fresh

CLASSES = 7


@pytest.fixture
def masked(digits) -> Masked:
    model = fresh("masked").eval()
    model.init_from_data(digits)
    return model


def test_logits_are_those_of_the_encoder_and_the_output_layers(masked, digits):
    """By hand: the mean over the encoder's tokens, normalized, then one dense layer."""
    x = digits[:20]
    model = Classifier.from_encoder(masked, CLASSES).eval()
    norm, dense = model.fc_norm, model.head
    with torch.no_grad():
        everything = torch.arange(masked.num_patches).expand(len(x), -1)
        code = masked.forward_encoder(x, everything).mean(1)
        code = (code - code.mean(1, keepdim=True)) / (code.var(1, correction=0, keepdim=True) + 1e-5).sqrt()
        expected = F.linear(code * norm.weight + norm.bias, dense.weight, dense.bias)
        logits = model(x)
        torch.testing.assert_close(model.encode(x), masked.encode(x))
    assert logits.shape == (20, CLASSES)
    torch.testing.assert_close(logits, expected, atol=1e-5, rtol=1e-5)


def test_probabilities_are_the_softmax_of_the_logits(masked, digits):
    model = Classifier.from_encoder(masked, CLASSES).eval()
    shares = model.probabilities(digits[:5])
    assert shares.shape == (5, CLASSES) and (shares >= 0).all() and not shares.requires_grad
    torch.testing.assert_close(shares.sum(1), torch.ones(5))
    logits = model(digits[:5]).detach()
    torch.testing.assert_close(shares.log() - logits, (shares.log() - logits)[:, :1].expand(-1, CLASSES))


def test_the_decoder_is_gone(masked):
    names = set(Classifier.from_encoder(masked, CLASSES).state_dict())
    kept = {name for name in masked.state_dict() if name.split(".")[0] in ("patch_embed", "blocks", "norm", "mean")}
    thrown_away = set(masked.state_dict()) - kept
    assert names == kept | {f"{layer}.{part}" for layer in ("fc_norm", "head") for part in ("weight", "bias")}
    assert {name.split(".")[0] for name in thrown_away} == {
        *("decoder_embed", "mask_token", "decoder_blocks", "decoder_norm", "decoder_pred")
    }


def test_the_encoder_is_a_copy_that_learns_without_the_original(masked, digits):
    before = {name: value.clone() for name, value in masked.state_dict().items()}
    model = Classifier.from_encoder(masked.requires_grad_(False), CLASSES)
    assert all(weight.requires_grad for weight in model.parameters())
    F.cross_entropy(model(digits[:8]), torch.arange(8) % CLASSES).backward()
    with torch.no_grad():
        for weight in model.parameters():
            weight -= weight.grad + 0.1
    assert all(torch.equal(value, before[name]) for name, value in masked.state_dict().items())


def test_from_random_weights_only_the_shape_and_the_grey_are_the_encoders(masked):
    model, trained = Classifier.like(masked, CLASSES), masked.state_dict()
    assert model.config == Classifier.from_encoder(masked, CLASSES).config
    assert torch.equal(model.mean, masked.mean)
    for name, value in model.state_dict().items():
        if name in trained and name.endswith("weight") and value.ndim == 2:
            assert value.shape == trained[name].shape and not torch.equal(value, trained[name])


def test_it_is_built_again_from_its_numbers_and_weights(masked, digits):
    model = Classifier.from_encoder(masked, CLASSES).eval()
    again = Classifier(model.input_shape, **model.config).eval()
    again.load_state_dict(model.state_dict(), strict=True)
    assert torch.equal(again(digits[:6]), model(digits[:6]))


def test_photographs_in_colour_have_their_own_grid():
    masked = Masked(
        (3, 24, 16), 0.5, patch_size=8, embed_dim=16, depth=2, num_heads=4, decoder_embed_dim=16, decoder_depth=1
    )
    model = Classifier.from_encoder(masked, 3)
    assert model.grid == (3, 2) and model.config == {
        "classes": 3,
        "patch_size": 8,
        "embed_dim": 16,
        "depth": 2,
        "num_heads": 4,
    }
    assert model(torch.rand(4, 3, 24, 16)).shape == (4, 3)
