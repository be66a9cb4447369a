#!/usr/bin/env bash
# The main job on a small scale: a synthetic cohort, training that starts from the shipped weights, evaluation on held-out
# patients, and the diagnosis of a DICOM study that no model has seen. The last line says where to look.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

parotis=build/release/parotis
shipped=$(ls models/parotis-synthetic-*.safetensors | sort | tail -1)
demo=demo
rm -rf $demo
mkdir -p $demo
step() { printf '\n== %s\n' "$*" >&2; }

step "1 of 6: simulate 60 patients for training and 40 held-out patients"
$parotis simulate -o $demo/cohort --n 60 --mix warthin=30,pleomorphic=30,malignant=25,tumour_free=15 --seed 11
$parotis simulate -o $demo/held-out --n 40 --mix warthin=30,pleomorphic=30,malignant=25 --seed 770000

step "2 of 6: plan, from what the cohort looks like"
$parotis plan -d $demo/cohort -o $demo/plan.json

step "3 of 6: train on fold 0 for 150 iterations, starting from the shipped weights ($shipped)"
$parotis train -d $demo/cohort -p $demo/plan.json -c diffusion -f 0 --from "$shipped" --iterations 150 --seed 1 -o $demo/run

step "4 of 6: predict and evaluate the 40 held-out patients with the model just trained"
$parotis predict -m $demo/run/model.safetensors -d $demo/held-out -o $demo/predictions
$parotis evaluate -d $demo/held-out -i $demo/predictions -o $demo/evaluation.json
$parotis report -i $demo/evaluation.json -o $demo/cohort-report.html

step "5 of 6: write a DICOM study of a patient nobody trained on, and look into it"
$parotis simulate --dicom $demo/dicom --n 1 --mix warthin=1 --seed 880006
$parotis inspect $demo/dicom

step "6 of 6: diagnose it"
$parotis diagnose $demo/dicom -m $demo/run/model.safetensors -o $demo/diagnosis

printf '\nLook at:\n  the patient      %s\n  the evaluation   %s\n' "$PWD/$demo/diagnosis/report.html" "$PWD/$demo/cohort-report.html"
