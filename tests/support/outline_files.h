// DICOM segmentations and structure sets byte by byte, from PS3.3 A.51, A.86 and A.19.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "image/volume.h"
#include "tests/support/dicom_file.h"

namespace parotis::test {

inline std::string Ds(const std::vector<double>& values) {
  std::string text;
  for (const double value : values) text += (text.empty() ? "" : "\\") + fmt::format("{:.9g}", value);
  return text;
}

inline DicomItem CodeItem(const std::string& scheme, const std::string& value) {
  return DicomItem().Set(0x0008, 0x0100, "SH", value).Set(0x0008, 0x0102, "SH", scheme).Set(0x0008, 0x0104, "LO", "m");
}

inline DicomItem OutlineHeader(const std::string& sop_class) {
  return DicomItem()
      .Set(0x0008, 0x0016, "UI", sop_class)
      .Set(0x0008, 0x0018, "UI", "1.2.77.1")
      .Set(0x0010, 0x0020, "LO", "patient-1")
      .Set(0x0020, 0x000d, "UI", "1.2.3")
      .Set(0x0020, 0x000e, "UI", "1.2.77");
}

// One frame: a slice of a segment. `values` in row order; bits are 0 or 1.
struct SegFrame {
  int segment = 1;
  std::int64_t slice = 0;
  std::vector<std::uint32_t> values;
};

struct SegOptions {
  std::string type = "BINARY";  // FRACTIONAL, LABELMAP
  int bits = 1;
  int segments = 1;  // numbered from 1, named "segment 1" …
  int largest_fraction = 255;
  bool with_spacing = true;  // SpacingBetweenSlices
  std::string frame_uid = "1.2.3.9";
};

inline std::string PackedValues(const std::vector<SegFrame>& frames, int bits) {
  std::string bytes;
  std::size_t at = 0;
  for (const SegFrame& frame : frames) {
    for (const std::uint32_t value : frame.values) {
      if (bits > 1) bytes += LittleEndian(value, bits / 8);
      if (bits == 1 && at % 8 == 0) bytes += '\0';
      if (bits == 1 && value != 0) bytes.back() = static_cast<char>(bytes.back() | 1 << at % 8);
      ++at;
    }
  }
  return bytes;
}

inline DicomItem SegDataset(const image::Geometry& grid, const std::vector<SegFrame>& frames,
                            const SegOptions& options = {}) {
  const bool label_map = options.type == "LABELMAP";
  DicomItem item = OutlineHeader(label_map ? "1.2.840.10008.5.1.4.1.1.66.7" : "1.2.840.10008.5.1.4.1.1.66.4");
  item.Set(0x0008, 0x0060, "CS", "SEG").Set(0x0020, 0x0052, "UI", options.frame_uid);
  item.SetSequence(0x0008, 0x1115, {DicomItem().Set(0x0020, 0x000e, "UI", "1.2.3.1")});
  item.SetUs(0x0028, 0x0002, 1).Set(0x0028, 0x0004, "CS", "MONOCHROME2");
  item.Set(0x0028, 0x0008, "IS", std::to_string(frames.size()));
  item.SetUs(0x0028, 0x0010, static_cast<int>(grid.size[1])).SetUs(0x0028, 0x0011, static_cast<int>(grid.size[0]));
  item.SetUs(0x0028, 0x0100, options.bits).SetUs(0x0028, 0x0101, options.bits).SetUs(0x0028, 0x0102, options.bits - 1);
  item.SetUs(0x0028, 0x0103, 0).Set(0x0062, 0x0001, "CS", options.type);
  if (options.type == "FRACTIONAL") item.SetUs(0x0062, 0x000e, options.largest_fraction);
  std::vector<DicomItem> segments;
  for (int number = label_map ? 0 : 1; number <= options.segments; ++number) {
    DicomItem type = number == 0 ? CodeItem("DCM", "125040") : CodeItem("SCT", "108369006");
    type.SetSequence(0x0062, 0x0011, {CodeItem("SCT", "7771000")});
    segments.push_back(DicomItem()
                           .SetUs(0x0062, 0x0004, number)
                           .Set(0x0062, 0x0005, "LO", fmt::format("segment {}", number))
                           .SetSequence(0x0062, 0x000f, {type}));
  }
  item.SetSequence(0x0062, 0x0002, segments);
  const auto& d = grid.direction;
  DicomItem measures;
  measures.Set(0x0018, 0x0050, "DS", Ds({grid.spacing_mm[2]}))
      .Set(0x0028, 0x0030, "DS", Ds({grid.spacing_mm[1], grid.spacing_mm[0]}));
  if (options.with_spacing) measures.Set(0x0018, 0x0088, "DS", Ds({grid.spacing_mm[2]}));
  const DicomItem orientation =
      DicomItem().Set(0x0020, 0x0037, "DS", Ds({d[0][0], d[1][0], d[2][0], d[0][1], d[1][1], d[2][1]}));
  item.SetSequence(0x5200, 0x9229,
                   {DicomItem().SetSequence(0x0020, 0x9116, {orientation}).SetSequence(0x0028, 0x9110, {measures})});
  std::vector<DicomItem> groups;
  for (const SegFrame& frame : frames) {
    const auto position = image::WorldFromVoxel(grid, {0, 0, static_cast<double>(frame.slice)});
    DicomItem group;
    group.SetSequence(0x0020, 0x9113,
                      {DicomItem().Set(0x0020, 0x0032, "DS", Ds({position[0], position[1], position[2]}))});
    if (!label_map) group.SetSequence(0x0062, 0x000a, {DicomItem().SetUs(0x0062, 0x000b, frame.segment)});
    groups.push_back(group);
  }
  item.SetSequence(0x5200, 0x9230, groups);
  return item.Set(0x7fe0, 0x0010, options.bits == 16 ? "OW" : "OB", PackedValues(frames, options.bits));
}

// Frames of one segment from a mask, without its empty slices.
inline std::vector<SegFrame> FramesOf(const image::LabelVolume& mask, int segment = 1) {
  std::vector<SegFrame> frames;
  const auto pixels = static_cast<std::ptrdiff_t>(mask.geometry.size[0] * mask.geometry.size[1]);
  for (std::int64_t k = 0; k < mask.geometry.size[2]; ++k) {
    const auto first = mask.voxels.begin() + pixels * static_cast<std::ptrdiff_t>(k);
    SegFrame frame{segment, k, {first, first + pixels}};
    if (std::any_of(frame.values.begin(), frame.values.end(), [](std::uint32_t v) { return v != 0; }))
      frames.push_back(std::move(frame));
  }
  return frames;
}

struct RtRegion {
  std::string name = "GTV";
  std::vector<std::vector<image::Vector3>> contours;
  std::string type = "CLOSED_PLANAR";
  std::string code;  // SCT value; "" for none
};

inline DicomItem RtDataset(const std::vector<RtRegion>& regions, const std::string& frame_uid = "1.2.3.9") {
  DicomItem item = OutlineHeader("1.2.840.10008.5.1.4.1.1.481.3");
  item.Set(0x0008, 0x0060, "CS", "RTSTRUCT");
  const DicomItem series = DicomItem().Set(0x0020, 0x000e, "UI", "1.2.3.1");
  const DicomItem study = DicomItem().SetSequence(0x3006, 0x0014, {series});
  item.SetSequence(0x3006, 0x0010,
                   {DicomItem().Set(0x0020, 0x0052, "UI", frame_uid).SetSequence(0x3006, 0x0012, {study})});
  std::vector<DicomItem> rois, contours, observations;
  for (std::size_t r = 0; r < regions.size(); ++r) {
    const std::string number = std::to_string(r + 1);
    rois.push_back(DicomItem()
                       .Set(0x3006, 0x0022, "IS", number)
                       .Set(0x3006, 0x0024, "UI", frame_uid)
                       .Set(0x3006, 0x0026, "LO", regions[r].name));
    std::vector<DicomItem> drawn;
    for (const auto& points : regions[r].contours) {
      std::vector<double> numbers;
      for (const auto& point : points) numbers.insert(numbers.end(), point.begin(), point.end());
      drawn.push_back(DicomItem()
                          .Set(0x3006, 0x0042, "CS", regions[r].type)
                          .Set(0x3006, 0x0046, "IS", std::to_string(points.size()))
                          .Set(0x3006, 0x0050, "DS", Ds(numbers)));
    }
    contours.push_back(DicomItem().SetSequence(0x3006, 0x0040, drawn).Set(0x3006, 0x0084, "IS", number));
    DicomItem observation;
    observation.Set(0x3006, 0x0084, "IS", number);
    if (!regions[r].code.empty()) observation.SetSequence(0x3006, 0x0086, {CodeItem("SCT", regions[r].code)});
    observations.push_back(observation);
  }
  // In the object, regions are listed against the order of their contours.
  std::reverse(contours.begin(), contours.end());
  item.SetSequence(0x3006, 0x0020, rois).SetSequence(0x3006, 0x0039, contours);
  return item.SetSequence(0x3006, 0x0080, observations);
}

}  // namespace parotis::test
