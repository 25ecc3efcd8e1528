"""A sparse autoencoder: of many units few are on, and each draws with a filter of its own."""

import torch
from torch.nn import functional as F
from torchvision.utils import save_image

import aedemo
from aedemo.models.patchwise import Patchwise

DATA = "digits"
IMAGE = "24"  # its name in the gallery
SPARSITY = 0.1  # λ, the price of Σ|z| in E + λ Σ|z|
PATCHES = "side-by-side"  # of a photograph; or "overlapping", and where they overlap the mean is taken

image = aedemo.from_gallery(DATA, IMAGE)
x = image[None]  # (1, C, H, W), in [0, 1]

sweep, pca = aedemo.load(DATA, "sparse"), aedemo.load(DATA, "pca")
z = Patchwise(sweep[SPARSITY]).encode(x)  # (1, patches, K), zero or above; a photograph is cut, the others are not
stride = sweep.input_shape[1] // 4 if PATCHES == "overlapping" else None
y = Patchwise(sweep[SPARSITY], stride)(x)
on = (z > 0).float().sum(2).mean().item()
print(f"{round(on, 1):g} of {z.shape[2]:,} units active")

# PCA with as many components as units are active in test images, on average; there are D of them at most.
components = min(max(1, round(sweep.header(SPARSITY).metrics["active_units"])), x[0].numel() // z.shape[1])
guess = Patchwise(pca[pca.values[-1]], stride)(x, components=components)
for name, reconstruction in (("sparse", y), (f"PCA, {components} of its components", guess)):
    mse = (reconstruction - x).square().mean().clamp_min(1e-10)  # all D components leave no error
    print(f"{name}: {-10 * mse.log10():.1f} dB")

# The columns of the decoder that reconstruct this image, strongest first.
strength, units = z[0].mean(0).topk(6)
print("strongest units:", *(f"{value:.2f}" for value in strength if value > 0))
columns = sweep[SPARSITY].decoder[0].columns()[:, units]  # (D, 6)
filters = 0.5 + 0.5 * (columns / columns.abs().amax(0)).T.view(-1, *sweep.input_shape)

shown = [F.interpolate(part, 256) for part in (x, y, guess, filters)]
save_image(torch.cat(shown), "sparse.png", nrow=3)
