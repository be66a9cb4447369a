#include "dicom/segmentation.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <span>

#include "base/conditions.h"
#include "base/error.h"
#include "dicom/archive.h"
#include "dicom/frame_items.h"
#include "dicom/load.h"
#include "dicom/outline_tags.h"
#include "dicom/pixel_file.h"
#include "dicom/segmentation_grid.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

constexpr int kMostFrames = 100000;
constexpr int kNoSegment = -1;

enum class SegmentationType { kBinary, kFractional, kLabelMap };

SegmentationType TypeOf(DcmItem& dataset, const std::string& name) {
  const std::string type = Code(dataset, tag::kSegmentationType);
  if (type == "BINARY") return SegmentationType::kBinary;
  if (type == "FRACTIONAL") return SegmentationType::kFractional;
  if (type == "LABELMAP") return SegmentationType::kLabelMap;
  base::Refuse(
      base::Found("truth_unreadable", fmt::format("{} is a segmentation of the unknown type \"{}\"", name, type)));
}

// The stored values of every frame, from native pixel data of 1, 8 or 16 bits or from compressed ones.
class StoredFrames {
 public:
  StoredFrames(DcmDataset& dataset, const std::filesystem::path& path, int frames)
      : name_(path.string()),
        rows_(Integer(dataset, tag::kRows).value_or(0)),
        columns_(Integer(dataset, tag::kColumns).value_or(0)),
        bits_(Integer(dataset, tag::kBitsAllocated).value_or(0)) {
    if (rows_ < 1 || columns_ < 1 || (bits_ != 1 && bits_ != 8 && bits_ != 16))
      base::Refuse(base::Found("pixels_undecodable", fmt::format("{} has frames of {} × {} pixels with {} bits", name_,
                                                                 columns_, rows_, bits_)));
    if (DcmXfer(dataset.getOriginalXfer()).isEncapsulated()) {
      compressed_ = std::make_unique<PixelFile>(path);
    } else {
      ReadNative(dataset, frames);
    }
  }

  std::size_t pixels() const { return static_cast<std::size_t>(rows_) * static_cast<std::size_t>(columns_); }
  int bits() const { return bits_; }

  std::vector<std::uint32_t> Frame(int frame) {
    std::vector<std::uint32_t> values(pixels());
    if (compressed_) {
      const std::vector<double> decoded = compressed_->Stored(frame).values;
      if (decoded.size() != values.size())
        base::Refuse(
            base::Found("pixels_undecodable", fmt::format("{} holds colours where numbers are expected", name_)));
      std::transform(decoded.begin(), decoded.end(), values.begin(),
                     [](double value) { return static_cast<std::uint32_t>(std::max(value, 0.0)); });
      return values;
    }
    const std::size_t first = pixels() * static_cast<std::size_t>(frame);
    for (std::size_t at = 0; at < values.size(); ++at) values[at] = Native(first + at);
    return values;
  }

 private:
  void ReadNative(DcmDataset& dataset, int frames) {
    DcmElement* element = nullptr;
    Uint8* bytes = nullptr;
    if (dataset.findAndGetElement(DCM_PixelData, element).bad() || element->getUint8Array(bytes).bad() ||
        bytes == nullptr)
      base::Refuse(base::Found("pixels_missing", fmt::format("{} holds no pixel data", name_)));
    const std::uint64_t wanted =
        (std::uint64_t{pixels()} * static_cast<std::uint64_t>(frames) * static_cast<std::uint64_t>(bits_) + 7) / 8;
    const std::uint64_t there = element->getLength();
    if (there < wanted)
      base::Refuse(
          base::Found("pixels_missing", fmt::format("{} holds {} of {} bytes of pixel data", name_, there, wanted)));
    bytes_ = {bytes, static_cast<std::size_t>(wanted)};
  }

  // Bits are packed from the least significant one on, without a gap between frames (PS3.5 8.1.1, A.51.2).
  std::uint32_t Native(std::size_t at) const {
    if (bits_ == 1) return bytes_[at / 8] >> (at % 8) & 1U;
    if (bits_ == 8) return bytes_[at];
    return static_cast<std::uint32_t>(bytes_[2 * at] | bytes_[2 * at + 1] << 8U);
  }

