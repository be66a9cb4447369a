#include "dicom/parametric_map.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmfg/fgfracon.h>
#include <dcmtk/dcmfg/fgframeanatomy.h>
#include <dcmtk/dcmfg/fgframevoilut.h>
#include <dcmtk/dcmfg/fgparametricmapframetype.h>
#include <dcmtk/dcmfg/fgpixeltransform.h>
#include <dcmtk/dcmfg/fgrealworldvaluemapping.h>
#include <dcmtk/dcmpmap/dpmparametricmapiod.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/error.h"
#include "dicom/derived_items.h"
#include "dicom/frame_items.h"
#include "dicom/lossy_compression.h"
#include "dicom/mr_writer.h"
#include "dicom/multi_frame.h"
#include "dicom/pixel_file.h"
#include "dicom/put.h"
#include "dicom/segmentation_grid.h"
#include "dicom/written_attribute.h"

namespace parotis::dicom {
namespace {

constexpr Tag kQuantityDefinition{0x0040, 0x9220, "SQ"};
constexpr Tag kConceptCode{0x0040, 0xa168, "SQ"};
constexpr Uint16 kLargestStored = 65535;
// PS3.3 C.8.32.2: the image's flavour, and what its pixels are.
constexpr const char* kFlavour = "VOLUME";
constexpr const char* kContrast = "QUANTITY";

std::unique_ptr<DPMParametricMapIOD> NewMap(const DerivedObject& object, const image::Geometry& grid) {
  const IODEnhGeneralEquipmentModule::EquipmentInfo equipment(object.manufacturer, object.model, object.serial_number,
                                                              object.software);
  const ContentIdentificationMacro content("1", object.content_label, object.content_description, object.model);
  auto made = DPMParametricMapIOD::create<IODImagePixelModule<Uint16>>(
      "MR", std::to_string(object.series_number), "1", static_cast<Uint16>(grid.size[1]),
      static_cast<Uint16>(grid.size[0]), equipment, content, kFlavour, kContrast, DPMTypes::CQ_RESEARCH);
  if (const OFCondition* failure = OFget<OFCondition>(&made)) Demand(*failure, "making a parametric map");
  return std::make_unique<DPMParametricMapIOD>(*OFget<DPMParametricMapIOD>(&made));
}

FGRealWorldValueMapping MappingOf(const MappedQuantity& quantity) {
  auto item = std::make_unique<FGRealWorldValueMapping::RWVMItem>();
  Demand(item->setRealWorldValueSlope(quantity.step), "setting the slope");
  Demand(item->setRealWorldValueIntercept(0), "setting the intercept");
  Demand(item->setRealWorldValueFirstValueMappedUnsigned(0), "setting the range");
  Demand(item->setRealWorldValueLastValueMappedUnsigned(kLargestStored), "setting the range");
  Demand(item->setLUTLabel(quantity.label), "setting the label");
  Demand(item->setLUTExplanation(quantity.quantity.meaning), "setting the explanation");
  item->getMeasurementUnitsCode() = MacroOf(quantity.unit);
  auto definition = std::make_unique<ContentItemMacro>();
  Demand(definition->setValueType(ContentItemMacro::VT_CODE), "defining the quantity");
  // (246205007, SCT, "Quantity"): PS3.3 C.7.6.16.2.11.
  const CodedConcept asked = {"246205007", "SCT", "Quantity"};
  definition->getEntireConceptNameCodeSequence().push_back(new CodeSequenceMacro(MacroOf(asked)));
  definition->getEntireConceptCodeSequence().push_back(new CodeSequenceMacro(MacroOf(quantity.quantity)));
  item->getEntireQuantityDefinitionSequence().push_back(definition.release());
  FGRealWorldValueMapping mapping;
  mapping.getRealWorldValueMapping().push_back(item.release());  // owns it
  return mapping;
}

void AddSharedGroups(const image::Volume& map, const MappedQuantity& quantity, DPMParametricMapIOD& object) {
  Demand(object.addForAllFrames(*MeasuresOf(map.geometry)), "adding the spacing");
  Demand(object.addForAllFrames(*OrientationOfFrames(map.geometry)), "adding the orientation");
  FGFrameAnatomy anatomy;
  Demand(anatomy.setLaterality(FGFrameAnatomy::LATERALITY_UNPAIRED), "setting the laterality");
  anatomy.getAnatomy().getAnatomicRegion() = MacroOf(quantity.region);
  Demand(object.addForAllFrames(anatomy), "adding the anatomy");
  const FGPixelValueTransformation identity;  // as it is made
  Demand(object.addForAllFrames(identity), "adding the pixel transformation");
  FGParametricMapFrameType type;
  Demand(type.setFrameType(fmt::format("DERIVED\\PRIMARY\\{}\\{}", kFlavour, kContrast)), "setting the type");
  Demand(object.addForAllFrames(type), "adding the frame type");
  FGFrameVOILUT window;
  const float brightest =
      std::max(*std::max_element(map.voxels.begin(), map.voxels.end()) / static_cast<float>(quantity.step), 1.0F);
  Demand(window.setCenterWidthExplanation(brightest / 2, brightest, "from 0 to the largest value"),
         "setting the window");
  Demand(object.addForAllFrames(window), "adding the window");
  Demand(object.addForAllFrames(MappingOf(quantity)), "adding the mapping to values");
}

std::vector<Uint16> StoredValues(const image::Volume& map, std::int64_t slice, double step) {
  const auto plane = static_cast<std::size_t>(map.geometry.size[0] * map.geometry.size[1]);
  const auto first = map.voxels.begin() + static_cast<std::ptrdiff_t>(plane * static_cast<std::size_t>(slice));
  std::vector<Uint16> stored(plane);
  std::transform(first, first + static_cast<std::ptrdiff_t>(plane), stored.begin(), [&](float value) {
    return static_cast<Uint16>(std::clamp(std::round(value / step), 0.0, double{kLargestStored}));
  });
  return stored;
}

void AddFrames(const image::Volume& map, const MappedQuantity& quantity, const std::vector<SourceImage>& slice_images,
               DPMParametricMapIOD& object) {
  DPMParametricMapIOD::FramesType any = object.getFrames();
  auto* frames = OFget<DPMParametricMapIOD::Frames<Uint16>>(&any);
  if (frames == nullptr) base::Throw(base::ErrorKind::kInternal, "the parametric map takes no frames");
  for (std::int64_t slice = 0; slice < map.geometry.size[2]; ++slice) {
    FGFrameContent content;
    Demand(content.setDimensionIndexValues(static_cast<Uint32>(slice + 1), 0), "indexing a frame");
    const auto position = PositionOf(map.geometry, slice);
    const auto derivation = DerivedFrom(slice_images[static_cast<std::size_t>(slice)], quantity.derivation);
    OFVector<FGBase*> groups;
    for (FGBase* group : {static_cast<FGBase*>(&content), position.get(), derivation.get()}) groups.push_back(group);
    std::vector<Uint16> stored = StoredValues(map, slice, quantity.step);
    Demand(frames->addFrame(stored.data(), stored.size(), groups), "adding a frame");
  }
}

}  // namespace

void WriteParametricMap(const std::filesystem::path& path, const DerivedObject& object, const image::Volume& map,
                        const MappedQuantity& quantity, const std::vector<SourceImage>& slice_images,
                        const std::vector<SourceImage>& images) {
  CheckFrames(map.geometry, slice_images);
  SourceHeader source(object.source);
  const std::unique_ptr<DPMParametricMapIOD> composed = NewMap(object, map.geometry);
  Demand(composed->importHierarchy(source.dataset(), OFTrue, OFTrue, OFTrue, OFFalse, OFTrue),
         "taking over patient and study");
  AddSharedGroups(map, quantity, *composed);
  const std::string organisation = UidFromName(object.instance_uid + " dimensions");
  Demand(composed->getIODMultiframeDimensionModule().addDimensionIndex(DCM_ImagePositionPatient, organisation,
                                                                       DCM_PlanePositionSequence, "Slice"),
         "adding a dimension");
  AddFrames(map, quantity, slice_images, *composed);
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  Demand(composed->writeDataset(dataset), "composing the parametric map");
  PutDerivedObject(dataset, source.dataset(), object, true);
  std::vector<SourceImage> all = slice_images;
  all.insert(all.end(), images.begin(), images.end());
  PutReferencedSeries(dataset, all);
  Put(dataset, DCM_ContentCreatorName, object.model);
  PutLossyCompression(dataset, object.lossy);
  SaveDerivedObject(path, file);
}

ParametricMap ReadParametricMap(const std::filesystem::path& path) {
  const std::string name = path.string();
  SourceHeader header(path);
  DcmDataset& dataset = header.dataset();
  std::vector<FrameItems> frames;
  DcmItem* shared = SequenceItem(&dataset, tag::kSharedFunctionalGroups);
  for (DcmItem* own : SequenceItems(dataset, tag::kPerFrameFunctionalGroups)) frames.push_back({&dataset, shared, own});
  DcmItem* mapping = frames.empty() ? nullptr : SequenceItem(shared, tag::kRealWorldValueMappingSequence);
  if (mapping == nullptr)
    base::Throw(base::ErrorKind::kInput, fmt::format("{} has no frames, or does not say what its values are", name));
  PixelFile pixels(path);
  if (static_cast<std::size_t>(pixels.description().frames) != frames.size())
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} describes {} of {} frames", name, frames.size(), pixels.description().frames));
  const FrameStack stack = StackOf(frames, name);
  const double slope = Number(*mapping, tag::kRealWorldValueSlope).value_or(1);
  const double intercept = Number(*mapping, tag::kRealWorldValueIntercept).value_or(0);
  ParametricMap map;
  map.values = image::Volume(stack.geometry);
  for (std::size_t f = 0; f < frames.size(); ++f) {
    const std::vector<double> stored = pixels.Signal(static_cast<int>(f));
    const auto first = map.values.voxels.begin() +
                       static_cast<std::ptrdiff_t>(stored.size()) * static_cast<std::ptrdiff_t>(stack.slices[f]);
    std::transform(stored.begin(), stored.end(), first,
                   [&](double value) { return static_cast<float>(slope * value + intercept); });
  }
  const std::string character_set = RawText(dataset, tag::kSpecificCharacterSet);
  map.unit = CodeIn(mapping, tag::kMeasurementUnitsSequence, character_set);
  map.quantity = CodeIn(SequenceItem(mapping, kQuantityDefinition), kConceptCode, character_set);
  return map;
}

}  // namespace parotis::dicom
