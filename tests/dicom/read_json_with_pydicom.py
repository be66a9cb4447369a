"""Reads every NAME.json of a folder with pydicom, which shares no code with this program, and holds it against the file
NAME.dcm of which it was made. Says on stderr what differs; ends with 0 when nothing does."""
import json
import math
import sys
from pathlib import Path

import pydicom

pydicom.config.replace_un_with_known_vr = False  # UN stays what it is
folder = Path(sys.argv[1])
differences = []
bulk = []


def is_bulk(element):
    pixels = element.tag in (0x7FE00010, 0x7FE00008, 0x7FE00009, 0x00420011)
    opaque = element.VR in ("OB", "OW", "OF", "OD", "OL", "OV", "UN")
    return pixels or (opaque and element.value is not None and len(element.value) > 1024)


def same(a, b):
    if isinstance(a, str) and isinstance(b, str):
        return a.rstrip(" \0") == b.rstrip(" \0")
    if isinstance(a, bytes) and isinstance(b, bytes):
        return a.rstrip(b"\0") == b.rstrip(b"\0")
    if isinstance(a, (list, pydicom.multival.MultiValue)):
        return isinstance(b, (list, pydicom.multival.MultiValue)) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float):
        return a == b or (math.isnan(a) and math.isnan(float(b)))
    return a == b or (a in (None, "", b"") and b in (None, "", b""))


def compare(path, read, meant):
    for element in meant:
        name = f"{path}{element.tag}"
        if element.tag.element == 0:
            if element.tag in read:
                differences.append(f"{name} is a group length")
            continue
        if element.tag not in read:
            differences.append(f"{name} is missing")
            continue
        other = read[element.tag]
        if other.VR == "UN" and element.VR in ("DS", "IS"):
            continue  # no number
        if element.tag.is_private and other.VR != element.VR and "UN" in (other.VR, element.VR):
            continue  # of an implicit file: only one of the dictionaries knows it
        if element.tag == 0x7FE00010 and {other.VR, element.VR} == {"OB", "OW"}:
            continue  # some files call compressed pixels OW, which PS3.5 A.4 does not allow
        if other.VR != element.VR:
            differences.append(f"{name} is {other.VR}, meant is {element.VR}")
        elif element.VR == "SQ":
            if len(other.value) != len(element.value):
                differences.append(f"{name} has {len(other.value)} items, meant are {len(element.value)}")
            for i, (a, b) in enumerate(zip(other.value, element.value)):
                compare(f"{name}/{i + 1}/", a, b)
        elif is_bulk(element):
            if not bulk or f"{element.tag:08X}" not in bulk:
                differences.append(f"{name} is no bulk data")
        elif element.tag == 0x00080005:
            if other.value != "ISO_IR 192":
                differences.append(f"{name} is {other.value}")
        elif not same(element.value, other.value):
            differences.append(f"{name} is {other.value!r}, meant is {element.value!r}")
    for element in read:
        if element.tag not in meant:
            differences.append(f"{path}{element.tag} is made up")


def bulk_data(uri):
    bulk.append(uri.rsplit("/", 1)[1])
    return b""


for path in sorted(folder.glob("*.json")):
    text = path.read_text(encoding="utf-8")
    json.loads(text, parse_constant=lambda name: differences.append(f"{path.name} has {name} in it"))
    try:
        image = pydicom.dcmread(path.with_suffix(".dcm"), force=True)
        image.decode()
        list(image.iterall())
    except Exception as error:  # what pydicom itself cannot read says nothing about ours
        print(f"pydicom does not read {path.name}: {error}", file=sys.stderr)
        continue
    compare(f"{path.stem}: ", pydicom.Dataset.from_json(text, bulk_data_uri_handler=bulk_data), image)
for difference in differences:
    print(difference, file=sys.stderr)
sys.exit(1 if differences else 0)
