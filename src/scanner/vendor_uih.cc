// United Imaging: 16 unsigned bits; the b-value that was applied in (0065,1009), the one that was asked for in
// (0065,100A), the direction along rows, columns and normal in (0065,1037). No public b-value in classic files.
#include <fmt/format.h>

#include "scanner/flavour.h"

namespace parotis::scanner {
namespace {

using dicom::MrVolume;
using dicom::NumberAttribute;
using dicom::PrivateTag;
using dicom::TextAttribute;
namespace tag = dicom::tag;

constexpr PrivateTag kPhaseDirection{0x0065, 0x05, "SH", "Image Private Header"};
constexpr PrivateTag kSequenceShown{0x0065, 0x2d, "ST", "Image Private Header"};

std::vector<std::string> ImageType(Content content) {
  switch (content) {
    case Content::kTrace: return {"DERIVED", "PRIMARY", "DIFFUSION", "TRACE"};
    case Content::kAdc: return {"DERIVED", "PRIMARY", "DIFFUSION", "ADC"};
    case Content::kReformat: return {"DERIVED", "SECONDARY", "MPR", "NONE"};
    case Content::kProjection: return {"DERIVED", "SECONDARY", "PROJECTION IMAGE", "MIP"};
    case Content::kSubtraction: return {"DERIVED", "SECONDARY", "SUBTRACTION", "NONE"};
    case Content::kPhase: return {"ORIGINAL", "PRIMARY", "P", "NONE"};
    default: return {"ORIGINAL", "PRIMARY", "M", "NONE"};
  }
}

void AddDiffusion(bool enhanced, int direction, MrVolume& volume) {
  const double b = *volume.b_value_s_mm2;
  auto& attributes = volume.attributes;
  attributes.push_back(NumberAttribute(tag::kUihBValue, {b}));
  attributes.push_back(NumberAttribute(tag::kUihNominalBValue, {b}));
  const std::string number = volume.direction_world ? fmt::format("#{}", direction) : "";
  attributes.push_back(TextAttribute(kSequenceShown, fmt::format("epi_dwi_b{:.0f}{}", b, number)));
  if (volume.direction_world) {
    const image::Vector3 along = AlongAxes(*volume.direction_world, volume.image.geometry);
    attributes.push_back(NumberAttribute(tag::kUihGradientDirection, {along[0], along[1], along[2]}));
  }
  if (enhanced) return;
  volume.b_value_s_mm2.reset();
  volume.direction_world.reset();
}

}  // namespace

void WriteAsUih(const physics::Protocol& protocol, DicomStudy& study) {
  study.header.manufacturer = "UIH";
  study.header.software = "R002 (parotis simulate)";
  study.header.bits_stored = 16;
  const EchoPlanar epi = EchoPlanarOf(protocol);
  for (DicomSeries& series : study.series) {
    auto& header = series.header;
    header.sequence_variant = {"NONE"};
    header.sequence_name = IsGradientEcho(header) ? "gre_fsp" : "fse";
    if (IsEchoPlanar(header)) {
      header.scanning_sequence = {"EP"};
      header.sequence_name = "epi_dwi";
      header.echo_train_length = epi.train_length();
      header.attributes.push_back(TextAttribute(kPhaseDirection, "A->P"));
    }
    int direction = 0;
    for (MrVolume& volume : series.volumes) {
      const Content content = ContentOf(series, volume);
      direction = content == Content::kDirection ? direction + 1 : 0;
      volume.image_type = ImageType(content);
      if (volume.b_value_s_mm2) AddDiffusion(series.enhanced, direction, volume);
    }
  }
}

}  // namespace parotis::scanner
