// Public attributes alone, as Canon's scanners write them: 16 signed bits, b-value and direction in (0018,9087) and
// (0018,9089), ADC with its unit as real world values.
#include "scanner/flavour.h"

namespace parotis::scanner {
namespace {

using dicom::MrVolume;

std::vector<std::string> ImageType(Content content, bool enhanced) {
  std::vector<std::string> type;
  switch (content) {
    case Content::kAdc: type = {"DERIVED", "PRIMARY", "DIFFUSION", "ADC"}; break;
    case Content::kReformat: type = {"DERIVED", "SECONDARY", "MPR"}; break;
    case Content::kProjection: type = {"DERIVED", "SECONDARY", "PROJECTION IMAGE"}; break;
    case Content::kSubtraction: type = {"DERIVED", "SECONDARY", "SUBTRACTION"}; break;
    case Content::kPhase: type = {"ORIGINAL", "PRIMARY", "PHASE MAP"}; break;
    case Content::kB0:
    case Content::kDirection:
    case Content::kTrace: type = {"ORIGINAL", "PRIMARY", "DIFFUSION"}; break;
    case Content::kImage: type = {"ORIGINAL", "PRIMARY", "M"}; break;
  }
  if (enhanced && content == Content::kImage) type[2] = "VOLUME";
  if (enhanced && type.size() == 3) type.emplace_back("NONE");
  return type;
}

}  // namespace

void WriteAsStandard(const physics::Protocol& protocol, DicomStudy& study) {
  study.header.manufacturer = "CANON_MEC";
  study.header.software = "V6.0 (parotis simulate)";
  study.header.bits_stored = 16;
  study.header.signed_pixels = true;
  const EchoPlanar epi = EchoPlanarOf(protocol);
  for (DicomSeries& series : study.series) {
    if (IsEchoPlanar(series.header)) {
      series.header.sequence_name = "SEEPI2D+0.7";
      series.header.echo_train_length = epi.train_length();
    }
    for (MrVolume& volume : series.volumes) {
      const Content content = ContentOf(series, volume);
      volume.image_type = ImageType(content, series.enhanced);
      if (content == Content::kAdc) volume.unit = {"um2/s", "um2/s", "Apparent diffusion coefficient"};
    }
  }
}

}  // namespace parotis::scanner
