#!/usr/bin/env python3
"""Diagnoses synthetic studies of every vendor and has each DICOM object that comes of it judged by dciodvfy.

Four studies for each of the five vendors, straight and oblique, as single slices and as enhanced objects; most patients have
a tumour, so that there are segmentations. Prints a line for each study, with the errors that dciodvfy found, and the sum.
Exit code 1 when there was an error, when a study was refused or gave no objects, or when no study was oblique, enhanced or had
a lesion: then nothing was proved.

    scripts/prove_dicom_results.py [--program build/release/parotis] [--per-vendor 4] [--seed 9001] [--keep FOLDER]
"""
import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENDORS = ["standard", "siemens", "ge", "philips", "uih"]
ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4.1"
ALWAYS = {"report.dcm", "adc-map.dcm", "probability-map.dcm", "page.dcm", "key-image.dcm"}


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, errors="replace")
    return done.returncode, done.stdout, done.stderr


def simulate(program, folder, vendor, studies, seed):
    """The folders of the new studies."""
    code, _, said = run(program, "simulate", "--dicom", folder, "--vendor", vendor, "--n", studies, "--seed", seed,
                        "--mix", "warthin=1,pleomorphic=2,malignant=1", "--quiet")
    if code != 0:
        sys.exit(f"simulate failed: {said}")
    return sorted(path for path in folder.iterdir() if path.is_dir())


def kind_of(study):
    """Whether the study holds oblique images and enhanced objects."""
    oblique = enhanced = False
    for series in sorted(path for path in study.iterdir() if path.is_dir()):
        image = min(path for path in series.rglob("*") if path.is_file())
        _, header, _ = run("dcmdump", "-Un", "+L", "+P", "0008,0016", "+P", "0020,0037", image)
        enhanced = enhanced or f"[{ENHANCED_MR}]" in header
        for direction in re.findall(r"\(0020,0037\) DS \[([^\]]*)\]", header):
            oblique = oblique or any(abs(float(number)) not in (0, 1) for number in direction.split("\\"))
    return oblique, enhanced


def errors_in(file):
    _, said, also_said = run("dciodvfy", file)
    return [line for line in (said + also_said).splitlines() if line.startswith("Error")]


def prove(program, study, output):
    """A dictionary of what is in the table's line."""
    oblique, enhanced = kind_of(study)
    code, _, said = run(program, "diagnose", study, "-o", output, "--quiet")
    line = {"oblique": oblique, "enhanced": enhanced, "lesions": 0, "objects": 0, "errors": []}
    if code != 0 or not (output / "diagnosis.json").exists():
        return {**line, "errors": [f"diagnose ended with {code}: {said.strip()}"]}
    line["lesions"] = len(json.loads((output / "diagnosis.json").read_text())["lesions"])
    files = sorted(output.glob("*.dcm"))
    line["objects"] = len(files)
    meant = ALWAYS | ({"segmentation.dcm"} if line["lesions"] else set())
    if {file.name for file in files} != meant:
        line["errors"].append(f"there are {[file.name for file in files]}, not {sorted(meant)}")
    line["errors"] += [f"{file.name}: {error}" for file in files for error in errors_in(file)]
    return line


def print_table(lines):
    print(f"{'vendor':<10}{'study':<16}{'oblique':<9}{'enhanced':<10}{'lesions':>8}{'objects':>9}{'errors':>8}")
    for vendor, study, line in lines:
        yes = {True: "yes", False: "no"}
        print(f"{vendor:<10}{study:<16}{yes[line['oblique']]:<9}{yes[line['enhanced']]:<10}{line['lesions']:>8}"
              f"{line['objects']:>9}{len(line['errors']):>8}")
    for vendor, study, line in lines:
        for error in line["errors"]:
            print(f"{vendor} {study}: {error}")


def verdict(lines):
    """What the last line says, and the exit code."""
    only = [line for _, _, line in lines]
    counted = {name: sum(bool(line[name]) for line in only) for name in ("oblique", "enhanced", "lesions")}
    errors = sum(len(line["errors"]) for line in only)
    said = (f"{len(only)} studies of {len({vendor for vendor, _, _ in lines})} vendors, {counted['oblique']} oblique, "
            f"{counted['enhanced']} enhanced, {counted['lesions']} with lesions; "
            f"{sum(line['objects'] for line in only)} objects, {errors} errors")
    return said, 0 if errors == 0 and all(counted.values()) else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build" / "release" / "parotis")
    parser.add_argument("--per-vendor", type=int, default=4)
    parser.add_argument("--seed", type=int, default=9001)
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for studies and objects, which stay there")
    options = parser.parse_args()
    for tool in ("dciodvfy", "dcmdump", options.program):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is not there; `make build` makes the program and installs the tools")
    with tempfile.TemporaryDirectory(prefix="parotis-prove-") as scratch:
        folder = options.keep or pathlib.Path(scratch)
        lines = []
        for number, vendor in enumerate(VENDORS):
            studies = simulate(options.program, folder / vendor / "studies", vendor, options.per_vendor,
                               options.seed + number)
            lines += [(vendor, study.name, prove(options.program, study, folder / vendor / "results" / study.name))
                      for study in studies]
    print_table(lines)
    said, code = verdict(lines)
    print(said)
    return code


if __name__ == "__main__":
    sys.exit(main())
