"""Holds report.dcm of a folder against the rows of TID 1500 "Measurement Report" and of the templates it includes (TID
1001, 1204, 1411, 1419, 1501, 1600; PS3.16), reading it with highdicom, and against segmentation.dcm beside it where
there is one. Prints a sentence for each breach; ends with 0 when it could be read. With --spoil it spoils every item of
the report in turn and prints those whose absence, relationship or kind is not noticed."""
import copy
import sys
from pathlib import Path
from typing import NamedTuple

import highdicom as hd
from pydicom import dcmread
from pydicom.sr.codedict import codes

MANY = 10**6


class Row(NamedTuple):
    """One row of a template: what may be said, how it belongs to its parent, how often, and what lies below it."""
    relationship: str
    value_type: str
    concept: str | None  # None: any that no other row of the template has
    least: int
    most: int
    below: tuple = ()


ANY_MODIFIER = Row("HAS CONCEPT MOD", "CODE", None, 0, MANY)
LANGUAGE = Row("HAS CONCEPT MOD", "CODE", "DCM:121049", 0, 1, (Row("HAS CONCEPT MOD", "CODE", "DCM:121046", 0, 1),))
# TID 1002 and 1004 of an observer that is a device.
OBSERVER = (
    Row("HAS OBS CONTEXT", "CODE", "DCM:121005", 1, 1),
    Row("HAS OBS CONTEXT", "UIDREF", "DCM:121012", 1, 1),
    Row("HAS OBS CONTEXT", "TEXT", "DCM:121013", 0, 1),
    Row("HAS OBS CONTEXT", "TEXT", "DCM:121014", 0, 1),
    Row("HAS OBS CONTEXT", "TEXT", "DCM:121015", 0, 1),
    Row("HAS OBS CONTEXT", "TEXT", "DCM:121016", 0, 1),
)
# An image without a concept name is called "Source" by highdicom.
IMAGES = (Row("CONTAINS", "IMAGE", "SCT:260753009", 1, MANY),)
LIBRARY = (Row("CONTAINS", "CONTAINER", "DCM:126200", 1, MANY, IMAGES),)
TRACKING = (
    Row("HAS OBS CONTEXT", "TEXT", "DCM:112039", 1, 1),
    Row("HAS OBS CONTEXT", "UIDREF", "DCM:112040", 1, 1),
    Row("CONTAINS", "CODE", "DCM:121071", 0, 1),
)
SITE = Row("HAS CONCEPT MOD", "CODE", "SCT:363698007", 0, MANY,
           (Row("HAS CONCEPT MOD", "CODE", "SCT:272741003", 0, 1),
            Row("HAS CONCEPT MOD", "CODE", "SCT:106233006", 0, 1)))
MEASUREMENT = Row("CONTAINS", "NUM", None, 1, MANY,
                  (Row("HAS CONCEPT MOD", "CODE", "DCM:121401", 0, 1), ANY_MODIFIER))
EVALUATIONS = (Row("CONTAINS", "CODE", None, 0, MANY), Row("CONTAINS", "TEXT", None, 0, MANY))
VOLUMETRIC = (*TRACKING,
              Row("CONTAINS", "IMAGE", "DCM:121191", 1, 1),
              Row("CONTAINS", "UIDREF", "DCM:121232", 1, 1),
              SITE, MEASUREMENT, *EVALUATIONS)
INDIVIDUAL = (*TRACKING, SITE, MEASUREMENT, *EVALUATIONS)
REPORT = (LANGUAGE, *OBSERVER,
          Row("HAS CONCEPT MOD", "CODE", "DCM:121058", 1, MANY),
          Row("CONTAINS", "CONTAINER", "DCM:111028", 0, 1, LIBRARY),
          Row("CONTAINS", "CONTAINER", "DCM:126010", 1, 1, (Row("CONTAINS", "CONTAINER", "DCM:125007", 1, MANY),)),
          Row("CONTAINS", "CONTAINER", "UMLS:C0034375", 0, 1, EVALUATIONS))
