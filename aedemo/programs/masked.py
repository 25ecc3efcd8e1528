"""A masked autoencoder: most patches are removed, and it draws them from those that are left."""

import torch
from torch.nn import functional as F
from torchvision.utils import save_image

import aedemo
from aedemo import checkpoints, corruption
from aedemo.models.patchwise import pixel_mask

DATA = "digits"
IMAGE = "24"  # its name in the gallery
SEED = 0  # of the mask
RATIO = 0.75  # the mask ratio that the model was trained at
MASK = "random"  # "block", "grid", or "hand": the mask below
MASK_RATIO = 0.75  # the fraction of the patches that is removed here
HAND = ""  # a mask made by hand, four patches a hexadecimal digit, row by row, 1 = removed

model, ppca = aedemo.load(DATA, "masked")[RATIO], aedemo.load(DATA, "ppca")
image = aedemo.from_gallery(DATA, IMAGE)
x = aedemo.uploads.resize(image, model.input_shape[1:])[None]  # (1, C, H, W), in [0, 1]

if MASK == "hand":
    bits = "".join(f"{int(digit, 16):04b}" for digit in HAND)[: model.num_patches]
    mask = torch.tensor([float(bit) for bit in bits]).view(model.grid)  # (h, w) over patches
else:
    mask = corruption.patch_mask(model.grid, MASK_RATIO, SEED, MASK)
mask = mask[None, None]  # (1, 1, h, w), 1 = removed
hidden = pixel_mask(mask, model.patch_size)  # (1, 1, H, W)
print(f"{int((1 - mask).sum())} of {model.num_patches} patches seen")

y = model(x, mask)  # a reconstruction of every patch
guess = ppca[ppca.values[0]](x, mask)  # PCA's: the conditional mean, given the pixels that are left
joined, guessed = (x + (drawn - x) * hidden for drawn in (y, guess))  # what was seen is put back
for name, reconstruction in (("reconstruction", y), ("visible put back", joined), ("PCA imputation", guessed)):
    mse = (reconstruction - x).square().mean().clamp_min(1e-10)  # with nothing removed it would be 0
    print(f"{name}: {-10 * mse.log10():.1f} dB")
for name, reconstruction, where in (
    ("removed", y, hidden),
    ("visible", y, 1 - hidden),
    ("removed, PCA", guess, hidden),
):
    error = ((reconstruction - x).square() * where).sum() / (where.sum() * x.shape[1])
    print(f"error on {name}: {error:.4f}")

if checkpoints.has_classifier(DATA):  # the encoder alone, under output layers that name what is in the whole image
    probability, label = checkpoints.load_classifier(DATA).probabilities(x)[0].max(0)
    print(f"named: {checkpoints.classifier_header(DATA).classes[label]}, {100 * probability:.0f} %")

save_image(F.interpolate(torch.cat([x * (1 - hidden) + 0.5 * hidden, y, joined, guessed, x]), 256), "masked.png")
