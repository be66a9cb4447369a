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