UNITS = {"SCT:118565006": "UCUM:mm3", "SCT:103339001": "UCUM:mm", "SCT:103340004": "UCUM:mm",
         "DCM:113041": "UCUM:um2/s", "DCM:122157": "UCUM:1"}


def code(concept):
    return f"{concept.scheme_designator}:{concept.value}" if concept is not None else ""


def name_of(item):
    return code(item.name) if "ConceptNameCodeSequence" in item else ""


def children(item):
    return list(item.get("ContentSequence", []))


def rows_below(item, row):
    if name_of(item) == "DCM:125007":
        segmented = any(name_of(child) == "DCM:121191" for child in children(item))
        return VOLUMETRIC if segmented else INDIVIDUAL
    return row.below


def row_of(item, rows):
    """The row that an item is an instance of: by its concept, else one for any concept with the item's value type."""
    named = [r for r in rows if r.concept == name_of(item)]
    free = [r for r in rows if r.concept is None and r.value_type == item.ValueType]
    return next(iter(named + free), None)


def check_rows(parent, rows, where, breaches):
    counts, last = {}, -1
    for item in children(parent):
        here = f"{where} / {item.name.meaning if name_of(item) else item.ValueType}"
        row = row_of(item, rows)
        if row is None:
            breaches.append(f"{here}: the template has no such row")
            continue
        place = rows.index(row)
        if place < last:
            breaches.append(f"{here}: out of order")
        last = max(place, last)
        counts[place] = counts.get(place, 0) + 1
        if item.RelationshipType != row.relationship:
            breaches.append(f"{here}: {item.RelationshipType} instead of {row.relationship}")
        if item.ValueType != row.value_type:
            breaches.append(f"{here}: {item.ValueType} instead of {row.value_type}")
        check_rows(item, rows_below(item, row), here, breaches)
    for place, row in enumerate(rows):
        if not row.least <= counts.get(place, 0) <= row.most:
            breaches.append(f"{where}: {counts.get(place, 0)} of {row.concept or row.value_type}")


def evidence_of(report):
    """The references of the document's evidence by series."""
    return {series.SeriesInstanceUID: {item.ReferencedSOPInstanceUID for item in series.ReferencedSOPSequence}
            for study in report.CurrentRequestedProcedureEvidenceSequence for series in study.ReferencedSeriesSequence}


def references_of(item):
    own = [reference.ReferencedSOPInstanceUID for reference in item.get("ReferencedSOPSequence", [])]
    return own + [uid for child in children(item) for uid in references_of(child)]


def check_references(report, root, breaches):
    evidence = evidence_of(report)
    listed = set().union(*evidence.values())
    breaches += [f"{uid} is referred to and no evidence" for uid in references_of(root) if uid not in listed]
    for group in report.content.get_volumetric_roi_measurement_groups():
        series = group.referenced_segment.source_series_for_segmentation.value
        if series not in evidence:
            breaches.append(f"the segmented series {series} is no evidence")


def check_segments(report, segmentation, breaches):
    """Every segment is one reported finding, at one place."""
    parotid = hd.sr.CodedConcept("45289007", "SCT", "Parotid gland")
    groups = report.content.get_volumetric_roi_measurement_groups(
        finding_site=parotid, reference_type=codes.DCM.ReferencedSegment,
        referenced_sop_instance_uid=segmentation.SOPInstanceUID)
    reported = [group.referenced_segment.referenced_segment_numbers for group in groups]
    if reported != [[number] for number in segmentation.segment_numbers]:
        breaches.append(f"the segments {list(segmentation.segment_numbers)} are reported as {reported}")
        return
    for group, (number,) in zip(groups, reported):
        if group.tracking_uid != segmentation.get_segment_description(number).tracking_uid:
            breaches.append(f"segment {number} is another finding")


