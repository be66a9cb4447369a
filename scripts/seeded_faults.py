#!/usr/bin/env python3
"""Plants one fault after the other in a copy of the sources and asks the test suite to catch each of them.

A test suite that stays green with a mirrored patient is worth nothing. Every fault below is a mistake someone has made in
software of this kind. The script copies the tree to build/faults, builds the tests once, then for each fault: replaces one
piece of text, builds the test programs named beside it, runs them, and puts the text back. Exit code 1 when a fault survives
(or no longer applies, because the code it was planted in has changed).

    scripts/seeded_faults.py [NAME ...]
"""
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
COPY = ROOT / "build" / "faults"
BUILD = COPY / "build" / "release"

# name, file, text, replacement, test programs that must notice
FAULTS = [
    ("NIfTI read without RAS→LPS", "src/image/nifti_header.cc",
     "value *= row < 2 ? -scale : scale;", "value *= scale;", ["image"]),
    ("slices reversed against their positions", "src/dicom/pixels.cc",
     "description.planes[k]", "description.planes[description.planes.size() - 1 - k]", ["dicom"]),
    ("rescale slope ignored", "src/dicom/pixels.cc",
     "source.slope * stored[i] + source.intercept", "stored[i] + source.intercept", ["dicom"]),
    ("ADC in 10⁻³ mm²/s where µm²/s is promised", "src/intake/adc.cc",
     "kUm2PerMm2 = 1e6;", "kUm2PerMm2 = 1e3;", ["intake"]),
    ("crop one voxel short", "src/prepare/prepare.cc",
     "box.last[axis] + margin + 1) - first[axis]", "box.last[axis] + margin) - first[axis]", ["prepare"]),
    ("outside the network's grid nothing is certain", "src/prepare/prepare.cc",
     "if (!(sum > 0)) volumes[0].voxels[v] = 1;", "if (!(sum > 0)) volumes.back().voxels[v] = 1;", ["prepare"]),
    ("temperature makes surer instead of less sure", "src/diagnose/lesions.cc",
     "std::pow(p, 1 / temperature)", "std::pow(p, temperature)", ["diagnose"]),
    ("a patient's cases dealt to different folds", "src/dataset/splits.cc",
     "Patient& patient = patients[index.PatientOf(id)];", "Patient& patient = patients[id];", ["dataset"]),
    ("a fold's validation cases are those of the next fold", "src/dataset/splits.cc",
     "other == fold ? splits[fold].val : splits[fold].train",
     "other == fold || other == fold + 1 ? splits[fold].val : splits[fold].train", ["dataset"]),
    ("left and right swapped", "src/diagnose/diagnose.cc",
     "x_world > midline_x_world ?", "x_world < midline_x_world ?", ["diagnose"]),
    ("a decisive class decides below its threshold", "src/diagnose/patient_rule.cc",
     "if (probability < threshold) continue;", "if (probability > threshold) continue;", ["diagnose"]),
    ("false positives and false negatives swapped", "src/evaluate/classification.cc",
     "table.false_positive += !truth && guess;\n    table.false_negative += truth && !guess;",
     "table.false_negative += !truth && guess;\n    table.false_positive += truth && !guess;", ["evaluate"]),
    ("Dice without its factor for the overlap", "src/evaluate/overlap.cc",
     "return 2.0 * static_cast<double>(overlap.true_positive)", "return 1.0 * static_cast<double>(overlap.true_positive)", ["evaluate"]),
    ("mirrored prediction not mirrored back", "src/infer/predictor.cc",
     "batch.flip(3)).flip(3)) / 2", "batch.flip(3))) / 2", ["infer"]),
    ("one patient drawn for every slice of a class", "src/train/batch_design.cc",
     "patients[deal[static_cast<std::size_t>(nth % count)]]", "patients[deal[0]]", ["train"]),
    ("classes shifted by one in the most probable label", "src/infer/predictor.cc",
     "better ? static_cast<std::uint8_t>(label) : labels.voxels[voxel]",
     "better ? static_cast<std::uint8_t>(label == 1 ? 2 : 1) : labels.voxels[voxel]", ["infer"]),
    ("momentum lost at resume", "src/train/optimiser.cc",
     'state["first." + weight.name] = weight.first;', 'state["first." + weight.name] = torch::zeros_like(weight.first);', ["train"]),
    ("b-values of two images swapped when writing DICOM", "src/scanner/dicom_study.cc",
     "study_.series.back().volumes = {std::move(b0), std::move(b1000)};",
     "std::swap(b0.b_value_s_mm2, b1000.b_value_s_mm2);\n    study_.series.back().volumes = {std::move(b0), std::move(b1000)};",
     ["scanner"]),
    ("T2 decay with the wrong sign", "src/phantom/signal.cc",
     "std::exp(-te_ms / t2_ms)", "std::exp(te_ms / t2_ms)", ["phantom"]),
]


def run(command, **options):
    return subprocess.run(command, cwd=COPY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)


def copy_tree():
    COPY.mkdir(parents=True, exist_ok=True)
    files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    for name in filter(None, files):
        source, target = ROOT / name, COPY / name
        if not source.is_file():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != source.read_bytes():
            shutil.copyfile(source, target)
            shutil.copymode(source, target)
    for link, goal in ((COPY / ".venv", ROOT / ".venv"), (COPY.parent / "shared", ROOT.parent / "shared")):
        if not link.exists() and goal.exists():
            link.symlink_to(goal)


def build(programs):
    return run(["cmake", "--build", str(BUILD), "--target", *(f"parotis_test_{p}" for p in programs)])


def failing_tests(programs):
    names = []
    for program in programs:
        result = run([str(BUILD / "tests" / f"parotis_test_{program}"), "--gtest_brief=1"], timeout=900)
        names += re.findall(r"^\[  FAILED  \] ([\w./]+)", result.stdout, flags=re.MULTILINE)
        if result.returncode != 0 and not names:
            names.append(f"{program} ended with {result.returncode}")
    return sorted(set(names))


def plant(fault):
    name, file, text, replacement, programs = fault
    path = COPY / file
    original = path.read_text()
    if original.count(text) != 1:
        return f"no longer applies: the text stands {original.count(text)} times in {file}"
    path.write_text(original.replace(text, replacement))
    try:
        built = build(programs)
        if built.returncode != 0:
            return "does not compile:\n" + "\n".join(built.stdout.splitlines()[-15:])
        caught = failing_tests(programs)
        return caught or "SURVIVED"
    finally:
        path.write_text(original)


def main():
    wanted = set(sys.argv[1:])
    faults = [fault for fault in FAULTS if not wanted or fault[0] in wanted]
    copy_tree()
    subprocess.run(["cmake", "--preset", "release"], cwd=COPY, stdout=subprocess.DEVNULL, check=True)
    programs = sorted({program for fault in faults for program in fault[4]})
    built = build(programs)
    if built.returncode != 0:
        sys.exit("the sources do not build without a fault:\n" + built.stdout[-3000:])
    before = failing_tests(programs)
    if before:
        sys.exit(f"these tests fail without any fault: {before}")
    survived = 0
    for number, fault in enumerate(faults, 1):
        verdict = plant(fault)
        caught = isinstance(verdict, list)
        survived += not caught
        detail = f"caught by {len(verdict)}: {', '.join(verdict[:3])}" if caught else verdict
        print(f"{number:2d}. {fault[0]}: {detail}", flush=True)
    print(f"{len(faults) - survived} of {len(faults)} faults caught")
    sys.exit(survived > 0)


if __name__ == "__main__":
    main()
