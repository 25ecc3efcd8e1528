"""One image through seven models: what each saw, what it reconstructions, and how far that is from the image."""

import torch
from skimage.metrics import structural_similarity
from torch.nn import functional as F
from torchvision.utils import save_image

import aedemo
from aedemo import corruption
from aedemo.models.patchwise import Patchwise, pixel_mask

DATA = "digits"
IMAGE = "24"  # its name in the gallery
SEED = 0  # of the noise and of the mask
BOTTLENECK = 10  # M, how many numbers a code has
SPARSITY = 0.1  # λ, the price of Σ|z|
NOISE = 0.2  # σ, what the denoiser has to take off
MASK_RATIO = 0.75  # the fraction of the patches that is removed
PATCHES = "side-by-side"  # of a photograph; or "overlapping", and where they overlap the mean is taken

image = aedemo.from_gallery(DATA, IMAGE)
x = image[None]  # (1, C, H, W), in [0, 1]

found = {}  # variant -> input, its reconstruction, what that is measured against
stride = aedemo.load(DATA, "pca").input_shape[1] // 4 if PATCHES == "overlapping" else None
for variant in ("pca", "linear", "shallow", "deep"):
    found[variant] = x, Patchwise(aedemo.load(DATA, variant)[BOTTLENECK], stride)(x), x
found["sparse"] = x, Patchwise(aedemo.load(DATA, "sparse")[SPARSITY], stride)(x), x

noisy, denoisers = corruption.corrupt(x, "gaussian", NOISE, SEED), aedemo.load(DATA, "denoising")
gaussian = [run for run in denoisers.values if run[0] == "gaussian"]
nearest = min(gaussian, key=lambda run: abs(run[1] - NOISE))  # there is one for each of a few levels
found["denoising"] = noisy, Patchwise(denoisers[nearest], stride)(noisy), x

masked = aedemo.load(DATA, "masked")
model = masked[masked.nearest(0.75)]
small = aedemo.uploads.resize(image, model.input_shape[1:])[None]  # it sees a photograph as a whole
result = model.reconstruct(small, MASK_RATIO, SEED)
hidden = pixel_mask(result.mask, model.patch_size)  # 1 where pixels are removed
found["masked"] = small * (1 - hidden) + 0.5 * hidden, small + (result.output - small) * hidden, small

for variant, (_, y, clean) in found.items():
    mse = (y - clean).square().mean()
    psnr = -10 * mse.clamp_min(1e-10).log10()  # with nothing removed the error is 0
    ssim = structural_similarity(y[0].numpy(), clean[0].numpy(), channel_axis=0, data_range=1)
    print(f"{variant}: {psnr:.1f} dB, SSIM {ssim:.3f}, MSE {mse:.5f}")

rows = zip(*((saw, y, 0.5 + y - clean) for saw, y, clean in found.values()), strict=True)  # error: grey is none
save_image(torch.cat([F.interpolate(part, 256) for row in rows for part in row]), "compare.png", nrow=7)