def check_values(report, breaches):
    content = report.content
    groups = content.get_volumetric_roi_measurement_groups() + content.get_image_measurement_groups()
    if content.get_planar_roi_measurement_groups():
        breaches.append("a group is taken for a plane's")
    trackers = [group.tracking_uid for group in groups]
    if len(set(trackers)) != len(trackers):
        breaches.append("two findings share a tracking UID")
    for group in groups:
        if not content.get_volumetric_roi_measurement_groups(tracking_uid=group.tracking_uid) and \
                not content.get_image_measurement_groups(tracking_uid=group.tracking_uid):
            breaches.append(f"{group.tracking_identifier} is not found by its tracking UID")
        for measured in group.get_measurements():
            if code(measured.unit) != UNITS[code(measured.name)]:
                breaches.append(f"{measured.name.meaning} in {code(measured.unit)}")
    observer, = content.get_observer_contexts(observer_type=codes.DCM.Device)
    if observer.observer_identifying_attributes.uid is None:
        breaches.append("the device has no UID")


def breaches_of(report):
    """Of the templates alone; of a report as pydicom has read it."""
    breaches = []
    template = report.ContentTemplateSequence[0]
    if (template.MappingResource, template.TemplateIdentifier) != ("DCMR", "1500"):
        breaches.append("another template")
    root = hd.sr.MeasurementReport.from_sequence([report], is_root=True)[0]
    if name_of(root) != "DCM:126000":
        breaches.append(f"the title is {root.name.meaning}")
    check_rows(root, REPORT, "report", breaches)
    return breaches


def title_of(item):
    return item.ConceptNameCodeSequence[0].CodeMeaning if "ConceptNameCodeSequence" in item else item.ValueType


def paths(item, path=()):
    """Places of all items, of siblings of one name the first."""
    seen = set()
    for place, child in enumerate(item.get("ContentSequence", [])):
        if title_of(child) not in seen:
            seen.add(title_of(child))
            yield (*path, place)
            yield from paths(child, (*path, place))


def at(item, path):
    for place in path:
        item = item.ContentSequence[place]
    return item


def remove(parent, item):
    """It and those of its name."""
    parent.ContentSequence = [child for child in parent.ContentSequence if title_of(child) != title_of(item)]


def estrange(parent, item):
    item.RelationshipType = "CONTAINS" if item.RelationshipType != "CONTAINS" else "HAS PROPERTIES"


def rename(parent, item):
    if "ConceptNameCodeSequence" in item:
        item.ConceptNameCodeSequence[0].CodeValue = "none"
    else:
        item.ValueType = "COMPOSITE"


def is_noticed(report, path, spoil):
    spoilt = copy.deepcopy(report)
    spoil(at(spoilt, path[:-1]), at(spoilt, path))
    try:
        return bool(breaches_of(spoilt))
    except (ValueError, AttributeError, TypeError):  # highdicom does not take it for a report
        return True


def print_unnoticed(report):
    for path in paths(report):
        if title_of(at(report, path)) == "Image Library Group":  # two images are as good as hundreds, and faster
            del at(report, path).ContentSequence[2:]
    unnoticed = {f"{spoil.__name__} {title_of(at(report, path))}"
                 for path in paths(report) for spoil in (remove, estrange, rename)
                 if not is_noticed(report, path, spoil)}
    print("".join(line + "\n" for line in sorted(unnoticed)), end="")


folder = Path(sys.argv[1])
if "--spoil" in sys.argv:
    print_unnoticed(dcmread(folder / "report.dcm"))
    sys.exit(0)
found = breaches_of(dcmread(folder / "report.dcm"))
document = hd.sr.srread(folder / "report.dcm")
check_references(document, document.content[0], found)
check_values(document, found)
if (folder / "segmentation.dcm").exists():
    check_segments(document, hd.seg.segread(folder / "segmentation.dcm"), found)
print("".join(breach + "\n" for breach in found), end="")
