"""Minimizing a model's own loss: seeded, resumable, on a CPU or a GPU."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel
from tqdm import tqdm

from aedemo import atomic
from aedemo.training.recipes import Recipe

SAVE_EVERY = 1000  # steps between two resume points


def fit(
    model: nn.Module,
    images: Tensor,
    recipe: Recipe,
    seed: int,
    device: torch.device,
    resume: Path | None = None,
    compiled: bool = False,
    observe: Callable[[int], None] | None = None,
) -> nn.Module:
    """Train `model` on images (N, C, H, W), float32 in [0, 1] or uint8; returns it on the CPU, in eval mode.

    The same seed gives the same batches and the same noise. Where `resume` is a path, the state is kept there while
    training goes on, and a run that was stopped continues from it. compiled: the loss of gradient steps goes through
    torch.compile, which needs a C++ compiler; the weights then differ in their last digits.
    observe: called with k before step k + 1 of random batches and after the last, when the model has made k of them; it
    may look at the model.
    Raises ValueError for an optimizer or schedule that does not exist.
    """
    if recipe.optimizer == "fit":
        return model.fit(as_floats(resized(images, model.input_shape[1:]))).eval()
    if recipe.optimizer == "alternating":
        return _fit_alternating(model, images, recipe.steps).eval()
    if recipe.optimizer == "lbfgs":
        model.init_from_data(images)
        return _minimize(model, as_floats(images[: recipe.sample]), recipe.steps).eval()
    with tqdm(total=recipe.steps, mininterval=5, leave=False) as progress:
        for step, loss in descend(model, images, recipe, seed, device, resume, compiled):
            progress.update(step - progress.n)
            if observe:
                observe(step)
            if step % 100 == 0:
                progress.set_postfix(loss=f"{loss.item():.5f}", refresh=False)
    if observe:
        observe(recipe.steps)
    return model.eval()


def descend(
    model: nn.Module,
    images: Tensor,
    recipe: Recipe,
    seed: int,
    device: torch.device,
    resume: Path | None = None,
    compiled: bool = False,
) -> Iterator[tuple[int, Tensor]]:
    """Gradient descent as `fit` does it, one step whenever the caller asks for the next item.

    Yields (k, the loss of the batch that step k + 1 is made from) before each step, when the model has made k of them:
    whoever looks at the model then changes nothing of the result. When it ends all steps are made, and the model is on
    the CPU.
    """
    model.init_from_data(images)
    model.to(device).train()
    optimizer = make_optimizer(model, recipe)
    cycle = -(-recipe.steps // recipe.cycles)
    generator = torch.Generator(device).manual_seed(seed)
    state = {"model": model, "optimizer": optimizer, **_schedule(optimizer, recipe, cycle)}
    first = read_state(resume, state, generator)
    images = images.to(device)
    loss_of = torch.compile(model.loss) if compiled else model.loss
    for step, chosen in zip(range(first, recipe.steps), _batches(len(images), recipe, seed, first), strict=False):
        if step and step % cycle == 0:
            state |= _schedule(optimizer, recipe, cycle)
        x = _prepared(images[chosen.to(device)], recipe, model.input_shape, generator)
        with precision(recipe.bfloat16, device):
            loss = loss_of(x, generator)
        yield step, loss.detach()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if recipe.max_norm is not None:
            nn.utils.clip_grad_norm_(model.parameters(), recipe.max_norm)
        optimizer.step()
        if "schedule" in state:
            state["schedule"].step()
        if resume and (step + 1) % SAVE_EVERY == 0:
            write_state(resume, state, generator, step + 1)
    if resume:
        resume.unlink(missing_ok=True)
    model.to("cpu")


def make_optimizer(model: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """The optimizer of gradient steps. AdamW without weight decay is Adam."""
    rate, decay = recipe.learning_rate, recipe.weight_decay
    if recipe.optimizer == "adamw":
        betas = (0.9, recipe.beta2)
        return torch.optim.AdamW(model.parameters(), rate, betas=betas, weight_decay=decay, fused=True)
    if recipe.optimizer == "sgd":
        return torch.optim.SGD(model.parameters(), rate, recipe.momentum, weight_decay=decay, fused=True)
    raise ValueError(f"optimizer {recipe.optimizer!r} is unknown; choose one of adamw, sgd, lbfgs, alternating, fit")


def _schedule(optimizer: torch.optim.Optimizer, recipe: Recipe, cycle: int) -> dict:
    """The schedule of one cycle, by its name in the state; none where the learning rate is constant."""
    if recipe.schedule == "one-cycle":
        return {"schedule": one_cycle(optimizer, cycle, recipe.warmup)}
    if recipe.schedule == "constant":
        return {}
    raise ValueError(f"schedule {recipe.schedule!r} is unknown; choose one of one-cycle, constant")


def one_cycle(optimizer: torch.optim.Optimizer, steps: int, warmup: float) -> torch.optim.lr_scheduler.OneCycleLR:
    """A schedule that raises each group's learning rate to its own in a fraction of the steps, then lowers it to 0.

    Smith and Topin, Super-convergence (2018). It would divide by zero where the rise lasts one step: so it lasts two.
    """
    rates = [group.get("max_lr", group["lr"]) for group in optimizer.param_groups]  # max_lr: of a cycle before
    warmup = min(0.9, max(warmup, 2 / steps))
    return torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rates, total_steps=steps, pct_start=warmup, cycle_momentum=False
    )


def precision(bfloat16: bool, device: torch.device) -> contextlib.AbstractContextManager:
    """A forward pass in mixed precision where it is asked for and the machine computes faster in it."""
    if not bfloat16 or (device.type == "cpu" and not torch.cpu.get_capabilities().get("amx_bf16")):
        return contextlib.nullcontext()  # a CPU without matrix units for it computes faster in float32
    context = contextlib.ExitStack()
    context.enter_context(torch.autocast(device.type, torch.bfloat16))
    if device.type == "cpu":  # the fused attention of a CPU is several times slower backwards in bfloat16
        context.enter_context(sdpa_kernel(SDPBackend.MATH))
    return context


def _batches(count: int, recipe: Recipe, seed: int, first: int) -> Iterator[Tensor]:
    """Which inputs each step sees, from `first` on: each epoch goes through a permutation of its own, from the seed."""
    per_epoch = max(1, count // recipe.batch_size)
    for step in itertools.count(first):
        epoch, place = divmod(step, per_epoch)
        if step == first or place == 0:
            order = torch.randperm(count, generator=torch.Generator().manual_seed(seed * 1_000_003 + epoch))
        yield order[place * recipe.batch_size :][: recipe.batch_size]


def _prepared(x: Tensor, recipe: Recipe, shape: tuple[int, int, int], generator: torch.Generator) -> Tensor:
    """A batch as the model sees it: cropped where the recipe says so, at the model's size, as floats."""
    if recipe.crop is not None:
        x = random_crops(x, recipe.crop, generator)
    return as_floats(resized(x, shape[1:]))


