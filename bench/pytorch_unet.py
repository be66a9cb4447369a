"""The network of src/model/unet.h in plain PyTorch, as a careful user would write it, to compare the speed of parotis with.

Same widths, batch, loss, optimiser (AdamW, clipping, moving average), precision (autocast to bfloat16) and memory format
(channels last). Prints one JSON object.
    python pytorch_unet.py [THREADS] [float32|bfloat16] [SECONDS]
"""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

ROWS, COLUMNS, CHANNELS, LABELS, BATCH, SLICES = 128, 160, 3, 4, 16, 24
WIDTHS = (16, 32, 64, 128, 192)


def block(channels_in, channels_out):
    layers = []
    for i in range(2):
        layers += [
            nn.Conv2d(channels_in if i == 0 else channels_out, channels_out, 3, padding=1, bias=False),
            nn.InstanceNorm2d(channels_out, affine=True),
            nn.LeakyReLU(0.01, inplace=True),
        ]
    return nn.Sequential(*layers)


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.ModuleList(block(CHANNELS if i == 0 else WIDTHS[i - 1], w) for i, w in enumerate(WIDTHS))
        self.up = nn.ModuleList(nn.ConvTranspose2d(WIDTHS[i + 1], WIDTHS[i], 2, stride=2) for i in range(4))
        self.decoder = nn.ModuleList(block(2 * WIDTHS[i], WIDTHS[i]) for i in range(4))
        self.heads = nn.ModuleList(nn.Conv2d(WIDTHS[i], LABELS, 1) for i in range(3))

    def forward(self, x):
        skips = []
        for level, encode in enumerate(self.encoder):
            x = encode(F.max_pool2d(x, 2) if level else x)
            skips.append(x)
        logits = []
        for level in (3, 2, 1, 0):
            x = self.decoder[level](torch.cat([self.up[level](x), skips[level]], 1))
            if level == 0 or (self.training and level < 3):
                logits.insert(0, self.heads[level](x))
        return logits


def level_loss(logits, target):
    logits = logits.float()
    probabilities = logits.softmax(1)
    truth = F.one_hot(target, LABELS).permute(0, 3, 1, 2).float()
    overlap = (probabilities * truth).sum((0, 2, 3))[1:]
    total = probabilities.sum((0, 2, 3))[1:] + truth.sum((0, 2, 3))[1:]
    return 1 - (2 * overlap / total.clamp_min(1e-8)).mean() + F.cross_entropy(logits, target)


def loss_of(logits, target):
    weights = [0.5**i for i in range(len(logits))]
    return sum(w * level_loss(l, target[:, :: 2**i, :: 2**i]) for i, (w, l) in enumerate(zip(weights, logits))) / sum(weights)


def best_rate(images, seconds, run):
    for _ in range(3):
        run()
    best, start = 1e9, time.perf_counter()
    while time.perf_counter() - start < seconds:
        begin = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - begin)
    return images / best


def main():
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    bfloat16 = (sys.argv[2] if len(sys.argv) > 2 else "bfloat16") == "bfloat16"
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 15
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    network = UNet().to(memory_format=torch.channels_last)
    average = [p.detach().clone() for p in network.parameters()]
    optimiser = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=1e-2)
    images = torch.randn(BATCH, CHANNELS, ROWS, COLUMNS)
    target = torch.randint(0, LABELS, (BATCH, ROWS, COLUMNS))

    def learn():
        network.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            logits = network(images.to(memory_format=torch.channels_last))
        loss = loss_of(logits, target)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        torch._foreach_lerp_(average, [p.detach() for p in network.parameters()], 0.001)
        return loss.item()

    study = torch.randn(SLICES, CHANNELS, ROWS, COLUMNS)

    @torch.inference_mode()
    def predict():
        network.eval()
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            return [network(x.contiguous(memory_format=torch.channels_last))[0].float().softmax(1) for x in study.split(BATCH)]

    print(json.dumps({
        "threads": threads,
        "precision": "bfloat16" if bfloat16 else "float32",
        "parameters": sum(p.numel() for p in network.parameters()),
        "training_images_per_second": best_rate(BATCH, seconds, learn),
        "inference_images_per_second": best_rate(SLICES, seconds, predict),
    }))


if __name__ == "__main__":
    main()
