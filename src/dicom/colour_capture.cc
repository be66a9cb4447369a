#include "dicom/colour_capture.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "dicom/derived_items.h"
#include "dicom/lossy_compression.h"
#include "dicom/pixel_file.h"
#include "dicom/put.h"

namespace parotis::dicom {
namespace {

// General Image and Image Pixel modules (PS3.3 C.7.6.1, C.7.6.3).
void PutPixels(DcmItem& item, const image::Picture& picture) {
  PutWhole(item, DCM_SamplesPerPixel, 3);
  Put(item, DCM_PhotometricInterpretation, "RGB");
  PutWhole(item, DCM_PlanarConfiguration, 0);
  PutWhole(item, DCM_Rows, picture.height);
  PutWhole(item, DCM_Columns, picture.width);
  PutWhole(item, DCM_BitsAllocated, 8);
  PutWhole(item, DCM_BitsStored, 8);
  PutWhole(item, DCM_HighBit, 7);
  PutWhole(item, DCM_PixelRepresentation, 0);
  PutBytes(item, DCM_PixelData, picture.rgb);
}

}  // namespace

void WriteColourCapture(const std::filesystem::path& path, const DerivedObject& object, const image::Picture& picture,
                        const std::string& description, const std::vector<SourceImage>& images) {
  SourceHeader source(object.source);
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  PutDerivedObject(dataset, source.dataset(), object, false);
  Put(dataset, DCM_SOPClassUID, UID_SecondaryCaptureImageStorage);
  Put(dataset, DCM_Modality, "OT");
  Put(dataset, DCM_ConversionType, "WSD");
  Put(dataset, DCM_ImageType, "DERIVED\\SECONDARY");
  Put(dataset, DCM_DerivationDescription, description);
  Put(dataset, DCM_PatientOrientation, "");
  Put(dataset, DCM_Laterality, "");
  Put(dataset, DCM_BurnedInAnnotation, "NO");
  for (const SourceImage& image : images) {
    DcmItem& item = AddReference(dataset, DCM_SourceImageSequence, image.sop_class_uid, image.sop_instance_uid);
    if (image.frame > 0) PutInteger(item, DCM_ReferencedFrameNumber, image.frame);
    // PS3.16 CID 7202.
    PutCode(item, DCM_PurposeOfReferenceCodeSequence, "121322", "DCM", "Source image for image processing operation");
  }
  PutPixels(dataset, picture);
  PutLossyCompression(dataset, object.lossy);
  SaveDerivedObject(path, file);
}

image::Picture ReadColourCapture(const std::filesystem::path& path) {
  PixelFile file(path);
  const Picture shown = file.Shown(0);
  const PixelDescription& description = file.description();
  if (shown.samples != 3 || shown.bits > 8)
    base::Throw(base::ErrorKind::kInput, fmt::format("{} holds no picture in 8-bit colours", path.string()));
  image::Picture picture(description.columns, description.rows);
  const std::size_t pixels = description.pixels();
  for (std::size_t sample = 0; sample < 3; ++sample) {
    for (std::size_t at = 0; at < pixels; ++at)
      picture.rgb[3 * at + sample] = static_cast<std::uint8_t>(shown.values[sample * pixels + at]);
  }
  return picture;
}

}  // namespace parotis::dicom
