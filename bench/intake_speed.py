#!/usr/bin/env python3
"""How fast a folder of DICOM is understood: parotis beside dcm2niix, on the same files in one run.

    bench/intake_speed.py FOLDER [--program build/release/parotis] [--files 10000] [--runs 3]
    bench/intake_speed.py STUDY --study [--program build/release/parotis] [--runs 3]

FOLDER holds real MR images; they are copied under new identifiers until there are as many as asked for, in series of 40.
Everything is read once before it is timed, so that the files come from memory. dcm2niix (Debian's package; installed for
this comparison only) writes nothing but its text files (-b o), which is the nearest it has to reading headers.

With --study, one study as it is: inspected, imported (pixels, ADC fit, one grid, compressed NIfTI), imported with alignment
and distortion correction, and converted by dcm2niix.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

FILES_PER_SERIES = 40


def value_at(data, tag):
    """Start and end of an explicit or implicit little-endian UI value."""
    at = data.find(tag)
    if at < 0:
        return None
    explicit = data[at + 4:at + 6] == b"UI"
    length = int.from_bytes(data[at + 6:at + 8] if explicit else data[at + 4:at + 8], "little")
    return at + 8, at + 8 + length


def renumbered(data, instance, series):
    """The same image under new identifiers of the same length, and at another place in the slice direction's order."""
    out = bytearray(data)
    for tag, number in ((b"\x08\x00\x18\x00", instance), (b"\x02\x00\x03\x00", instance), (b"\x20\x00\x0e\x00", series)):
        span = value_at(data, tag)
        if span is None:
            continue
        old = data[span[0]:span[1]].rstrip(b"\0 ")
        digits = str(number).encode().rjust(8, b"1")
        out[span[0] + len(old) - len(digits):span[0] + len(old)] = digits
    return bytes(out)


def make_files(sources, folder, count):
    contents = [path.read_bytes() for path in sources]
    for i in range(count):
        part = folder / f"{i // FILES_PER_SERIES:05d}"
        part.mkdir(exist_ok=True)
        source = contents[i % len(contents)]
        (part / f"{i:06d}.dcm").write_bytes(renumbered(source, i, i // FILES_PER_SERIES))


def timed(command, cwd):
    """Seconds by the clock, seconds of all processors, peak MB of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    # dcm2niix ends with an error when one series of many is not to its liking.
    if os.waitstatus_to_exitcode(status) != 0 and "dcm2niix" not in command[0]:
        sys.exit(f"{command[0]} failed")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def alternate(commands, work, output, runs):
    """The best of `runs` rounds of all commands, each with an empty output folder."""
    best = {}
    for _ in range(runs):
        for name, command in commands.items():
            shutil.rmtree(output, ignore_errors=True)
            output.mkdir()
            result = timed(command, work)
            best[name] = min(best.get(name, result), result)
    return best


def measure_study(study, program, runs):
    files = [path for path in study.rglob("*") if path.is_file()]
    for path in files:
        path.read_bytes()
    with tempfile.TemporaryDirectory() as work:
        output = pathlib.Path(work) / "out"
        importing = [program, "import", str(study.resolve()), "-o", str(output / "dataset"), "-q"]
        commands = {
            "parotis inspect": [program, "inspect", str(study.resolve())],
            "parotis import": importing,
            "... with alignment": importing + ["--align", "rigid", "--correct-distortion"],
        }
        if shutil.which("dcm2niix"):
            commands["dcm2niix -z y"] = ["dcm2niix", "-z", "y", "-v", "0", "-o", str(output), str(study.resolve())]
        print(f"{len(files)} files, {os.cpu_count()} processors, best of {runs}")
        print(f"{'':20} {'wall s':>8} {'CPU s':>8} {'peak MB':>9}")
        for name, (wall, cpu, peak) in alternate(commands, work, output, runs).items():
            print(f"{name:20} {wall:8.2f} {cpu:8.2f} {peak:9.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--program", default="build/release/parotis")
    parser.add_argument("--files", type=int, default=10000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--study", action="store_true", help="time one study as it is")
    options = parser.parse_args()
    if options.study:
        return measure_study(options.folder, str(pathlib.Path(options.program).resolve()), options.runs)
    sources = sorted(path for path in options.folder.rglob("*") if path.is_file())
    sources = [path for path in sources if path.read_bytes()[128:132] == b"DICM"]
    if not sources:
        sys.exit(f"{options.folder} holds no DICOM files")
    program = str(pathlib.Path(options.program).resolve())
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work) / "files"
        folder.mkdir()
        make_files(sources, folder, options.files)
        output = pathlib.Path(work) / "out"
        commands = {"parotis inspect": [program, "inspect", str(folder), "--json"]}
        if shutil.which("dcm2niix"):
            commands["dcm2niix -b o"] = ["dcm2niix", "-b", "o", "-v", "0", "-o", str(output), str(folder)]
        megabytes = sum(path.stat().st_size for path in folder.rglob("*.dcm")) / 1e6
        print(f"{options.files} files, {megabytes:.0f} MB, {os.cpu_count()} processors, best of {options.runs}")
        print(f"{'':18} {'files/s':>9} {'wall s':>8} {'CPU s':>8} {'peak MB':>9}")
        for name, (wall, cpu, peak) in alternate(commands, work, output, options.runs).items():
            print(f"{name:18} {options.files / wall:9.0f} {wall:8.2f} {cpu:8.2f} {peak:9.0f}")


if __name__ == "__main__":
    main()
