"""Nonlinear PCA: an image through deep autoencoders and through PCA, and the way from it to another through a code."""

import torch
from torch.nn import functional as F
from torchvision.utils import save_image

import aedemo
from aedemo.models.patchwise import Patchwise

DATA = "digits"
IMAGE = "24"  # its name in the gallery
BOTTLENECK = 30  # M, how many numbers a code has
TARGET = "16"  # the other image
INTERPOLATION = 0.5  # how much of the other image, from 0 to 1

image = aedemo.from_gallery(DATA, IMAGE)
x = image[None]  # (1, C, H, W), in [0, 1]
size = x.shape[-2:]

shown = [x]
for variant in ("deep", "deeper", "pca"):
    sweep = aedemo.load(DATA, variant)
    if BOTTLENECK in sweep.values:  # the deeper network was trained at few M
        model = Patchwise(sweep[BOTTLENECK])  # cuts a photograph into patches, the others not at all
        y = model.decode(model.encode(x), *size)
        mse = (y - x).square().mean()
        print(f"{variant}: {-10 * mse.log10():.1f} dB")
        shown.append(y)

other = aedemo.from_gallery(DATA, TARGET)[None]
m = aedemo.load(DATA, "deep").nearest(10)
print(f"the way through codes of M = {m}")
way = [(1 - INTERPOLATION) * x + INTERPOLATION * other]  # a cross-fade, through no code at all
for variant in ("pca", "deep"):
    model = Patchwise(aedemo.load(DATA, variant)[m])
    z = (1 - INTERPOLATION) * model.encode(x) + INTERPOLATION * model.encode(other)  # a straight line between two codes
    way.insert(0, model.decode(z, *size))

save_image(F.interpolate(torch.cat([*shown, *way]), 256), "deep.png", nrow=len(shown))
