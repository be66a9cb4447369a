#!/usr/bin/env bash
# Makes the backbone that trainings may start from, models/parotis-backbone-0.1.safetensors, from nothing: 1000 patients whose
# anatomy and contrasts nobody has, and a network that is asked where tumours and glands are.
#   scripts/train_backbone.sh [FOLDER]     (default build/backbone; half an hour on 2 cores with AMX, 5 GB of disk)
# A second run goes on where the first stopped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=${1:-build/backbone}
parotis=build/release/parotis
name=parotis-backbone-0.1

[ -f "$folder/source/dataset.json" ] || $parotis simulate -o "$folder/source" --preset domain-random --n 1000 --seed 700001
$parotis train -d "$folder/source" -p models/backbone-plan.json --fold 0 --seed 1 -o "$folder/run" --name $name
$parotis predict -m "$folder/run/model.safetensors" -d "$folder/source" --cases val --splits "$folder/run/splits_final.json" -o "$folder/val"
$parotis evaluate -d "$folder/source" -i "$folder/val" --splits "$folder/run/splits_final.json" -f 0 --name $name \
  -o "$folder/evaluation.json"
cp "$folder/run/model.safetensors" models/$name.safetensors
