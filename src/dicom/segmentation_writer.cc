#include "dicom/segmentation_writer.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmfg/fgfracon.h>
#include <dcmtk/dcmfg/fgseg.h>
#include <dcmtk/dcmiod/cielabutil.h>
#include <dcmtk/dcmseg/segdoc.h>
#include <dcmtk/dcmseg/segment.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <tuple>

#include "base/error.h"
#include "dicom/derived_items.h"
#include "dicom/lossy_compression.h"
#include "dicom/mr_writer.h"
#include "dicom/multi_frame.h"
#include "dicom/put.h"

namespace parotis::dicom {
namespace {

const CodedConcept kSegmented = {"113076", "DCM", "Segmentation"};                          // PS3.16 CID 7203
const CodedConcept kArtificialIntelligence = {"123110", "DCM", "Artificial Intelligence"};  // PS3.16 CID 7162

std::unique_ptr<DcmSegmentation> NewSegmentation(const DerivedObject& object, const image::Geometry& grid) {
  const IODGeneralEquipmentModule::EquipmentInfo equipment(object.manufacturer, object.model, object.serial_number,
                                                           object.software);
  ContentIdentificationMacro content("1", object.content_label, object.content_description, object.model);
  DcmSegmentation* made = nullptr;
  Demand(DcmSegmentation::createBinarySegmentation(made, static_cast<Uint16>(grid.size[1]),
                                                   static_cast<Uint16>(grid.size[0]), equipment, content),
         "making a segmentation");
  std::unique_ptr<DcmSegmentation> segmentation(made);
  Demand(segmentation->getSeries().setSeriesNumber(std::to_string(object.series_number)), "numbering a series");
  return segmentation;
}

void DescribeAnatomy(const SegmentDescription& description, DcmSegment& segment) {
  if (!description.region) return;
  GeneralAnatomyMacro& anatomy = segment.getGeneralAnatomyCode();
  anatomy.getAnatomicRegion() = MacroOf(*description.region);
  if (description.laterality)
    anatomy.getAnatomicRegionModifier().push_back(new CodeSequenceMacro(MacroOf(*description.laterality)));  // owned
}

void NameAlgorithm(const SegmentDescription& description, DcmSegment& segment) {
  AlgorithmIdentificationMacro& algorithm = segment.getSegmentationAlgorithmIdentification();
  algorithm.getAlgorithmFamilyCode() = MacroOf(kArtificialIntelligence);
  Demand(algorithm.setAlgorithmName(description.algorithm_name), "naming the algorithm");
  Demand(algorithm.setAlgorithmVersion(description.algorithm_version), "setting the algorithm's version");
}

DcmSegTypes::E_SegmentAlgoType TypeOf(SegmentMaker maker) {
  switch (maker) {
    case SegmentMaker::kAutomatic: return DcmSegTypes::SAT_AUTOMATIC;
    case SegmentMaker::kSemiautomatic: return DcmSegTypes::SAT_SEMIAUTOMATIC;
    case SegmentMaker::kManual: return DcmSegTypes::SAT_MANUAL;
  }
  return DcmSegTypes::SAT_UNKNOWN;
}

void AddSegment(const SegmentDescription& description, DcmSegmentation& segmentation) {
  const bool is_manual = description.maker == SegmentMaker::kManual;
  DcmSegment* made = nullptr;
  Demand(DcmSegment::create(made, description.label, MacroOf(description.category), MacroOf(description.type),
                            TypeOf(description.maker), is_manual ? OFString() : OFString(description.algorithm_name)),
         "making a segment");
  std::unique_ptr<DcmSegment> segment(made);
  Demand(segment->setSegmentDescription(description.description), "describing a segment");
  Demand(segment->setTrackingID(description.tracking_id), "setting a tracking identifier");
  Demand(segment->setTrackingUID(description.tracking_uid), "setting a tracking UID");
  if (!is_manual) NameAlgorithm(description, *segment);
  DescribeAnatomy(description, *segment);
  double l = 0, a = 0, b = 0;
  IODCIELabUtil::rgb2DicomLab(l, a, b, description.rgb[0] / 255.0, description.rgb[1] / 255.0,
                              description.rgb[2] / 255.0);
  Demand(
      segment->setRecommendedDisplayCIELabValue(static_cast<Uint16>(l), static_cast<Uint16>(a), static_cast<Uint16>(b)),
      "setting a segment's colour");
  Uint16 number = 0;
  Demand(segmentation.addSegment(segment.get(), number), "adding a segment");
  std::ignore = segment.release();  // owned by the segmentation
}

void AddDimensions(const DerivedObject& object, DcmSegmentation& segmentation) {
  const std::string organisation = UidFromName(object.instance_uid + " dimensions");
  IODMultiframeDimensionModule& dimensions = segmentation.getDimensions();
  Demand(dimensions.addDimensionIndex(DCM_ReferencedSegmentNumber, organisation, DCM_SegmentIdentificationSequence,
                                      "Segment"),
         "adding a dimension");
  Demand(dimensions.addDimensionIndex(DCM_ImagePositionPatient, organisation, DCM_PlanePositionSequence, "Slice"),
         "adding a dimension");
}

// The frame of one segment in one slice: 1 inside.
std::vector<Uint8> PixelsOf(const image::LabelVolume& map, std::int64_t slice, std::size_t segment) {
  const auto plane = static_cast<std::size_t>(map.geometry.size[0] * map.geometry.size[1]);
  const auto first = map.voxels.begin() + static_cast<std::ptrdiff_t>(plane * static_cast<std::size_t>(slice));
  std::vector<Uint8> pixels(plane);
  std::transform(first, first + static_cast<std::ptrdiff_t>(plane), pixels.begin(),
                 [&](std::uint8_t value) { return static_cast<Uint8>(value == segment); });
  return pixels;
}

// Pixels of one bit, the first in the lowest, frame after frame without a gap (PS3.5 8.1.1). DCMTK 3.6.7 packs them,
// too, but frames that do not fill whole bytes wrongly.
class PackedFrames {
 public:
  void Add(const std::vector<Uint8>& pixels) {
    bytes_.resize((count_ + pixels.size() + 7) / 8);
    for (const Uint8 pixel : pixels) {
      bytes_[count_ / 8] |= static_cast<Uint8>(pixel << (count_ % 8));
      ++count_;
    }
  }
  void PutInto(DcmItem& item) const { PutBytes(item, DCM_PixelData, bytes_); }

