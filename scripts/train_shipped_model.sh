#!/usr/bin/env bash
# Makes the shipped model and the figures of its card, from nothing: simulates the cohorts, trains the diffusion model and a
# structural one in the same way, calibrates both on patients neither was trained on, and compares them on held-out ones.
#   scripts/train_shipped_model.sh [FOLDER]     (default build/shipped; about an hour on 2 cores with AMX, 18 GB of disk)
# A second run goes on where the first stopped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=${1:-build/shipped}
version=0.1
parotis=build/release/parotis
with_healthy=warthin=30,pleomorphic=30,malignant=25,tumour_free=15
plan=models/plan.json   # what `parotis plan` proposes, with coarser pixels and fewer iterations

simulate() {  # NAME N MIX SEED
  [ -f "$folder/$1/dataset.json" ] || $parotis simulate -o "$folder/$1" --n "$2" --mix "$3" --seed "$4"
}
simulate training 1200 $with_healthy 1
simulate calibration 200 $with_healthy 500001
simulate held-out 300 warthin=30,pleomorphic=30,malignant=25 900001

for set in diffusion structural; do
  run=$folder/$set
  [ -f "$run/model.safetensors" ] || $parotis train -d "$folder/training" -p $plan -c $set --all --seed 1 -o "$run" \
    --name "$([ $set = diffusion ] && echo parotis-synthetic-$version || echo parotis-synthetic-$version-$set)"
  $parotis predict -m "$run/model.safetensors" -d "$folder/calibration" -o "$run/calibration"
  $parotis calibrate -m "$run/model.safetensors" -d "$folder/calibration" -i "$run/calibration" -o "$run/calibrated.safetensors"
  $parotis predict -m "$run/calibrated.safetensors" -d "$folder/held-out" -o "$run/held-out"
  $parotis evaluate -d "$folder/held-out" -i "$run/held-out" --name $set -o "$run/evaluation.json"
done
$parotis compare "$folder/diffusion/evaluation.json" "$folder/structural/evaluation.json" -o "$folder/comparison.json"
$parotis simulate --oracle 20000 --json >"$folder/oracle.json"
cp "$folder/diffusion/calibrated.safetensors" "models/parotis-synthetic-$version.safetensors"
