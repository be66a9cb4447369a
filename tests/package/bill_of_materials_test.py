"""The bill of materials of an installed tree: bill_of_materials_test.py parts|schema TREE

parts: everything that is shipped is in it, with licence and hash, under references of its own. schema: it follows CycloneDX
1.5's published schema; 77 (skipped) where the Python environment has no validator.
"""
import hashlib
import json
import sys
from pathlib import Path


def check_parts(tree, bill):
    assert bill["bomFormat"] == "CycloneDX" and bill["specVersion"] == "1.5"
    components = bill["components"]
    references = [component["bom-ref"] for component in components]
    assert len(set(references)) == len(references)
    assert set(bill["dependencies"][0]["dependsOn"]) == set(references)
    for component in components:
        assert component.get("licenses"), f"{component['name']} has no licence"
        assert component.get("hashes"), f"{component['name']} has no hash"
    listed = {component["name"]: component["hashes"][0]["content"] for component in components}
    shipped = [tree / "bin/parotis", *tree.glob("lib/parotis/*.so*"), *tree.glob("share/parotis/models/*.safetensors"),
               *(file for file in tree.glob("share/parotis/web/**/*") if file.is_file())]
    assert len(shipped) >= 6
    for file in shipped:
        name = file.name if "web" not in file.parts else f"web/{file.relative_to(tree / 'share/parotis/web')}"
        assert listed[name] == hashlib.sha256(file.read_bytes()).hexdigest(), f"{file.name} is another file"
    names = set(listed)
    assert names >= {"torch", "libdcmtk17", "libssl3", "libeigen3-dev", "fonts-dejavu-core", "libgomp1"}
    torch = next(component for component in components if component["name"] == "torch")
    parts = {part["name"] for part in torch["components"]}
    assert parts >= {"Intel oneAPI Math Kernel Library", "oneDNN", "sleef", "XNNPACK"}
    # Every part of the wheel whose notice is shipped is in the bill.
    notices = tree / "share/doc/parotis/licenses/libtorch/third_party"
    assert {folder.name for folder in notices.iterdir()} <= parts
    # So is every package of the page.
    page = tree / "share/doc/parotis/licenses/page"
    noticed = {str(file.parent.relative_to(page)) for file in page.rglob("*") if file.is_file()}
    assert noticed == {component["name"] for component in components if component["bom-ref"].startswith("npm:")}


def check_schema(text):
    try:
        from cyclonedx.schema import SchemaVersion
        from cyclonedx.validation.json import JsonStrictValidator
    except ImportError:
        print("cyclonedx-python-lib is not in this Python environment (scripts/setup.sh installs it)")
        sys.exit(77)
    error = JsonStrictValidator(SchemaVersion.V1_5).validate_str(text)
    assert error is None, error
    broken = json.loads(text)
    broken["components"][0]["type"] = "thing"
    assert JsonStrictValidator(SchemaVersion.V1_5).validate_str(json.dumps(broken)) is not None


def main():
    what, tree = sys.argv[1], Path(sys.argv[2])
    text = (tree / "share/doc/parotis/parotis.cdx.json").read_text()
    check_parts(tree, json.loads(text)) if what == "parts" else check_schema(text)


main()
