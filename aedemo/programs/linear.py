"""Linear = PCA: an image through a linear autoencoder, through one of two layers, and through PCA, M numbers each."""

import numpy as np
import torch
from scipy.linalg import subspace_angles
from torch.nn import functional as F
from torchvision.utils import save_image

import aedemo
from aedemo.models.patchwise import Patchwise

DATA = "digits"
IMAGE = "24"  # its name in the gallery
BOTTLENECK = 10  # M, how many numbers a code has
PATCHES = "side-by-side"  # of a photograph; or "overlapping", and where they overlap the mean is taken

image = aedemo.from_gallery(DATA, IMAGE)
x = image[None]  # (1, C, H, W), in [0, 1]

shown = [x]
for variant in ("linear", "shallow", "pca"):
    model = aedemo.load(DATA, variant)[BOTTLENECK]
    stride = model.input_shape[1] // 4 if PATCHES == "overlapping" else None
    model = Patchwise(model, stride)  # cuts a photograph into patches, the others not at all
    z = model.encode(x)  # (1, patches, M)
    y = model.decode(z, *x.shape[-2:])  # (1, C, H, W)
    mse = (y - x).square().mean()
    print(f"{variant}: {-10 * mse.log10():.1f} dB")
    shown.append(y)

# Which axes the linear network learned is chance; the subspace that they span is PCA's.
columns = aedemo.load(DATA, "linear")[BOTTLENECK].decoder[0].weight  # (D, M)
eigenvectors = aedemo.load(DATA, "pca")[BOTTLENECK].components.T  # (D, M)
angle = np.rad2deg(subspace_angles(columns.double(), eigenvectors.double()).max())
print(f"largest angle between their spans: {angle:.2f}°")

save_image(F.interpolate(torch.cat(shown), 256), "linear.png")
