"""Where an image lies in the code of an autoencoder and in PCA's, among test images whose codes are stored."""

import torch
from torch.nn import functional as F
from torchvision.utils import save_image

import aedemo
from aedemo import checkpoints, datasets
from aedemo.models.patchwise import Patchwise

DATA = "digits"
IMAGE = "24"  # its name in the gallery
VARIANT = "deep"
RUN = 2  # what the run was trained at: M, λ, the noise or the mask ratio
AXES = ""  # "units": two units of the code; "": all of a small code, the principal components of a wide one
ACROSS = 0  # the two units, counted from 0
UP = 1

image = aedemo.from_gallery(DATA, IMAGE)

codes = checkpoints.load_latent_map(DATA, VARIANT, RUN)
maps = checkpoints.latent_maps(DATA, "pca").values()  # PCA keeps as many numbers, or 30 where the code has more
beside = min(maps, key=lambda other: abs(other.latent_dim - min(codes.latent_dim, 30)))

shown = [image[None]]
for variant, run, known in ((VARIANT, RUN, codes), ("pca", beside.latent_dim, beside)):
    model, x = aedemo.load(DATA, variant)[run], image[None]  # (1, C, H, W), in [0, 1]
    print(f"{variant}: {known.latent_dim:,} numbers, test error {known.test_error:.3g}")
    if variant == "masked":  # it sees a photograph as a whole; its decoder does not take the mean over its patches
        z = model.encode(aedemo.uploads.resize(image, model.input_shape[1:])[None])
    else:
        patches = Patchwise(model).patches(x)[0]  # of a photograph; any other image is one patch
        z = model.encode(patches[patches.flatten(2).var(2).mean(1).argmax()][None])  # the one with the most contrast
        y = Patchwise(model)(x)
        print(f"{variant} reconstruction: {-10 * (y - x).square().mean().log10():.1f} dB")
        shown.append(y)

    components = (z - known.mean) @ known.axes.T  # the code along its principal axes over the test images
    units = [ACROSS, UP] if AXES and variant == VARIANT else list(range(known.latent_dim))
    place = z[0, units] if len(units) <= 3 else components[0, :2]
    print(f"{variant} places it at:", *(f"{value:.4g}" for value in place))

    # The test images with the nearest codes; of a wide code only the first components are stored.
    distances = (known.codes - z if known.whole else known.components - components).norm(dim=1)
    near = [index for index in distances.argsort().tolist() if index != IMAGE][:6]
    print(f"{variant} has near it:", *(datasets.get(DATA).classes[known.labels[index]] for index in near))

save_image(torch.cat([F.interpolate(part, 256) for part in shown]), "latent.png")
