#include "dicom/multi_frame.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmfg/fgderimg.h>
#include <dcmtk/dcmfg/fgpixmsr.h>
#include <dcmtk/dcmfg/fgplanor.h>
#include <dcmtk/dcmfg/fgplanpo.h>
#include <dcmtk/dcmiod/iodmacro.h>
#include <fmt/format.h>

#include "base/error.h"
#include "dicom/derived_items.h"
#include "dicom/written_attribute.h"

namespace parotis::dicom {
namespace {

OFString Decimal(double value) { return DecimalString(value); }

}  // namespace

CodeSequenceMacro MacroOf(const CodedConcept& concept_) { return {concept_.value, concept_.scheme, concept_.meaning}; }

std::unique_ptr<FGBase> MeasuresOf(const image::Geometry& grid) {
  auto measures = std::make_unique<FGPixelMeasures>();
  const auto& spacing = grid.spacing_mm;
  Demand(measures->setPixelSpacing(Decimal(spacing[1]) + "\\" + Decimal(spacing[0])), "setting the pixel spacing");
  Demand(measures->setSliceThickness(Decimal(spacing[2])), "setting the slice thickness");
  Demand(measures->setSpacingBetweenSlices(Decimal(spacing[2])), "setting the slice spacing");
  return measures;
}

std::unique_ptr<FGBase> OrientationOfFrames(const image::Geometry& grid) {
  const auto& d = grid.direction;
  std::unique_ptr<FGPlaneOrientationPatient> orientation(FGPlaneOrientationPatient::createMinimal(
      Decimal(d[0][0]), Decimal(d[1][0]), Decimal(d[2][0]), Decimal(d[0][1]), Decimal(d[1][1]), Decimal(d[2][1])));
  if (orientation == nullptr) base::Throw(base::ErrorKind::kInternal, "the frames' orientation cannot be written");
  return orientation;
}

std::unique_ptr<FGBase> PositionOf(const image::Geometry& grid, std::int64_t slice) {
  const image::Vector3 corner = image::WorldFromVoxel(grid, {0, 0, static_cast<double>(slice)});
  std::unique_ptr<FGPlanePosPatient> position(
      FGPlanePosPatient::createMinimal(Decimal(corner[0]), Decimal(corner[1]), Decimal(corner[2])));
  if (position == nullptr) base::Throw(base::ErrorKind::kInternal, "a frame's position cannot be written");
  return position;
}

std::unique_ptr<FGBase> DerivedFrom(const SourceImage& image, const CodedConcept& derivation) {
  ImageSOPInstanceReferenceMacro reference;
  Demand(reference.setReferencedSOPClassUID(image.sop_class_uid), "naming a source image");
  Demand(reference.setReferencedSOPInstanceUID(image.sop_instance_uid), "naming a source image");
  if (image.frame > 0)
    Demand(reference.addReferencedFrameNumber(static_cast<Uint16>(image.frame)), "naming a source frame");
  OFVector<ImageSOPInstanceReferenceMacro> references;
  references.push_back(reference);
  // Purpose of reference: PS3.16 CID 7202.
  std::unique_ptr<FGDerivationImage> group(FGDerivationImage::createMinimal(
      references, "", MacroOf(derivation),
      CodeSequenceMacro("121322", "DCM", "Source image for image processing operation")));
  if (group == nullptr) base::Throw(base::ErrorKind::kInternal, "the source of a frame cannot be written");
  return group;
}

void CheckFrames(const image::Geometry& grid, const std::vector<SourceImage>& slice_images) {
  if (image::Determinant(grid.direction) < 0)
    base::Throw(base::ErrorKind::kInternal, "the axes of the grid are left-handed, which no DICOM image can say");
  if (static_cast<std::int64_t>(slice_images.size()) != grid.size[2])
    base::Throw(base::ErrorKind::kInternal,
                fmt::format("{} slices were made from {} images", grid.size[2], slice_images.size()));
}

}  // namespace parotis::dicom
