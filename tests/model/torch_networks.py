"""Writes U-Nets under the names that common projects give to their tensors, and what they answer, for pytorch_weights_test.cc.

The networks compute what parotis' network computes (LeakyReLU of slope 0.01, pooling by the maximum), so that the same
weights must give the same logits.
    python torch_networks.py FOLDER
"""

import sys

import torch
from torch import nn
from torch.nn import functional as F

WIDTHS, CHANNELS, LABELS = (6, 8, 10), 2, 3


def layers(norm, channels_in, channels_out, bias):
    return [nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=bias), norm(channels_out, affine=True), nn.LeakyReLU(0.01)]


def block(norm, channels_in, channels_out, bias=False):
    return nn.Sequential(*layers(norm, channels_in, channels_out, bias), *layers(norm, channels_out, channels_out, bias))


class Net(nn.Module):
    """Holds modules under any names; `paths` says which of them is which."""

    def __init__(self, modules, paths, skip_first):
        super().__init__()
        for name, module in modules.items():
            parent = self
            *above, last = name.split(".")
            for part in above:
                if not hasattr(parent, part):
                    parent.add_module(part, nn.Module())
                parent = getattr(parent, part)
            parent.add_module(last, module)
        self.paths, self.skip_first = paths, skip_first

    def run(self, names, x):
        for name in names:
            x = self.get_submodule(name)(x)
        return x

    def forward(self, x):
        skips = []
        for level, names in enumerate(self.paths["encoder"]):
            x = self.run(names, F.max_pool2d(x, 2) if level else x)
            skips.append(x)
        for level in range(len(WIDTHS) - 2, -1, -1):
            up = self.run([self.paths["up"][level]], x)
            both = [skips[level], up] if self.skip_first else [up, skips[level]]
            x = self.run(self.paths["decoder"][level], torch.cat(both, 1))
        return self.run([self.paths["head"]], x)


def make(norm, bias, encoder, up, decoder, head, skip_first, last=("conv", "norm")):
    """`encoder(level, conv)`: (name of the convolution, name of the norm)."""
    modules, paths = {}, {"encoder": [], "decoder": [], "up": [], "head": head}

    def add(names_of, level, channels_in):
        names = []
        for conv in range(2):
            convolution, norm_name = names_of(level, conv)
            a, b, c = layers(norm, channels_in if conv == 0 else WIDTHS[level], WIDTHS[level], bias)
            activation = convolution.replace(".", "_") + "_activation"
            modules.update({convolution: a, norm_name: b, activation: c})
            names += [convolution, norm_name, activation]
        return names

    for level in range(len(WIDTHS)):
        paths["encoder"].append(add(encoder, level, CHANNELS if level == 0 else WIDTHS[level - 1]))
    for level in range(len(WIDTHS) - 1):
        paths["up"].append(up(level))
        modules[up(level)] = nn.ConvTranspose2d(WIDTHS[level + 1], WIDTHS[level], 2, stride=2)
        paths["decoder"].append(add(decoder, level, 2 * WIDTHS[level]))
    modules[head] = nn.Conv2d(WIDTHS[0], LABELS, 1)
    return Net(modules, paths, skip_first)


DEEPEST = len(WIDTHS) - 2
PROJECTS = {
    "plain": lambda norm: make(
        norm, False, lambda l, c: (f"encoder.{l}.{3 * c}", f"encoder.{l}.{3 * c + 1}"), lambda l: f"up.{l}",
        lambda l, c: (f"decoder.{l}.{3 * c}", f"decoder.{l}.{3 * c + 1}"), "heads.0", False),
    "nnunet": lambda norm: make(
        norm, True, lambda l, c: tuple(f"encoder.stages.{l}.{min(l, 1)}.convs.{c}.{x}" for x in ("conv", "norm")),
        lambda l: f"decoder.transpconvs.{DEEPEST - l}",
        lambda l, c: tuple(f"decoder.stages.{DEEPEST - l}.convs.{c}.{x}" for x in ("conv", "norm")),
        f"decoder.seg_layers.{DEEPEST}", False),
    "monai": lambda norm: make(
        norm, True,
        lambda l, c: tuple((f"down_{l}.convs" if l else "conv_0") + f".conv_{c}.{x}" for x in ("conv", "adn.N")),
        lambda l: f"upcat_{l + 1}.upsample.deconv",
        lambda l, c: tuple(f"upcat_{l + 1}.convs.conv_{c}.{x}" for x in ("conv", "adn.N")), "final_conv", True),
    "milesial": lambda norm: make(
        norm, True,
        lambda l, c: tuple((f"down{l}.maxpool_conv.1" if l else "inc") + f".double_conv.{3 * c + x}" for x in (0, 1)),
        lambda l: f"up{DEEPEST - l + 1}.up",
        lambda l, c: tuple(f"up{DEEPEST - l + 1}.conv.double_conv.{3 * c + x}" for x in (0, 1)), "outc.conv", True),
}


def randomised(network):
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if tensor.dtype != torch.float32:
                continue
            if name.endswith("running_var") or (tensor.dim() == 1 and name.endswith("weight")):
                tensor.uniform_(0.5, 1.5)
            elif tensor.dim() == 1:
                tensor.uniform_(-0.5, 0.5)
    return network.eval()


def main():
    folder = sys.argv[1]
    torch.manual_seed(11)
    images = torch.randn(2, CHANNELS, 24, 32)
    for project, build in PROJECTS.items():
        for kind, norm in (("instance", nn.InstanceNorm2d), ("batch", nn.BatchNorm2d)):
            network = randomised(build(norm))
            with torch.no_grad():
                logits = network(images)
            state = {"module." + name: tensor for name, tensor in network.state_dict().items()}
            torch.save({"epoch": 3, "state_dict": state, "optimizer": {"lr": 0.1, "state": {0: torch.zeros(2)}}},
                       f"{folder}/{project}_{kind}.pt")
            torch.save(network.state_dict(), f"{folder}/{project}_{kind}_legacy.pt", _use_new_zipfile_serialization=False)
            torch.save({"images": images, "logits": logits}, f"{folder}/{project}_{kind}_answer.pt")


if __name__ == "__main__":
    main()
