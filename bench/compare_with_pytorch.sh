#!/usr/bin/env bash
# Speed of parotis beside the same network in plain PyTorch, in one go: same LibTorch, threads, precision, batch, optimiser.
#   bench/compare_with_pytorch.sh [THREADS] [bfloat16|float32] [SECONDS per measurement]
# Runs alternate, so that a busy moment of the machine hits both; the best of each counts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
threads=${1:-$(nproc)}
precision=${2:-$(grep -qwE 'avx512_bf16|amx_bf16' /proc/cpuinfo && echo bfloat16 || echo float32)}
seconds=${3:-15}

cmake --preset release >/dev/null 2>&1
cmake --build --preset release --target parotis_bench_net >/dev/null
results=$(mktemp)
trap 'rm -f "$results"' EXIT
for _ in 1 2; do
  build/release/bench/parotis_bench_net "$threads" "$precision" "$seconds" | sed 's/^/parotis /' >>"$results"
  .venv/bin/python bench/pytorch_unet.py "$threads" "$precision" "$seconds" | sed 's/^/pytorch /' >>"$results"
done
.venv/bin/python - "$results" <<'PYTHON'
import json, sys
best = {"parotis": {}, "pytorch": {}}
for line in open(sys.argv[1]):
    who, text = line.split(" ", 1)
    for key, value in json.loads(text).items():
        best[who][key] = max(best[who].get(key, value), value) if key.endswith("second") else value
ours, theirs = best["parotis"], best["pytorch"]
assert ours["parameters"] == theirs["parameters"], "the networks differ"
print(f"{ours['threads']} threads, {ours['precision']}, {ours['parameters']} parameters, batch 16 x 3 x 128 x 160")
print(f"{'images per second':20} {'parotis':>9} {'PyTorch':>9} {'ratio':>6}")
for name, key in (("training", "training_images_per_second"), ("inference", "inference_images_per_second")):
    print(f"{name:20} {ours[key]:9.1f} {theirs[key]:9.1f} {ours[key] / theirs[key]:6.2f}")
PYTHON
