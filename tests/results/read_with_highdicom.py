"""Reads the objects of one study with highdicom, which shares no code with this program's writers, and holds them
against expected.json beside them (tests/results/other_readers_test.cc). Says on stderr what differs; ends with 0 when
nothing does."""
import json
import sys
from pathlib import Path

import highdicom as hd
import numpy as np

folder = Path(sys.argv[1])
expected = json.loads((folder / "expected.json").read_text())
differences = []


def differ(what, read, meant):
    differences.append(f"{what}: highdicom reads {read}, meant is {meant}")


def close(a, b, tolerance):
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=0, atol=tolerance)


def check_segmentation():
    segmentation = hd.seg.segread(folder / "segmentation.dcm")
    for lesion in expected["lesions"]:
        number = lesion["id"]
        description = segmentation.get_segment_description(number)
        if description.segment_label != lesion["label"]:
            differ("label", description.segment_label, lesion["label"])
        if description.tracking_uid != lesion["tracking_uid"]:
            differ("tracking UID", description.tracking_uid, lesion["tracking_uid"])
        volume = segmentation.get_volume(segment_numbers=[number], combine_segments=True)
        indices = np.argwhere(volume.array == number)
        if len(indices) != lesion["voxels"]:
            differ("voxels", len(indices), lesion["voxels"])
        centre = volume.map_indices_to_reference(indices.astype(float)).mean(axis=0)
        if not close(centre, lesion["centre_world_mm"], 0.01):
            differ("centre", centre.tolist(), lesion["centre_world_mm"])


def check_report():
    report = hd.sr.srread(folder / "report.dcm")
    groups = report.content.get_volumetric_roi_measurement_groups()
    if len(groups) != len(expected["lesions"]):
        differ("groups", len(groups), len(expected["lesions"]))
    for group, lesion in zip(groups, expected["lesions"]):
        if group.tracking_uid != lesion["tracking_uid"]:
            differ("tracking UID", group.tracking_uid, lesion["tracking_uid"])
        if group.finding_type.value != "108369006":
            differ("finding", group.finding_type, "neoplasm")
        read = [float(m.value) for m in group.get_measurements()]
        if not close(read, lesion["measurements"], 1e-9):
            differ("measurements", read, lesion["measurements"])
        if group.reference_type.value != "121191":
            differ("reference", group.reference_type, "a segment")
    individual = report.content.get_image_measurement_groups()
    if len(individual) != 1:
        differ("groups of the patient", len(individual), 1)


def check_map(name, quantity):
    volume = hd.imread(folder / name).get_volume(apply_real_world_transform=True)
    for sample in expected[quantity]:
        index = np.round(volume.map_reference_to_indices(np.array([sample["world_mm"]]))).astype(int)[0]
        value = float(volume.array[tuple(index)])
        if not close(value, sample["value"], sample["tolerance"]):
            differ(name, value, sample["value"])


check_segmentation()
check_report()
check_map("adc-map.dcm", "adc")
check_map("probability-map.dcm", "probability")
print("\n".join(differences[:20]), file=sys.stderr)
sys.exit(1 if differences else 0)
