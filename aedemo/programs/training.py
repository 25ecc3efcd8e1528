"""A small network trained by plain gradient descent: its errors on the way, and PCA's beside them."""

from functools import partial
from pathlib import Path

import numpy as np
import torch

from aedemo import corruption, uploads
from aedemo.datasets.examples import load_examples
from aedemo.models import dense

DATA = "s-curve"  # a point set, "digits", or "custom": a ZIP of your own images
NOISE = 0.0  # σ of the points
VARIANT = "deep"
LATENT_DIM = 2  # M, how many numbers a code has; sparse and denoising have HIDDEN
HIDDEN = 64
ACTIVATION = "tanh"  # of deep and deeper
SPARSITY_WEIGHT = 0.1  # λ, the weight of Σ|z|
CORRUPTION = "gaussian"  # or "masking": what the denoiser has to take off
LEVEL = 0.2  # how much of it
OPTIMIZER = "adam"  # or "sgd", or "momentum"
LEARNING_RATE = 0.01
BATCH_SIZE = 128
SEED = 0  # of weights, batches and corruption
STEPS = 2000

images = uploads.read_collection({"mine.zip": Path("mine.zip").read_bytes()}).images if DATA == "custom" else None
examples = load_examples(DATA, NOISE, images)
train, test, shape = examples.train, examples.test, examples.train.shape[1:]  # (N, C, H, W); of points (N, 1, 1, D)

networks = {
    "linear": lambda: dense.Linear(shape, LATENT_DIM),
    "shallow": lambda: dense.Shallow(shape, LATENT_DIM),
    "deep": lambda: dense.Deep(shape, LATENT_DIM, HIDDEN, ACTIVATION),
    "deeper": lambda: dense.Deeper(shape, LATENT_DIM, HIDDEN, 2, ACTIVATION),
    "sparse": lambda: dense.Sparse(shape, HIDDEN, SPARSITY_WEIGHT),
    "denoising": lambda: dense.Denoising(shape, HIDDEN, CORRUPTION, LEVEL),
}
torch.manual_seed(SEED)
model = networks[VARIANT]()
model.init_from_data(train)  # the mean is where its code and its last bias begin
sgd = partial(torch.optim.SGD, momentum=0.9 if OPTIMIZER == "momentum" else 0.0)
optimizer = (torch.optim.Adam if OPTIMIZER == "adam" else sgd)(model.parameters(), LEARNING_RATE, fused=True)


def error(x):
    seen = corruption.corrupt(x, CORRUPTION, LEVEL, SEED) if VARIANT == "denoising" else x
    with torch.no_grad():
        return (model(seen) - x).double().square().sum().item() / len(x)


if VARIANT not in ("sparse", "denoising"):
    eigenvalues = torch.linalg.eigvalsh(torch.cov(train.flatten(1).double().T, correction=0))  # rising
    print(f"PCA, M = {LATENT_DIM}: training error {eigenvalues[:-LATENT_DIM].sum():.4g}")

generator, per_epoch = torch.Generator().manual_seed(SEED), max(1, len(train) // BATCH_SIZE)
shown = {0, *np.geomspace(1, STEPS, 88).round().astype(int)}
for step in range(STEPS + 1):
    epoch, place = divmod(step, per_epoch)
    if place == 0:  # a new order, made from the seed
        order = torch.randperm(len(train), generator=torch.Generator().manual_seed(SEED * 1_000_003 + epoch))
    loss = model.loss(train[order[place * BATCH_SIZE :][:BATCH_SIZE]], generator)
    if not loss.isfinite():
        raise SystemExit(f"the error is not finite after step {step}")
    if step in shown:
        print(f"step {step}: training error {error(train):.4g}, test error {error(test):.4g}")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