def random_crops(x: Tensor, smallest: float, generator: torch.Generator) -> Tensor:
    """Square crops of x (N, C, H, W), all of one random size, at least `smallest` of the side; half are mirrored."""
    n, _, height, width = x.shape
    uniform = torch.rand((3, n), generator=generator, device=generator.device)
    side = round(min(height, width) * (smallest + (1 - smallest) * uniform[0, 0].item()))
    top = (uniform[1] * (height - side + 1)).long()
    left = (uniform[2] * (width - side + 1)).long()
    steps = torch.arange(side, device=x.device)
    rows, columns = top[:, None] + steps, left[:, None] + steps
    mirrored = torch.rand(n, generator=generator, device=generator.device) < 0.5
    columns = torch.where(mirrored[:, None], columns.flip(1), columns)
    index = torch.arange(n, device=x.device)[:, None, None]
    return x.permute(0, 2, 3, 1)[index, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def resized(x: Tensor, size: tuple[int, int]) -> Tensor:
    """Images (N, C, H, W) of floats or bytes at another size (H, W), without aliasing; bytes stay bytes."""
    if tuple(x.shape[-2:]) == tuple(size):
        return x
    parts = [F.interpolate(part.float(), size, mode="bilinear", antialias=True) for part in x.split(1000)]
    scaled = torch.cat(parts)
    return scaled if x.is_floating_point() else scaled.round().clamp(0, 255).to(x.dtype)


def as_floats(x: Tensor) -> Tensor:
    """Bytes as float32 in [0, 1]; floats as they are."""
    return x if x.is_floating_point() else x.float() / 255


def _fit_alternating(model: nn.Module, images: Tensor, steps: int) -> nn.Module:
    """Alternating least squares for the linear autoencoder: each half step minimizes E over one layer, exactly.

    A network without nonlinearity sees the mean and the covariance C of its inputs, nothing else. Given the decoder W,
    the best encoder is V = (WᵀW)⁻¹ Wᵀ; given the encoder, the best decoder is W = C Vᵀ (V C Vᵀ)⁻¹. E never rises, and
    its only minimum is PCA's subspace (Baldi and Hornik, Neural networks and principal component analysis, 1989).
    """
    model.init_from_data(images)
    x = images.flatten(1).double() - model.mean
    covariance = x.T @ x / len(x)
    # Fewer inputs than M, or inputs that are alike, leave directions without variance, in which no solve is possible.
    covariance.diagonal().add_(1e-12 * covariance.trace().clamp_min(1e-6) / len(covariance))
    decoder = nn.init.orthogonal_(torch.empty(len(covariance), model.encoder[0].out_features, dtype=torch.float64))
    for _ in range(steps):
        encoder = torch.linalg.solve(decoder.T @ decoder, decoder.T)
        spread = covariance @ encoder.T
        decoder = torch.linalg.solve(encoder @ spread, spread.T).T
    with torch.no_grad():
        model.encoder[0].weight.copy_(torch.linalg.solve(decoder.T @ decoder, decoder.T))
        model.decoder[0].weight.copy_(decoder)
        model.encoder[0].bias.zero_()
    return model


def _minimize(model: nn.Module, x: Tensor, steps: int) -> nn.Module:
    """L-BFGS on the loss over all of x (N, C, H, W) at once."""
    optimizer = torch.optim.LBFGS(
        model.parameters(),
        max_iter=steps,
        max_eval=2 * steps,
        history_size=20,
        tolerance_grad=1e-14,
        tolerance_change=1e-18,
        line_search_fn="strong_wolfe",
    )

    def error() -> Tensor:
        optimizer.zero_grad()
        loss = model.loss(x, None)
        loss.backward()
        return loss

    optimizer.step(error)
    return model


def read_state(resume: Path | None, state: dict, generator: torch.Generator) -> int:
    """Bring everything back to where `write_state` left it; returns the step to go on with, 0 where nothing is kept."""
    if resume is None or not resume.exists():
        return 0
    saved = torch.load(resume, weights_only=True, map_location=next(state["model"].parameters()).device)
    for name, part in state.items():
        part.load_state_dict(saved[name])
    generator.set_state(saved["generator"].cpu())
    return saved["step"]


def write_state(resume: Path, state: dict, generator: torch.Generator, step: int) -> None:
    """Keep model, optimizer, schedule and randomness before a step; the file appears whole or stays as it was."""
    saved = {name: part.state_dict() for name, part in state.items()}
    saved |= {"generator": generator.get_state(), "step": step}
    atomic.write(resume, partial(torch.save, saved))
