#!/usr/bin/env python3
"""How long the published study's cohort takes to simulate, and how much memory.

    bench/simulate_speed.py [--program build/release/parotis] [--n 85] [--threads 2]

Makes N patients of the paper's preset (five contrasts, 20 to 24 slices, as .nii.gz with truth) in a temporary folder
and says wall time, processor time and peak memory, for the whole and per patient.
"""
import argparse
import os
import resource
import subprocess
import tempfile
import time


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="build/release/parotis")
    parser.add_argument("--n", type=int, default=85)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [options.program, "simulate", "-q", "-o", os.path.join(folder, "cohort"), "--preset", "paper",
                   "--n", str(options.n), "--threads", str(options.threads), "--seed", "1"]
        begin = time.monotonic()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        wall = time.monotonic() - begin
        size = sum(os.path.getsize(os.path.join(where, name))
                   for where, _, names in os.walk(folder) for name in names)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = used.ru_utime + used.ru_stime
    print(f"patients          {options.n}, {options.threads} threads")
    print(f"wall              {wall:.1f} s ({wall / options.n:.2f} s each)")
    print(f"processor         {busy:.1f} s ({busy / options.n:.2f} s each)")
    print(f"peak memory       {used.ru_maxrss / 1024:.0f} MB")
    print(f"written           {size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
