#!/usr/bin/env bash
# The main job on a small scale: a synthetic cohort, training that starts from the shipped weights, evaluation on held-out
# patients, the diagnosis of a DICOM study that no model has seen, and a node and a study whose pages can be looked at.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

parotis=build/release/parotis
shipped=$(ls models/parotis-synthetic-*.safetensors | sort | tail -1)
demo=demo
rm -rf $demo
mkdir -p $demo
step() { printf '\n== %s\n' "$*" >&2; }

step "1 of 7: simulate 60 patients for training and 40 held-out patients"
$parotis simulate -o $demo/cohort --n 60 --mix warthin=30,pleomorphic=30,malignant=25,tumour_free=15 --seed 11
$parotis simulate -o $demo/held-out --n 40 --mix warthin=30,pleomorphic=30,malignant=25 --seed 770000

step "2 of 7: plan, from what the cohort looks like"
$parotis plan -d $demo/cohort -o $demo/plan.json

step "3 of 7: train on fold 0 for 150 iterations, starting from the shipped weights ($shipped)"
$parotis train -d $demo/cohort -p $demo/plan.json -c diffusion -f 0 --from "$shipped" --iterations 150 --seed 1 -o $demo/run

step "4 of 7: predict and evaluate the 40 held-out patients with the model just trained"
$parotis predict -m $demo/run/model.safetensors -d $demo/held-out -o $demo/predictions
$parotis evaluate -d $demo/held-out -i $demo/predictions -o $demo/evaluation.json
$parotis report -i $demo/evaluation.json -o $demo/cohort-report.html

step "5 of 7: write a DICOM study of a patient nobody trained on, and look into it"
$parotis simulate --dicom $demo/dicom --n 1 --mix warthin=1 --seed 880006
$parotis inspect $demo/dicom

step "6 of 7: diagnose it"
$parotis diagnose $demo/dicom -m $demo/run/model.safetensors -o $demo/diagnosis

printf '\nLook at:\n  the patient      %s\n  the evaluation   %s\n' "$PWD/$demo/diagnosis/report.html" "$PWD/$demo/cohort-report.html"

# Before people it waits for Ctrl-C, so that they can look at it; elsewhere it ends when everything has been analysed.
step "7 of 7: a node with eight more patients, a small study of others, and the pages to look at them"
wait=--once
if [ -t 0 ] && [ -t 1 ]; then wait=; fi
$parotis demo $demo/node -m $demo/run/model.safetensors $wait
