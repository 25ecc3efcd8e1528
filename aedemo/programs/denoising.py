"""A denoising autoencoder: it saw noisy images and was asked for the clean ones."""

import torch
from torch.nn import functional as F
from torchvision.utils import save_image

import aedemo
from aedemo import corruption
from aedemo.models.nonlocal_means import nonlocal_means
from aedemo.models.patchwise import Patchwise

DATA = "digits"
IMAGE = "24"  # its name in the gallery
SEED = 0  # of the noise
KIND = "gaussian"  # or "masking"
TRAINED_AT = 0.3  # the level of noise that the denoiser was trained at
NOISE = 0.2  # the level that this image gets
PATCHES = "side-by-side"  # of a photograph; or "overlapping", and where they overlap the mean is taken

image = aedemo.from_gallery(DATA, IMAGE)
x = image[None]  # (1, C, H, W), in [0, 1]
noisy = corruption.corrupt(x, KIND, NOISE, SEED)

denoiser = aedemo.load(DATA, "denoising")[KIND, TRAINED_AT]
stride = denoiser.input_shape[1] // 4 if PATCHES == "overlapping" else None
model = Patchwise(denoiser, stride)  # cuts a photograph into patches
denoised = model.decode(model.encode(noisy), *x.shape[-2:])

# PCA's best projection: few components leave the noise out, many keep the image. How many are best for each level of
# the slider was found on training images.
pca = aedemo.load(DATA, "pca")
best = pca.header(pca.values[-1]).metrics[f"{KIND}_components"]
components = best[corruption.NOISES[KIND].test_levels().index(NOISE)]
projected = Patchwise(pca[pca.values[-1]], stride)(noisy, components=components)
print(f"PCA keeps {components} components")

results = {"noisy": noisy, "denoised": denoised, "PCA": projected}
if x.shape != (1, *denoiser.input_shape) and KIND == "gaussian":  # a photograph: scikit-image denoises it too
    results["non-local means"] = nonlocal_means(noisy, NOISE)
for name, y in results.items():
    mse = (y - x).square().mean().clamp_min(1e-10)  # without noise it would be 0, and its logarithm infinite
    print(f"{name}: {-10 * mse.log10():.1f} dB")

save_image(F.interpolate(torch.cat([noisy, denoised, projected, x]), 256), "denoising.png")
