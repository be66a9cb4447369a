// GE, software 29: 16 signed bits; the b-value in (0018,9087) and, with the offset of 10^9 for several b-values, in
// (0043,1039); directions along frequency, phase and slice in (0019,10BB…BD); the kind of diffusion image in
// (0043,1030); echo spacing in (0043,102C). ADC in 10^-6 mm2/s, by its description alone.
#include <fmt/format.h>

#include <cmath>

#include "scanner/flavour.h"

namespace parotis::scanner {
namespace {

using dicom::MrVolume;
using dicom::NumberAttribute;
using dicom::PrivateTag;
using dicom::TextAttribute;
namespace tag = dicom::tag;

constexpr PrivateTag kPulseSequence{0x0019, 0x9c, "LO", "GEMS_ACQU_01"};
constexpr PrivateTag kDirections{0x0019, 0xe0, "DS", "GEMS_ACQU_01"};
constexpr PrivateTag kEchoSpacing_us{0x0043, 0x2c, "SS", "GEMS_PARM_01"};
constexpr PrivateTag kComponent{0x0043, 0x2f, "SS", "GEMS_PARM_01"};  // 0 magnitude, 1 phase, 2 real, 3 imaginary
constexpr PrivateTag kAsset{0x0043, 0x83, "DS", "GEMS_PARM_01"};
constexpr PrivateTag kPhaseDirection{0x0043, 0x8a, "CS", "GEMS_PARM_01"};
constexpr dicom::Tag kReordering{0x0018, 0x9034, "CS"};

// (0043,1030).
constexpr double kUnweighted = 14;
constexpr double kCombined = 15;
constexpr double kTensor = 16;
constexpr double kOffset = 1e9;

std::vector<std::string> ImageType(Content content, bool enhanced) {
  if (enhanced && content == Content::kAdc) return {"DERIVED", "PRIMARY", "DIFFUSION", "ADC"};
  switch (content) {
    case Content::kTrace: return {"DERIVED", "PRIMARY", "OTHER", "NONE"};
    case Content::kAdc: return {"DERIVED", "SECONDARY", "OTHER", "NONE"};
    case Content::kReformat: return {"DERIVED", "SECONDARY", "REFORMATTED", "AVERAGE"};
    case Content::kProjection: return {"DERIVED", "SECONDARY", "PROJECTION IMAGE", "MIP"};
    case Content::kSubtraction: return {"DERIVED", "SECONDARY", "PROCESSED", "SUBTRACT"};
    default: return {"ORIGINAL", "PRIMARY", "OTHER", "NONE"};
  }
}

// Components along frequency, phase and slice of a direction in the patient: GE's logical axes run against those of
// rows and columns (docs/diffusion.md, [2]).
image::Vector3 InLogicalFrame(const image::Vector3& g, const image::Geometry& grid, const std::string& phase_encoding) {
  const image::Vector3 along = AlongAxes(g, grid);
  if (phase_encoding == "ROW") return {along[1], -along[0], along[2]};
  return {-along[0], -along[1], along[2]};
}

void AddDiffusion(const DicomSeries& series, bool several_b, Content content, MrVolume& volume) {
  const double b = *volume.b_value_s_mm2;
  auto& attributes = volume.attributes;
  attributes.push_back(NumberAttribute(tag::kGeSlopIntegers, {b > 0 && several_b ? kOffset + b : b, 8, 0, 0}));
  attributes.push_back(NumberAttribute(tag::kGeRawDataType, {content == Content::kTrace       ? kCombined
                                                             : content == Content::kDirection ? kTensor
                                                                                              : kUnweighted}));
  image::Vector3 g{};
  if (volume.direction_world)
    g = InLogicalFrame(*volume.direction_world, volume.image.geometry, series.header.phase_encoding);
  attributes.push_back(NumberAttribute(tag::kGeGradientX, {g[0]}));
  attributes.push_back(NumberAttribute(tag::kGeGradientY, {g[1]}));
  attributes.push_back(NumberAttribute(tag::kGeGradientZ, {g[2]}));
  if (series.enhanced) return;
  // Of the public attributes GE writes the b-value alone.
  attributes.push_back(NumberAttribute(tag::kDiffusionBValue, {b}));
  volume.b_value_s_mm2.reset();
  volume.direction_world.reset();
}

void WriteSeries(const EchoPlanar& epi, DicomSeries& series) {
  auto& header = series.header;
  const bool diffusion = series.kind == SeriesKind::kDiffusion;
  double directions = 0, weighted = 0;
  for (const MrVolume& volume : series.volumes) {
    directions += volume.direction_world ? 1 : 0;
    weighted += volume.b_value_s_mm2.value_or(0) > 0 && !volume.direction_world ? 1 : 0;
  }
  header.sequence_variant = {IsGradientEcho(header) ? "SS" : "SK"};
  if (IsEchoPlanar(header)) {
    header.sequence_variant = {"NONE"};
    header.scan_options = {"SAT_GEMS", "EDR_GEMS", "EPI_GEMS", "ACC_GEMS", "PFF", "FS"};
    header.attributes.push_back(NumberAttribute(kEchoSpacing_us, {std::round(1000 * epi.echo_spacing_ms)}));
    header.attributes.push_back(NumberAttribute(kAsset, {1 / epi.acceleration, 1}));
    header.attributes.push_back(NumberAttribute(kDirections, {directions}));
    if (!series.enhanced)
      header.attributes.push_back(TextAttribute(kReordering, epi.positive ? "LINEAR" : "REVERSE_LINEAR"));
  }
  header.attributes.push_back(TextAttribute(kPulseSequence, IsEchoPlanar(header)     ? "epi2"
                                                            : IsGradientEcho(header) ? "efgre3d"
                                                                                     : "fse-xl"));
  if (!header.phase_encoding.empty())
    header.attributes.push_back(TextAttribute(kPhaseDirection, header.phase_encoding));
  for (MrVolume& volume : series.volumes) {
    const Content content = ContentOf(series, volume);
    volume.image_type = ImageType(content, series.enhanced);
    volume.attributes.push_back(NumberAttribute(kComponent, {content == Content::kPhase ? 1.0 : 0.0}));
    if (diffusion) AddDiffusion(series, weighted > 1, content, volume);
  }
}

}  // namespace

void WriteAsGe(const physics::Protocol& protocol, DicomStudy& study) {
  study.header.manufacturer = "GE MEDICAL SYSTEMS";
  study.header.software = "29\\LX\\parotis simulate";
  study.header.bits_stored = 16;
  study.header.signed_pixels = true;
  for (DicomSeries& series : study.series) WriteSeries(EchoPlanarOf(protocol), series);
}

}  // namespace parotis::scanner
