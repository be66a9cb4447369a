#!/usr/bin/env bash
# Makes the shipped model and the figures of its card, from nothing: simulates the cohorts, trains on diffusion images from the
# backbone, fits the decision rule on patients the network was not trained on, and tests on others: patients with a tumour,
# and a cohort that is mostly free of them.
#   scripts/train_shipped_model.sh [FOLDER]     (default build/shipped; three hours on 2 cores, 26 GB of disk)
# A second run goes on where the first stopped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=${1:-build/shipped}
name=parotis-synthetic-0.2
parotis=build/release/parotis
with_healthy=warthin=30,pleomorphic=30,malignant=25,tumour_free=15

simulate() {  # NAME N SEED HOW...
  [ -f "$folder/$1/dataset.json" ] || $parotis simulate -o "$folder/$1" --n "$2" --seed "$3" "${@:4}"
}
simulate training 600 1 --mix $with_healthy
[ -f "$folder/run/model.safetensors" ] || $parotis train -d "$folder/training" -p models/plan.json -c diffusion --all --seed 1 \
  --from models/parotis-backbone-0.1.safetensors -o "$folder/run" --name $name

simulate calibration 2000 500001 --mix $with_healthy
$parotis predict -m "$folder/run/model.safetensors" -d "$folder/calibration" --candidates -o "$folder/predictions/calibration"
$parotis calibrate -m "$folder/run/model.safetensors" -d "$folder/calibration" -i "$folder/predictions/calibration" \
  -o "$folder/$name.safetensors"

simulate screening 400 920001 --preset screening
simulate held-out 2000 910001 --mix warthin=30,pleomorphic=30,malignant=25
for cohort in screening held-out; do
  $parotis predict -m "$folder/$name.safetensors" -d "$folder/$cohort" --candidates -o "$folder/candidates/$cohort"
  $parotis decide -m "$folder/$name.safetensors" -i "$folder/candidates/$cohort" -o "$folder/predictions/$cohort"
  $parotis evaluate -d "$folder/$cohort" -i "$folder/predictions/$cohort" --by vendor,field_tesla,sex,age_years,snr_b1000 \
    --name $cohort -o "$folder/$cohort.json"
done
$parotis simulate --oracle 20000 --json >"$folder/oracle.json"
# The node's page shows how far the probabilities held on patients whom neither the network nor the rule has met.
mkdir -p "$folder/with-reliability"
$parotis calibrate --keep-rule -m "$folder/$name.safetensors" -d "$folder/held-out" -i "$folder/candidates/held-out" \
  -o "$folder/with-reliability/$name.safetensors"
cp "$folder/with-reliability/$name.safetensors" models/
