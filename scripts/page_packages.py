#!/usr/bin/env python3
"""The npm packages that the node's page was bundled of, from web/package-lock.json; none where no page was built.

page_packages.py FOLDER copies their notices there, a folder for each package.
"""
import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def bundled():
    """(name, what the lock file says, installed folder) of each. Optional ones are compilers of the bundler's, not bundled."""
    lock = ROOT / "web/package-lock.json"
    if not lock.exists() or not (ROOT / "web/dist").exists():
        return []
    packages = []
    for path, package in sorted(json.loads(lock.read_text())["packages"].items()):
        if not path or any(package.get(mark) for mark in ("dev", "optional", "link")):
            continue
        folder = ROOT / "web" / path
        if not folder.exists():
            sys.exit(f"{folder} is missing, of which web/dist was bundled; build the page again")
        packages.append((path.rsplit("node_modules/", 1)[1], package, folder))
    return packages


def notices_of(folder):
    return [file for file in sorted(folder.iterdir())
            if file.is_file() and file.name.lower().startswith(("licen", "copying", "notice"))]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for name, package, folder in bundled():
        target = Path(sys.argv[1], name)
        target.mkdir(parents=True, exist_ok=True)
        notices = notices_of(folder)
        for notice in notices:
            shutil.copyfile(notice, target / notice.name)
        if not notices:
            (target / "LICENSE").write_text(f"{name} {package['version']}: {package['license']}, by its package.json; it brings no text.\n")


if __name__ == "__main__":
    main()