 private:
  std::vector<Uint8> bytes_;
  std::size_t count_ = 0;  // pixels
};

// Frames of segment `number`, slices ascending; throws when there is none.
void AddFrames(const image::LabelVolume& map, std::size_t number, const std::vector<SourceImage>& slice_images,
               DcmSegmentation& segmentation, PackedFrames& packed) {
  int frames = 0;
  for (std::int64_t slice = 0; slice < map.geometry.size[2]; ++slice) {
    std::vector<Uint8> pixels = PixelsOf(map, slice, number);
    if (std::none_of(pixels.begin(), pixels.end(), [](Uint8 value) { return value != 0; })) continue;
    ++frames;
    FGFrameContent content;
    Demand(content.setDimensionIndexValues(static_cast<Uint32>(number), 0), "indexing a frame");
    Demand(content.setDimensionIndexValues(static_cast<Uint32>(slice + 1), 1), "indexing a frame");
    const auto position = PositionOf(map.geometry, slice);
    const auto derivation = DerivedFrom(slice_images[static_cast<std::size_t>(slice)], kSegmented);
    OFVector<FGBase*> groups;
    for (FGBase* group : {static_cast<FGBase*>(&content), position.get(), derivation.get()}) groups.push_back(group);
    Demand(segmentation.addFrame(pixels.data(), static_cast<Uint16>(number), groups), "adding a frame");
    packed.Add(pixels);
  }
  if (frames == 0) base::Throw(base::ErrorKind::kInternal, fmt::format("segment {} has no voxel", number));
}

void CheckValues(const image::LabelVolume& map, std::size_t segments) {
  const auto greatest = std::max_element(map.voxels.begin(), map.voxels.end());
  if (segments == 0 || *greatest > segments)
    base::Throw(base::ErrorKind::kInternal,
                fmt::format("a map with the value {} cannot be written as {} segments", *greatest, segments));
}

}  // namespace

void WriteSegmentation(const std::filesystem::path& path, const DerivedObject& object, const image::LabelVolume& map,
                       const std::vector<SegmentDescription>& segments, const std::vector<SourceImage>& slice_images) {
  CheckValues(map, segments.size());
  CheckFrames(map.geometry, slice_images);
  SourceHeader source(object.source);
  const std::unique_ptr<DcmSegmentation> segmentation = NewSegmentation(object, map.geometry);
  Demand(segmentation->importFromSourceImage(source.dataset(), OFTrue), "taking over patient and study");
  for (const SegmentDescription& segment : segments) AddSegment(segment, *segmentation);
  Demand(segmentation->addForAllFrames(*MeasuresOf(map.geometry)), "adding the spacing");
  Demand(segmentation->addForAllFrames(*OrientationOfFrames(map.geometry)), "adding the orientation");
  AddDimensions(object, *segmentation);
  PackedFrames packed;
  for (std::size_t number = 1; number <= segments.size(); ++number)
    AddFrames(map, number, slice_images, *segmentation, packed);
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  Demand(segmentation->writeDataset(dataset), "composing the segmentation");
  packed.PutInto(dataset);
  PutDerivedObject(dataset, source.dataset(), object, true);
  PutReferencedSeries(dataset, slice_images);
  Put(dataset, DCM_ContentCreatorName, object.creator.empty() ? object.model : object.creator);
  PutLossyCompression(dataset, object.lossy);
  SaveDerivedObject(path, file);
}

}  // namespace parotis::dicom
