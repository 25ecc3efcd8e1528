"""Where the error of an image lies among those of test images, by model: a small one does not show that it belongs."""

import numpy as np
import torch
from torch.nn import functional as F
from torchvision.utils import save_image

import aedemo
from aedemo import checkpoints
from aedemo.models.patchwise import Patchwise, pixel_mask

DATA = "digits"
IMAGE = "24"  # its name in the gallery
BOTTLENECK = 10  # M, how many numbers a code has
MODEL = "deep"  # the one whose errors the page shows as a histogram

image = aedemo.from_gallery(DATA, IMAGE)

runs = dict.fromkeys(("pca", "linear", "shallow", "deep"), BOTTLENECK)
gaussian = [run for run in aedemo.load(DATA, "denoising").values if run[0] == "gaussian"]
runs |= {"sparse": aedemo.load(DATA, "sparse").nearest(0.1), "denoising": gaussian[len(gaussian) // 2]}
runs |= {"masked": aedemo.load(DATA, "masked").nearest(0.75)}

shown = [image[None]]
for variant, run in runs.items():
    model = aedemo.load(DATA, variant)[run]
    if variant == "masked":  # it sees a photograph as a whole; its error is counted on what was removed
        x = aedemo.uploads.resize(image, model.input_shape[1:])[None]
        result = model.reconstruct(x, seed=0)
        hidden = pixel_mask(result.mask, model.patch_size)  # 1 where pixels are removed
        y = x + (result.output - x) * hidden
        error = (y - x).square().sum() / (hidden.sum() * x.shape[1])
    else:  # it sees patches of a photograph; its error is summed over the inputs, averaged over the patches
        x = image[None]  # (1, C, H, W), in [0, 1]
        y = Patchwise(model)(x)
        error = (y - x).square().sum() / (x.numel() / model.mean.numel())
    quantiles = checkpoints.load_test_errors(DATA, variant)[checkpoints.setting_name(run)]  # 0 %, 1 %, …, 100 %
    percentile = np.interp(error, quantiles, np.arange(101))
    psnr = -10 * (y - x).square().mean().log10()
    print(f"{variant}: {psnr:.1f} dB, error {error:.4g}, larger than {percentile:.1f} % of the test errors")
    shown.append(y)
    if variant == MODEL:
        chosen = y

save_image(torch.cat([F.interpolate(part, 256) for part in (*shown, chosen)]), "your_image.png", nrow=4)
