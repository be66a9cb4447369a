"""Writes fuzz/seeds/pickle with PyTorch: small files of every kind that torch.save makes. The tests of src/weights read them, too.

    .venv/bin/python fuzz/make_pickle_seeds.py
"""

import collections
import os
import pathlib
import zipfile

import torch
from torch import nn

FOLDER = pathlib.Path(__file__).resolve().parent / "seeds" / "pickle"


def counted(*shape, start=0, dtype=torch.float32):
    """Values 0, 1, 2, … in the order of memory."""
    count = int(torch.tensor(shape).prod()) if shape else 1
    return torch.arange(start, start + count).to(dtype).reshape(shape)


def network():
    layers = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
    layers.load_state_dict({
        "0.weight": counted(2, 1, 3, 3), "0.bias": counted(2, start=100), "1.weight": counted(2, start=200),
        "1.bias": counted(2, start=300), "1.running_mean": counted(2, start=400), "1.running_var": counted(2, start=500),
        "1.num_batches_tracked": torch.tensor(7),
    })
    return layers


def checkpoint():
    layers = network()
    optimiser = torch.optim.AdamW(layers.parameters())
    layers(torch.ones(2, 1, 5, 5)).sum().backward()
    optimiser.step()
    return {
        "network_weights": network().state_dict(), "optimizer_state": optimiser.state_dict(), "current_epoch": 3,
        "init_args": {"device": torch.device("cpu"), "plans": {"spacing": [1.0, 0.5], "name": "2d"}}, "logging": None,
        "size": torch.Size([2, 3]), "kinds": {1, 2},
    }


def types():
    kinds = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8,
             torch.uint8]
    return {str(kind).removeprefix("torch."): counted(3, dtype=kind) for kind in kinds} | {"bool": torch.tensor([True, False])}


def views():
    whole = counted(4, 6)
    return {
        "whole": whole, "transposed": whole.t(), "column": whole[:, 2], "corner": whole[1:3, 2:5], "steps": whole[::2, ::3],
        "channels_last": counted(1, 2, 2, 3).contiguous(memory_format=torch.channels_last), "scalar": torch.tensor(5.0),
        "empty": torch.zeros(0, 3), "parameter": nn.Parameter(counted(2)),
    }


class Command:
    def __reduce__(self):
        return os.system, ("echo this must never be seen",)


def repacked(source, target):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry))


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    torch.save(network().state_dict(), FOLDER / "state_dict.pt")
    torch.save(checkpoint(), FOLDER / "checkpoint.pt")
    torch.save(types(), FOLDER / "types.pt")
    torch.save(views(), FOLDER / "views.pt")
    for protocol in (3, 4, 5):
        torch.save({"model": collections.OrderedDict(a=counted(3))}, FOLDER / f"protocol{protocol}.pt", pickle_protocol=protocol)
    torch.save(network().state_dict(), FOLDER / "legacy.pt", _use_new_zipfile_serialization=False)
    torch.save(views(), FOLDER / "legacy_views.pt", _use_new_zipfile_serialization=False)
    torch.save({"state_dict": network().state_dict(), "extra": Command()}, FOLDER / "command.pt")
    torch.save(network(), FOLDER / "module.pt")
    repacked(FOLDER / "views.pt", FOLDER / "deflated.pt")
    for file in ("checkpoint", "views", "command"):
        with zipfile.ZipFile(FOLDER / f"{file}.pt") as archive:
            (FOLDER / f"{file}.pkl").write_bytes(archive.read(f"{file}/data.pkl"))


if __name__ == "__main__":
    main()
