// What dcmjs reads in the segmentations, TID 1500 reports and parametric maps of a folder, as JSON on standard output:
// the answer that tests/results/other_readers.h describes. Shares no code with this program, and none with highdicom.
"use strict";
const fs = require("fs");
const path = require("path");
const dcmjs = require("dcmjs");

dcmjs.log.setLevel("error");
const { DicomMessage, DicomMetaDictionary } = dcmjs.data;

const SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4";
const REPORTS = ["1.2.840.10008.5.1.4.1.1.88.33", "1.2.840.10008.5.1.4.1.1.88.34"];
const MAP = "1.2.840.10008.5.1.4.1.1.30";

const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
const first = (value) => list(value)[0];

function read(file) {
  const bytes = fs.readFileSync(file);
  const message = DicomMessage.readFile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return DicomMetaDictionary.naturalizeDataset(message.dict);
}

function codeOf(sequence) {
  const code = first(sequence);
  return code === undefined ? null : `${code.CodingSchemeDesignator}:${code.CodeValue}`;
}

// The frames' places, each with what leads from its pixels to the patient.
function framesOf(dataset) {
  const shared = first(dataset.SharedFunctionalGroupsSequence);
  return list(dataset.PerFrameFunctionalGroupsSequence).map((own) => {
    const group = (name) => first(own[name] ?? shared[name]);
    const orientation = group("PlaneOrientationSequence").ImageOrientationPatient.map(Number);
    const [betweenRows, betweenColumns] = group("PixelMeasuresSequence").PixelSpacing.map(Number);
    const origin = group("PlanePositionSequence").ImagePositionPatient.map(Number);
    const right = orientation.slice(0, 3).map((component) => component * betweenColumns);
    const down = orientation.slice(3).map((component) => component * betweenRows);
    return {
      segment: Number(group("SegmentIdentificationSequence")?.ReferencedSegmentNumber),
      origin, right, down,
      world: (column, row) => origin.map((start, axis) => start + column * right[axis] + row * down[axis]),
    };
  });
}

function segmentOf(description, dataset, frames, bits) {
  const region = first(description.AnatomicRegionSequence);
  const voxels = [];
  const size = dataset.Rows * dataset.Columns;
  frames.forEach((frame, f) => {
    if (frame.segment !== description.SegmentNumber) return;
    for (let at = 0; at < size; ++at) {
      if (bits[f * size + at] !== 0)
        voxels.push(frame.world(at % dataset.Columns, Math.floor(at / dataset.Columns)));
    }
  });
  return {
    number: description.SegmentNumber,
    label: description.SegmentLabel,
    tracking_uid: description.TrackingUID,
    type: codeOf(description.SegmentedPropertyTypeCodeSequence),
    region: codeOf(region),
    laterality: codeOf(region?.AnatomicRegionModifierSequence),
    voxels_world_mm: voxels,
  };
}

function segmentationOf(dataset) {
  const bits = dcmjs.data.BitArray.unpack(first(dataset.PixelData));
  const frames = framesOf(dataset);
  return { uid: dataset.SOPInstanceUID,
           segments: list(dataset.SegmentSequence).map((s) => segmentOf(s, dataset, frames, bits)) };
}

const children = (item, name) =>
  list(item.ContentSequence).filter((child) => name === undefined || codeOf(child.ConceptNameCodeSequence) === name);
const child = (item, name) => children(item, name)[0];
const codeIn = (item, name) => codeOf(item && child(item, name)?.ConceptCodeSequence);

function measurementOf(item) {
  const measured = first(item.MeasuredValueSequence);
  return {
    quantity: codeOf(item.ConceptNameCodeSequence),
    derivation: codeIn(item, "DCM:121401"),
    of: codeIn(item, "DCM:121071"),
    unit: codeOf(measured.MeasurementUnitsCodeSequence),
    value: Number(measured.NumericValue),
  };
}

function groupOf(item) {
  const site = child(item, "SCT:363698007");
  const segment = first(child(item, "DCM:121191")?.ReferencedSOPSequence);
  return {
    tracking_id: child(item, "DCM:112039").TextValue,
    tracking_uid: child(item, "DCM:112040").UID,
    finding: codeIn(item, "DCM:121071"),
    site: codeOf(site?.ConceptCodeSequence),
    laterality: codeIn(site, "SCT:272741003"),
    segment: segment
      ? { uid: segment.ReferencedSOPInstanceUID, number: Number(segment.ReferencedSegmentNumber) } : null,
    source_series_uid: child(item, "DCM:121232")?.UID ?? null,
    measurements: children(item).filter((each) => each.ValueType === "NUM").map(measurementOf),
  };
}

function reportOf(dataset) {
  const measurements = child(dataset, "DCM:126010");
  return { groups: children(measurements, "DCM:125007").map(groupOf) };
}

// The value of the pixel whose middle is nearest.
function mapOf(dataset, points) {
  const stored = new Uint16Array(first(dataset.PixelData));
  const shared = first(dataset.SharedFunctionalGroupsSequence);
  const mapping = first(shared.RealWorldValueMappingSequence);
  const frames = framesOf(dataset);
  const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const values = points.map((point) => {
    let best = { distance: Infinity };
    frames.forEach((frame, f) => {
      const from = point.map((coordinate, axis) => coordinate - frame.origin[axis]);
      const column = Math.round(dot(from, frame.right) / dot(frame.right, frame.right));
      const row = Math.round(dot(from, frame.down) / dot(frame.down, frame.down));
      if (column < 0 || row < 0 || column >= dataset.Columns || row >= dataset.Rows) return;
      const distance = Math.hypot(...frame.world(column, row).map((there, axis) => there - point[axis]));
      if (distance < best.distance) best = { distance, at: (f * dataset.Rows + row) * dataset.Columns + column };
    });
    return mapping.RealWorldValueIntercept + mapping.RealWorldValueSlope * stored[best.at];
  });
  return { values };
}

const folder = process.argv[2];
const question = path.join(folder, "question.json");
const points = fs.existsSync(question) ? JSON.parse(fs.readFileSync(question, "utf8")).points_world_mm : [];
const answer = {};
for (const name of fs.readdirSync(folder).filter((file) => file.endsWith(".dcm")).sort()) {
  const dataset = read(path.join(folder, name));
  if (dataset.SOPClassUID === SEGMENTATION) answer[name] = segmentationOf(dataset);
  if (REPORTS.includes(dataset.SOPClassUID)) answer[name] = reportOf(dataset);
  if (dataset.SOPClassUID === MAP) answer[name] = mapOf(dataset, points);
}
process.stdout.write(JSON.stringify(answer));
