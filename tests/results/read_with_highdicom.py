"""What highdicom reads in the segmentations, TID 1500 reports and parametric maps of a folder, as JSON on standard
output: the answer that tests/results/other_readers.h describes. Shares no code with this program, and none with dcmjs."""
import json
import sys
from pathlib import Path

import highdicom as hd
import numpy as np
from pydicom import dcmread, uid


def code(concept):
    return None if concept is None else f"{concept.scheme_designator}:{concept.value}"


def first_code(sequence):
    return f"{sequence[0].CodingSchemeDesignator}:{sequence[0].CodeValue}" if sequence else None


def segment_of(segmentation, number):
    description = segmentation.get_segment_description(number)
    region = description.get("AnatomicRegionSequence")
    volume = segmentation.get_volume(segment_numbers=[number], combine_segments=True)
    inside = np.argwhere(volume.array == number).astype(float)
    return {
        "number": number,
        "label": description.segment_label,
        "tracking_uid": description.tracking_uid,
        "type": code(description.segmented_property_type),
        "region": first_code(region),
        "laterality": first_code(region[0].get("AnatomicRegionModifierSequence")) if region else None,
        "voxels_world_mm": volume.map_indices_to_reference(inside).tolist(),
    }


def segmentation_of(path):
    segmentation = hd.seg.segread(path)
    return {"uid": segmentation.SOPInstanceUID,
            "segments": [segment_of(segmentation, number) for number in segmentation.segment_numbers]}


def modifier_of(measurement, name):
    children = getattr(measurement[0], "ContentSequence", [])
    return next((code(child.value) for child in children if code(child.name) == name), None)


def measurement_of(measurement):
    return {
        "quantity": code(measurement.name),
        "derivation": code(measurement.derivation),
        "of": modifier_of(measurement, "DCM:121071"),
        "unit": code(measurement.unit),
        "value": float(measurement.value),
    }


def group_of(group):
    read = {
        "tracking_id": group.tracking_identifier,
        "tracking_uid": group.tracking_uid,
        "finding": code(group.finding_type),
        "site": None,
        "laterality": None,
        "segment": None,
        "source_series_uid": None,
        "measurements": [measurement_of(measurement) for measurement in group.get_measurements()],
    }
    for site in group.finding_sites:
        read.update(site=code(site.value), laterality=code(site.laterality))
    if isinstance(group, hd.sr.VolumetricROIMeasurementsAndQualitativeEvaluations):
        segment = group.referenced_segment
        read["segment"] = {"uid": segment.referenced_sop_instance_uid, "number": segment.referenced_segment_numbers[0]}
        read["source_series_uid"] = segment.source_series_for_segmentation.value
    return read


def report_of(path):
    content = hd.sr.srread(path).content
    groups = content.get_volumetric_roi_measurement_groups() + content.get_image_measurement_groups()
    return {"groups": [group_of(group) for group in groups]}


def map_of(path, points):
    volume = hd.imread(path).get_volume(apply_real_world_transform=True)
    indices = np.round(volume.map_reference_to_indices(np.array(points))).astype(int)
    return {"values": [float(volume.array[tuple(index)]) for index in indices]}


SEGMENTATIONS = (uid.SegmentationStorage, "1.2.840.10008.5.1.4.1.1.66.7")  # the latter are label maps
REPORTS = (uid.ComprehensiveSRStorage, uid.Comprehensive3DSRStorage)

folder = Path(sys.argv[1])
question = folder / "question.json"
points_world_mm = json.loads(question.read_text())["points_world_mm"] if question.exists() else []
answer = {}
for file in sorted(folder.glob("*.dcm")):
    sop_class = dcmread(file, stop_before_pixels=True).SOPClassUID
    if sop_class in SEGMENTATIONS:
        answer[file.name] = segmentation_of(file)
    elif sop_class in REPORTS:
        answer[file.name] = report_of(file)
    elif sop_class == uid.ParametricMapStorage:
        answer[file.name] = map_of(file, points_world_mm)
json.dump(answer, sys.stdout)