  std::string name_;
  int rows_, columns_, bits_;
  std::span<const Uint8> bytes_;
  std::unique_ptr<PixelFile> compressed_;
};

std::map<int, Segment> ReadSegments(DcmItem& dataset, std::set<int>& backgrounds) {
  const std::string character_set = CleanText(RawText(dataset, tag::kSpecificCharacterSet));
  std::map<int, Segment> segments;
  for (DcmItem* item : SequenceItems(dataset, tag::kSegmentSequence)) {
    Segment segment;
    segment.number = Integer(*item, tag::kSegmentNumber).value_or(kNoSegment);
    segment.label = Text(*item, tag::kSegmentLabel, character_set);
    DcmItem* type = SequenceItem(item, tag::kSegmentedPropertyTypeSequence);
    segment.codes = CodedTerms(item, tag::kSegmentedPropertyTypeSequence);
    const std::vector<std::string> modifiers = CodedTerms(type, tag::kSegmentedPropertyTypeModifierSequence);
    segment.codes.insert(segment.codes.end(), modifiers.begin(), modifiers.end());
    const bool background = std::find(segment.codes.begin(), segment.codes.end(), "DCM:125040") != segment.codes.end();
    if (background) {
      backgrounds.insert(segment.number);
    } else {
      segments[segment.number] = std::move(segment);
    }
  }
  return segments;
}

// Turns the values of one frame into runs of segments.
class RunCollector {
 public:
  RunCollector(DcmItem& dataset, SegmentationType type, const std::string& name) : type_(type), name_(name) {
    segments_ = ReadSegments(dataset, backgrounds_);
    backgrounds_.insert(0);
    if (const auto padding = Integer(dataset, tag::kPixelPaddingValue); padding && type == SegmentationType::kLabelMap)
      backgrounds_.insert(*padding);
    const int largest = Integer(dataset, tag::kMaximumFractionalValue).value_or(0);
    if (type == SegmentationType::kFractional && largest < 1)
      base::Refuse(base::Found("truth_unreadable", fmt::format("{} gives fractions of an unknown whole", name)));
    threshold_ = type == SegmentationType::kFractional ? static_cast<std::uint32_t>(largest + 1) / 2 : 1;
  }

  // `segment`: the frame's own, unless the type is a label map. `first_voxel`: of the frame's slice.
  void Add(const std::vector<std::uint32_t>& values, int segment, std::int64_t slice, std::size_t first_voxel) {
    const bool label_map = type_ == SegmentationType::kLabelMap;
    if (!label_map && !segments_.contains(segment))
      base::Refuse(
          base::Found("truth_unreadable",
                      fmt::format("{} holds a frame of segment {}, which it does not describe", name_, segment)));
    if (!places_.insert({label_map ? 0 : segment, slice}).second)
      base::Refuse(base::Found("slices_contradictory",
                               fmt::format("{} holds two frames of segment {} at one place", name_, segment)));
    for (std::size_t at = 0; at < values.size();) {
      const std::size_t start = at;
      const int owner = OwnerOf(values[at], segment);
      while (at < values.size() && OwnerOf(values[at], segment) == owner) ++at;
      if (owner == kNoSegment) continue;
      Segment& target = segments_[owner];
      target.number = owner;
      target.runs.push_back({static_cast<std::uint32_t>(first_voxel + start), static_cast<std::uint32_t>(at - start)});
    }
  }

  std::vector<Segment> Finish() {
    std::vector<Segment> list;
    for (auto& [number, segment] : segments_) {
      std::sort(segment.runs.begin(), segment.runs.end(),
                [](const VoxelRun& a, const VoxelRun& b) { return a.first < b.first; });
      list.push_back(std::move(segment));
    }
    return list;
  }

