#!/usr/bin/env bash
# Makes the shipped model and the figures of its card, from nothing: simulates the training and the held-out cohorts, trains
# the diffusion model and a structural one in the same way, and compares them on the held-out patients.
#   scripts/train_shipped_model.sh [FOLDER]     (default build/shipped; about an hour on 2 cores with AMX)
# A second run goes on where the first stopped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=${1:-build/shipped}
version=0.1
parotis=build/release/parotis
training_patients=400
held_out_patients=300

simulate() {  # FOLDER N MIX SEED
  [ -f "$1/dataset.json" ] || $parotis simulate -o "$1" --n "$2" --mix "$3" --seed "$4"
}
simulate "$folder/training" $training_patients warthin=30,pleomorphic=30,malignant=25,tumour_free=15 1
simulate "$folder/held-out" $held_out_patients warthin=30,pleomorphic=30,malignant=25 900001

plan=models/plan.json   # what `parotis plan` proposes, with coarser pixels and fewer iterations

for set in diffusion structural; do
  $parotis train -d "$folder/training" -p $plan -c $set --all --seed 1 -o "$folder/run-$set" \
    --name "$([ $set = diffusion ] && echo parotis-synthetic-$version || echo parotis-synthetic-$version-$set)"
  $parotis predict -m "$folder/run-$set/model.safetensors" -d "$folder/held-out" -o "$folder/predictions-$set"
  $parotis evaluate -d "$folder/held-out" -i "$folder/predictions-$set" -o "$folder/evaluation-$set.json"
done
$parotis compare "$folder/evaluation-diffusion.json" "$folder/evaluation-structural.json" -o "$folder/comparison.json"
$parotis simulate --oracle 20000 --json >"$folder/oracle.json"
cp "$folder/run-diffusion/model.safetensors" "models/parotis-synthetic-$version.safetensors"
