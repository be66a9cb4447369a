#!/usr/bin/env python3
"""Writes the bill of materials (CycloneDX 1.5, JSON) of an installed tree: sbom.py PREFIX OUTPUT

PREFIX is what holds bin/parotis. Read from it and from this machine: the files themselves, the shared libraries that they
load and the Debian packages that those are of, the versions of what is compiled in, what LibTorch's wheel contains, the npm
packages that the page was bundled of. Licences are packaging/components.json's; a part that has none there is an error. The
same tree gives the same bytes.
"""
import datetime
import hashlib
import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

from page_packages import bundled

ROOT = Path(__file__).resolve().parent.parent
KNOWN = json.loads((ROOT / "packaging/components.json").read_text())


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}).stdout


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hashes(digest, kind="SHA-256"):
    return [{"alg": kind, "content": digest}]


def licence(expression):
    return [{"expression": expression}]


def property_(name, value):
    return {"name": "parotis:" + name, "value": value}


def file_component(path, name, **more):
    return {"type": "file", "bom-ref": "file:" + name, "name": name, "hashes": hashes(sha256(path)), **more}


def loaded_libraries(binary):
    """The files of the libraries that the binary names itself, as the loader finds them."""
    needed = set(re.findall(r"NEEDED.*\[(.+)\]", output_of("readelf", "-d", binary)))
    found = re.findall(r"^\s*(\S+) => (\S+)", output_of("ldd", binary), re.M)
    missing = [name for name, file in found if not file.startswith("/")]
    if missing:
        sys.exit(f"sbom: {binary} needs {', '.join(missing)}, which the loader does not find")
    return {Path(file) for name, file in found if name in needed}


def debian_package_of(library):
    for name in {str(library), str(library.resolve()), "/usr" + str(library)}:
        owner = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True)
        if owner.returncode == 0:
            return owner.stdout.split(":")[0]
    sys.exit(f"sbom: {library} belongs to no Debian package and to no wheel; it cannot be shipped")


def debian_component(package, expression, role):
    version, architecture = output_of("dpkg-query", "-W", "-f", "${Version} ${Architecture}\n", package).splitlines()[0].split()
    listed = sorted(Path("/var/lib/dpkg/info").glob(f"{package}*.md5sums"))
    listed = [file for file in listed if re.fullmatch(re.escape(package) + r"(:\w+)?\.md5sums", file.name)]
    component = {
        "type": "library", "bom-ref": f"deb:{package}", "name": package, "version": version, "licenses": licence(expression),
        "purl": f"pkg:deb/debian/{package.replace('+', '%2B')}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={architecture}&distro=bookworm",
        "properties": [property_("role", role), property_("hash-of", "dpkg's list of the installed files and their MD5 sums")]}
    if listed:
        component["hashes"] = hashes(sha256(listed[0]))
    return component


def wheel_component():
    """LibTorch, and what its wheel says that it contains."""
    info = next(ROOT.glob(".venv/lib/python3*/site-packages/torch-*.dist-info"))
    metadata = (info / "METADATA").read_text()
    version = re.search(r"^Version: (.+)$", metadata, re.M)[1]
    expression = re.search(r"^License-Expression: (.+)$", metadata, re.M)[1]
    third_party = []
    for folder in sorted((info / "licenses/third_party").iterdir()):
        if folder.name not in KNOWN["wheel"]["third_party"]:
            sys.exit(f"sbom: the wheel contains {folder.name}, of which packaging/components.json does not know the licence")
        texts = sorted(folder.rglob("LICENSE*"), key=lambda file: (len(file.parts), file))
        third_party.append({
            "type": "library", "bom-ref": "torch-third-party:" + folder.name, "name": folder.name,
            "licenses": licence(KNOWN["wheel"]["third_party"][folder.name]), "hashes": hashes(sha256(texts[0])),
            "properties": [property_("hash-of", f"licenses/libtorch/third_party/{texts[0].relative_to(folder.parent)}")]})
    for part in KNOWN["wheel"]["within"]:
        text = part.get("text")
        licences = licence(part["licence"]) if "licence" in part else [
            {"license": {"name": part["licence_name"], "text": {"content": (ROOT / text).read_text()}}}]
        third_party.append({"type": "library", "bom-ref": "torch-within:" + part["name"], "name": part["name"],
                            "licenses": licences, "properties": [property_("role", part["remark"])]})
    return {"type": "framework", "bom-ref": "pypi:torch", "name": "torch", "version": version,
            "description": "LibTorch, from the wheel of PyTorch", "licenses": licence(expression),
            "purl": f"pkg:pypi/torch@{version.replace('+', '%2B')}", "hashes": hashes(sha256(info / "RECORD")),
            "properties": [property_("hash-of", "the wheel's RECORD")], "components": third_party}