 private:
  int OwnerOf(std::uint32_t value, int segment) const {
    if (type_ != SegmentationType::kLabelMap) return value >= threshold_ ? segment : kNoSegment;
    const int number = static_cast<int>(value);
    return backgrounds_.contains(number) ? kNoSegment : number;
  }

  SegmentationType type_;
  const std::string& name_;
  std::map<int, Segment> segments_;
  std::set<int> backgrounds_;
  std::set<std::pair<int, std::int64_t>> places_;
  std::uint32_t threshold_ = 1;
};

OutlineObject ReadObject(DcmItem& dataset, const std::filesystem::path& path) {
  OutlineObject object;
  object.path = path;
  object.study_uid = Code(dataset, tag::kStudyInstanceUid);
  object.frame_of_reference_uid = Code(dataset, tag::kFrameOfReferenceUid);
  for (DcmItem* series : SequenceItems(dataset, tag::kReferencedSeriesSequence)) {
    const std::string uid = Code(*series, tag::kSeriesInstanceUid);
    if (!uid.empty()) object.referenced_series_uids.push_back(uid);
  }
  return object;
}

// One FrameItems per frame. Throws when the frames and their descriptions differ in number.
std::vector<FrameItems> ReadFrames(DcmItem& dataset, const std::string& name) {
  const int frames = Integer(dataset, tag::kNumberOfFrames).value_or(1);
  const std::vector<DcmItem*> per_frame = SequenceItems(dataset, tag::kPerFrameFunctionalGroups);
  if (frames < 1 || frames > kMostFrames || per_frame.size() != static_cast<std::size_t>(frames))
    base::Refuse(base::Found("truth_unreadable",
                             fmt::format("{} claims {} frames and describes {}", name, frames, per_frame.size())));
  std::vector<FrameItems> items;
  DcmItem* shared = SequenceItem(&dataset, tag::kSharedFunctionalGroups);
  for (DcmItem* own : per_frame) items.push_back({&dataset, shared, own});
  return items;
}

int SegmentOf(const FrameItems& frame) {
  DcmItem* identification = frame.Group(tag::kSegmentIdentificationSequence);
  if (identification == nullptr) return kNoSegment;
  return Integer(*identification, tag::kReferencedSegmentNumber).value_or(kNoSegment);
}

}  // namespace

Segmentation ReadSegmentation(const std::filesystem::path& path) {
  const std::string name = path.string();
  const ReadableFile readable(path);
  DcmFileFormat file;
  if (const auto reason = Load(file, readable, Extent::kWhole))
    base::Refuse(base::Found("truth_unreadable", fmt::format("{} cannot be read as DICOM: {}", name, *reason)));
  DcmDataset& dataset = *file.getDataset();
  if (!IsSegmentation(Code(dataset, tag::kSopClassUid)))
    base::Refuse(base::Found("truth_unreadable", fmt::format("{} is no segmentation", name)));
  Segmentation segmentation;
  segmentation.object = ReadObject(dataset, path);
  const SegmentationType type = TypeOf(dataset, name);
  const std::vector<FrameItems> frames = ReadFrames(dataset, name);
  StoredFrames stored(dataset, path, static_cast<int>(frames.size()));
  const FrameStack stack = StackOf(frames, name);
  segmentation.geometry = stack.geometry;
  RunCollector collector(dataset, type, name);
  for (std::size_t f = 0; f < frames.size(); ++f) {
    const std::size_t first_voxel = stored.pixels() * static_cast<std::size_t>(stack.slices[f]);
    collector.Add(stored.Frame(static_cast<int>(f)), SegmentOf(frames[f]), stack.slices[f], first_voxel);
  }
  segmentation.segments = collector.Finish();
  return segmentation;
}

image::LabelVolume MaskOf(const Segmentation& segmentation, const Segment& segment) {
  image::LabelVolume mask(segmentation.geometry);
  for (const VoxelRun& run : segment.runs)
    std::fill_n(mask.voxels.begin() + static_cast<std::ptrdiff_t>(run.first), run.count, std::uint8_t{1});
  return mask;
}

}  // namespace parotis::dicom
