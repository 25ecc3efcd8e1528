"""Principal component analysis behind the same `encode` and `decode` as the autoencoders; the fit is scikit-learn's."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
import torch
from torch import Tensor, nn

from aedemo.corruption import patch_mask
from aedemo.models.layers import Layer
from aedemo.models.patchwise import Reconstruction, patchify, pixel_mask

MIN_NOISE = 1e-4  # a hundredth of the range from black to white, squared; without any noise no mask could be solved


class PCA(nn.Module):
    """z = U (x − mean), y = Uᵀ z + mean, with the first M principal components as the rows of U (M, D).

    `explained_variance` (M,) and `noise_variance` (the mean of the discarded eigenvalues) are scikit-learn's.
    """

    def __init__(self, input_shape: tuple[int, int, int], latent_dim: int):
        super().__init__()
        self.input_shape = tuple(input_shape)
        self.latent_dim = latent_dim
        dimension = math.prod(input_shape)
        self.register_buffer("mean", torch.zeros(dimension))
        self.register_buffer("components", torch.zeros(latent_dim, dimension))
        self.register_buffer("explained_variance", torch.zeros(latent_dim))
        self.register_buffer("noise_variance", torch.zeros(1))

    def fit(self, x: Tensor) -> PCA:
        """Fit to x (N, C, H, W) with scikit-learn: exactly for many small inputs, randomized for few large ones.

        N inputs have no more than N components: those beyond are zero and add nothing to a reconstruction.
        """
        import sklearn.decomposition  # takes longer than the rest of aedemo, and only a fit needs it

        x = _precise(x).flatten(1).numpy()
        if len(x) == 1:  # no variance is known of one, but a mean
            x = x.repeat(2, axis=0)
        count = min(self.latent_dim, len(x))
        with np.errstate(invalid="ignore"):  # inputs that are all the same: shares of a variance of zero
            pca = sklearn.decomposition.PCA(count, random_state=0).fit(x)
        self.components.zero_()
        self.explained_variance.zero_()
        self.mean.copy_(torch.from_numpy(pca.mean_))
        self.components[:count] = torch.from_numpy(pca.components_)
        self.explained_variance[:count] = torch.from_numpy(pca.explained_variance_)
        self.noise_variance.fill_(float(pca.noise_variance_))
        return self

    @property
    def layers(self) -> tuple[Layer, ...]:
        dimension = len(self.mean)
        return Layer("input", dimension), Layer("code", self.latent_dim), Layer("output", dimension)

    def encode(self, x: Tensor, components: int | None = None) -> Tensor:
        """(N, C, H, W) -> (N, M); `components` keeps only the first so many."""
        return (x.flatten(1) - self.mean) @ self.components[:components].T

    def decode(self, z: Tensor) -> Tensor:
        """(N, M) -> (N, C, H, W), also for fewer than all the components."""
        return (z @ self.components[: z.shape[1]] + self.mean).view(-1, *self.input_shape)

    def first_layer(self, x: Tensor) -> Tensor:
        """The code, as the networks have theirs before an activation: (N, C, H, W) -> (N, M)."""
        return self.encode(x)

    def from_first_layer(self, z: Tensor, components: int | None = None) -> Tensor:
        """(N, M) -> (N, C, H, W), by the first so many components."""
        return self.decode(z[:, :components])

    def forward(self, x: Tensor, components: int | None = None) -> Tensor:
        return self.decode(self.encode(x, components))


def _precise(x: Tensor) -> Tensor:
    """float64 for patches and small images, where eigenvalues far below the first one count; else as it is."""
    return x.double() if x[0].numel() <= 1000 else x


class ProbabilisticPCA(PCA):
    """A linear prediction of removed patches: the conditional mean of probabilistic PCA given the visible pixels.

    It is the best one where the covariance is that of the model: M components, and the same noise in every pixel.

    The model is x = Wz + mean + noise with z ~ N(0, I), W = Uᵀ (L − σ²I)^½ and noise variance σ² (Tipping and Bishop,
    Probabilistic principal component analysis, 1999).
    With the rows W_v of the visible pixels, E[z | x_v] = (W_vᵀ W_v + σ²I)⁻¹ W_vᵀ (x_v − mean_v): one M×M solve a mask.
    """

    def __init__(self, input_shape: tuple[int, int, int], latent_dim: int, patch_size: int):
        super().__init__(input_shape, latent_dim)
        self.patch_size = patch_size
        self.grid = (input_shape[1] // patch_size, input_shape[2] // patch_size)

    def loadings(self) -> Tensor:
        """W, (D, M), which is not kept: of photographs it has 40 MB."""
        return self.components.T * (self.explained_variance - self.noise_variance).clamp_min(0).sqrt()

    def fit(self, x: Tensor) -> ProbabilisticPCA:
        self.__dict__.pop("patch_grams", None)  # those of an earlier fit
        super().fit(x)
        self.noise_variance.clamp_(min=MIN_NOISE)
        return self

    @cached_property
    def patch_grams(self) -> Tensor:
        """W_pᵀ W_p of each patch p, (h·w, M, M): a mask's W_vᵀ W_v is the sum over its visible patches."""
        rows = patchify(self.loadings().T.reshape(-1, *self.input_shape), self.patch_size).flatten(2)
        rows = rows.transpose(0, 1)  # (h·w, M, values of a patch)
        return rows @ rows.transpose(1, 2)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """The mean of Wz + mean given the visible pixels of x (N, C, H, W); mask (N, 1, h, w), 1 = removed.

        Removed values of x are never read.
        """
        visible, loadings = 1 - mask, self.loadings()
        grams = torch.einsum("np,pij->nij", visible.flatten(1), self.patch_grams).double()
        grams.diagonal(dim1=1, dim2=2).add_(self.noise_variance.double())
        removed = pixel_mask(mask, self.patch_size).bool()
        seen = (x - self.mean.view(self.input_shape)).masked_fill(removed, 0)
        projected = (seen.flatten(1) @ loadings).double()
        codes = torch.cholesky_solve(projected[:, :, None], torch.linalg.cholesky(grams))[:, :, 0]
        return (codes.float() @ loadings.T + self.mean).view(-1, *self.input_shape)

    @torch.no_grad()
    def reconstruct(self, x: Tensor, mask_ratio: float = 0.75, seed: int = 0, kind: str = "random") -> Reconstruction:
        """As `Masked.reconstruct`: the same seed, ratio and kind remove the same patches."""
        mask = patch_mask(self.grid, mask_ratio, seed, kind).expand(len(x), 1, *self.grid).to(x.device)
        return Reconstruction(self(x, mask), mask)