def page_components(page):
    """The page's own files, and the npm packages that they were bundled of."""
    components = [file_component(file, f"web/{file.relative_to(page)}", licenses=licence("Apache-2.0"))
                  for file in sorted(page.rglob("*")) if file.is_file()]
    for name, package, folder in bundled() if components else []:
        files = sorted(file for file in folder.rglob("*") if file.is_file() and "node_modules" not in file.relative_to(folder).parts)
        listing = "".join(f"{sha256(file)}  {file.relative_to(folder)}\n" for file in files)
        components.append({
            "type": "library", "bom-ref": f"npm:{folder.relative_to(ROOT)}", "name": name, "version": package["version"],
            "licenses": licence(package["license"]), "purl": f"pkg:npm/{name.replace('@', '%40')}@{package['version']}",
            "hashes": hashes(hashlib.sha256(listing.encode()).hexdigest()),
            "properties": [property_("role", "bundled into the page"), property_("hash-of", "sha256sum's list of the package's files")]})
    return components


def bill(prefix):
    version = re.search(r"project\(parotis VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
    private = prefix / "lib/parotis"
    program, ours = prefix / "bin/parotis", private / "libparotis_net.so"
    wheel = sorted(file for file in private.glob("*.so*") if file != ours)
    components = [file_component(file, file.name, licenses=licence("Apache-2.0")) for file in (program, ours) if file.exists()]
    for model in sorted((prefix / "share/parotis/models").glob("*.safetensors")):
        components.append({**file_component(model, model.name, licenses=licence("Apache-2.0")), "type": "machine-learning-model"})
    packages = {}
    for library in {file for binary in (program, *private.glob("*.so*")) for file in loaded_libraries(binary)}:
        if library.resolve().parent != private.resolve():
            package = debian_package_of(library)
            if package not in KNOWN["linked"]:
                sys.exit(f"sbom: {library} is of {package}, of which packaging/components.json does not know the licence")
            packages[package] = debian_component(package, KNOWN["linked"][package], "depended on")
    for role, known in (("compiled in", KNOWN["compiled_in"]), ("depended on", KNOWN["data"])):
        packages.update({package: debian_component(package, expression, role) for package, expression in known.items()})
    components += [packages[name] for name in sorted(packages)]
    if wheel:
        torch = wheel_component()
        components += [file_component(file, file.name, licenses=torch["licenses"],
                                      properties=[property_("role", "unchanged from the wheel of PyTorch")]) for file in wheel]
        components.append(torch)
    components += page_components(prefix / "share/parotis/web")
    return document(version, components)


def document(version, components):
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH") or output_of("git", "-C", str(ROOT), "log", "-1", "--format=%ct"))
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    content = json.dumps(components, sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, version + content)}", "version": 1,
        "metadata": {
            "timestamp": moment,
            "component": {"type": "application", "bom-ref": "parotis", "name": "parotis", "version": version,
                          "description": "Parotid tumours on multi-parametric MRI; research use only",
                          "licenses": licence("Apache-2.0")}},
        "components": components,
        "dependencies": [{"ref": "parotis", "dependsOn": [component["bom-ref"] for component in components]}]}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    text = json.dumps(bill(Path(sys.argv[1]).absolute()), indent=1, ensure_ascii=False) + "\n"
    Path(sys.argv[2]).write_text(text)


main()
