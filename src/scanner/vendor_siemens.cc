// Siemens: syngo MR E11 (one file per slice: CSA headers, group 0019; no public b-value) and XA (enhanced: public
// functional groups and the private group 0021). Trace-weighted images are a series of their own where directions are
// kept; the ADC map is in 10^-6 mm2/s and names no unit.
#include <fmt/format.h>

#include <cmath>

#include "dicom/csa.h"
#include "scanner/flavour.h"

namespace parotis::scanner {
namespace {

using dicom::CsaElement;
using dicom::MrSeries;
using dicom::MrVolume;
using dicom::NumberAttribute;
using dicom::PrivateTag;
using dicom::TextAttribute;
namespace tag = dicom::tag;

constexpr PrivateTag kPhaseBandwidth{0x0019, 0x28, "FD", "SIEMENS MR HEADER"};
constexpr PrivateTag kCsaImageType{0x0029, 0x08, "CS", "SIEMENS CSA HEADER"};
constexpr PrivateTag kCsaSeriesType{0x0029, 0x18, "CS", "SIEMENS CSA HEADER"};
constexpr PrivateTag kSdiPhaseBandwidth{0x0021, 0x53, "FD", "SIEMENS MR SDI 02"};

std::string Number(double value) { return fmt::format("{:.8f}", value); }

// b·g·gᵀ: xx xy xz yy yz zz.
std::vector<double> BMatrix(double b, const image::Vector3& g) {
  return {b * g[0] * g[0], b * g[0] * g[1], b * g[0] * g[2], b * g[1] * g[1], b * g[1] * g[2], b * g[2] * g[2]};
}

std::vector<std::string> Texts(const std::vector<double>& numbers) {
  std::vector<std::string> texts;
  texts.reserve(numbers.size());
  for (const double number : numbers) texts.push_back(Number(number));
  return texts;
}

std::vector<std::string> ImageType(Content content, bool enhanced) {
  switch (content) {
    case Content::kB0:
    case Content::kDirection:
      return enhanced ? std::vector<std::string>{"ORIGINAL", "PRIMARY", "DIFFUSION", "NONE"}
                      : std::vector<std::string>{"ORIGINAL", "PRIMARY", "DIFFUSION", "NONE", "ND", "NORM"};
    case Content::kTrace: return {"DERIVED", "PRIMARY", "DIFFUSION", "TRACEW", "ND", "NORM"};
    case Content::kAdc: return {"DERIVED", "PRIMARY", "DIFFUSION", "ADC", "ND", "NORM"};
    case Content::kReformat: return {"DERIVED", "SECONDARY", "MPR", "CSA MPR", "NORM"};
    case Content::kProjection: return {"DERIVED", "SECONDARY", "PROJECTION IMAGE", "MIP"};
    case Content::kSubtraction: return {"DERIVED", "SECONDARY", "SUB", "ND"};
    case Content::kPhase: return {"ORIGINAL", "PRIMARY", "P", "ND"};
    case Content::kImage: break;
  }
  return enhanced ? std::vector<std::string>{"ORIGINAL", "PRIMARY", "M", "NONE"}
                  : std::vector<std::string>{"ORIGINAL", "PRIMARY", "M", "ND", "NORM"};
}

// "*ep_b0", "*ep_b1000#2", "*ep_b1000t"; of maps the range, "*ep_b0_1000".
std::string DiffusionName(Content content, const MrVolume& volume, int direction) {
  const double b = volume.b_value_s_mm2.value_or(0);
  if (content == Content::kDirection) return fmt::format("*ep_b{:.0f}#{}", b, direction);
  return fmt::format("*ep_b{:.0f}{}", b, content == Content::kTrace ? "t" : "");
}

void AddCsaImageHeader(const MrSeries& header, const EchoPlanar& epi, Content content, MrVolume& volume) {
  const auto& d = volume.image.geometry.direction;
  std::vector<CsaElement> elements = {
      {"EchoTime", "DS", {Number(header.echo_time_ms)}},
      {"RepetitionTime", "DS", {Number(header.repetition_time_ms)}},
      {"SliceThickness", "DS", {Number(header.slice_thickness_mm)}},
      {"ImageOrientationPatient", "DS", Texts({d[0][0], d[1][0], d[2][0], d[0][1], d[1][1], d[2][1]})},
      {"PhaseEncodingDirectionPositive", "IS", {epi.positive ? "1" : "0"}},
      {"SliceNormalVector", "FD", Texts({d[0][2], d[1][2], d[2][2]})},
  };
  if (IsEchoPlanar(header))
    elements.push_back({"BandwidthPerPixelPhaseEncode", "FD", {Number(epi.phase_bandwidth_hz())}});
  if (volume.b_value_s_mm2) {
    const double b = *volume.b_value_s_mm2;
    elements.push_back({"B_value", "IS", {fmt::format("{:.0f}", b)}});
    elements.push_back({"DiffusionDirectionality",
                        "CS",
                        {content == Content::kDirection ? "DIRECTIONAL"
                         : content == Content::kTrace   ? "ISOTROPIC"
                                                        : "NONE"}});
    if (volume.direction_world) {
      const auto& g = *volume.direction_world;
      elements.push_back({"DiffusionGradientDirection", "FD", Texts({g[0], g[1], g[2]})});
      elements.push_back({"B_matrix", "FD", Texts(BMatrix(b, g))});
    }
  }
  volume.attributes.push_back(TextAttribute(kCsaImageType, "IMAGE NUM 4"));
  volume.attributes.push_back(TextAttribute(tag::kSiemensCsaImageHeader, dicom::EncodeCsa(elements)));
}

// The measurement protocol as text: slices and b-values, as the console would show them.
std::string Protocol(const DicomSeries& series) {
  std::string text = "### ASCCONV BEGIN ###\n";
  text += fmt::format("tProtocolName = \"{}\"\n", series.header.protocol);
  text += fmt::format("alTR[0] = {:.0f}\nalTE[0] = {:.0f}\n", 1000 * series.header.repetition_time_ms,
                      1000 * series.header.echo_time_ms);
  const image::Geometry& grid = series.volumes.front().image.geometry;
  text += fmt::format("sSliceArray.lSize = {}\n", grid.size[2]);
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    const auto at = WorldFromVoxel(grid, {0.5 * static_cast<double>(grid.size[0] - 1),
                                          0.5 * static_cast<double>(grid.size[1] - 1), static_cast<double>(k)});
    for (int axis = 0; axis < 3; ++axis) {
      constexpr std::array<const char*, 3> kNames = {"dSag", "dCor", "dTra"};
      text += fmt::format("sSliceArray.asSlice[{}].sPosition.{} = {:.6f}\n", k, kNames[axis], at[axis]);
    }
  }
  return text + "### ASCCONV END ###\n";
}

void AddHeaderGroup(const MrSeries& header, const EchoPlanar& epi, Content content, MrVolume& volume) {
  auto& attributes = volume.attributes;
  if (IsEchoPlanar(header)) attributes.push_back(NumberAttribute(kPhaseBandwidth, {epi.phase_bandwidth_hz()}));
  if (!volume.b_value_s_mm2) return;
  const double b = *volume.b_value_s_mm2;
  attributes.push_back(NumberAttribute(tag::kSiemensBValue, {b}));
  attributes.push_back(TextAttribute(tag::kSiemensDirectionality, content == Content::kDirection ? "DIRECTIONAL"
                                                                  : content == Content::kTrace   ? "ISOTROPIC"
                                                                                                 : "NONE"));
  if (!volume.direction_world) return;
  const auto& g = *volume.direction_world;
  attributes.push_back(NumberAttribute(tag::kSiemensGradientDirection, {g[0], g[1], g[2]}));
  attributes.push_back(NumberAttribute(tag::kSiemensBMatrix, BMatrix(b, g)));
}

// What syngo MR XA keeps of a frame: (0021,xxFE) with one item.
void AddSdi(const MrSeries& header, const EchoPlanar& epi, Content content, MrVolume& volume) {
  dicom::WrittenAttributes own = {NumberAttribute(tag::kSiemensSdiPhaseEncodingPositive, {epi.positive ? 1.0 : 0.0})};
  std::string type;
  for (const std::string& value : ImageType(content, /*enhanced=*/false)) type += (type.empty() ? "" : "\\") + value;
  own.push_back(TextAttribute(tag::kSiemensSdiImageType, type));
  if (!volume.sequence_name.empty()) own.push_back(TextAttribute(tag::kSiemensSdiSequenceName, volume.sequence_name));
  if (IsEchoPlanar(header)) own.push_back(NumberAttribute(kSdiPhaseBandwidth, {epi.phase_bandwidth_hz()}));
  volume.attributes.push_back(dicom::SequenceAttribute(tag::kSiemensSdiSequence, {own}));
}

// Enhanced objects have four values of image type, of which the fourth names how pixels were derived (PS3.3 C.8.13.1).
std::vector<std::string> EnhancedType(Content content) {
  switch (content) {
    case Content::kTrace: return {"DERIVED", "PRIMARY", "DIFFUSION", "TRACEW"};
    case Content::kAdc: return {"DERIVED", "PRIMARY", "DIFFUSION", "ADC"};
    case Content::kReformat: return {"DERIVED", "SECONDARY", "MPR", "NONE"};
    case Content::kProjection: return {"DERIVED", "SECONDARY", "PROJECTION IMAGE", "MIP"};
    case Content::kSubtraction: return {"DERIVED", "SECONDARY", "SUB", "SUBTRACTION"};
    case Content::kPhase: return {"ORIGINAL", "PRIMARY", "P", "NONE"};
    default: return ImageType(content, /*enhanced=*/true);
  }
}

void WriteVolume(const EchoPlanar& epi, DicomSeries& series, MrVolume& volume, int direction, double lowest_b,
                 double highest_b) {
  const Content content = ContentOf(series, volume);
  const bool diffusion = series.kind == SeriesKind::kDiffusion;
  if (diffusion) volume.sequence_name = DiffusionName(content, volume, direction);
  if (content == Content::kAdc) volume.sequence_name = fmt::format("*ep_b{:.0f}_{:.0f}", lowest_b, highest_b);
  if (series.enhanced) {
    if (!volume.sequence_name.empty()) volume.sequence_name.erase(0, 1);
    AddSdi(series.header, epi, content, volume);
    volume.image_type = EnhancedType(content);
    if (content == Content::kAdc) volume.rescale = dicom::Rescale{1, 0, "US"};
    return;
  }
  volume.image_type = ImageType(content, false);
  AddHeaderGroup(series.header, epi, content, volume);
  AddCsaImageHeader(series.header, epi, content, volume);
  volume.b_value_s_mm2.reset();
  volume.direction_world.reset();
}

// Directions and their average are two series, each with the unweighted images.
void PartTraceFromDirections(DicomStudy& study) {
  for (std::size_t s = 0; s < study.series.size(); ++s) {
    DicomSeries& series = study.series[s];
    if (series.kind != SeriesKind::kDiffusion) continue;
    DicomSeries trace = series;
    std::erase_if(trace.volumes, [&](const MrVolume& v) { return ContentOf(trace, v) == Content::kDirection; });
    if (trace.volumes.size() == series.volumes.size()) continue;
    std::erase_if(series.volumes, [&](const MrVolume& v) { return ContentOf(series, v) == Content::kTrace; });
    series.role.clear();
    trace.header.description += "_TRACEW";
    study.series.insert(study.series.begin() + static_cast<std::ptrdiff_t>(s) + 1, std::move(trace));
    ++s;
  }
}

std::string StructuralName(const DicomSeries& series) {
  if (IsGradientEcho(series.header)) return series.header.three_dimensional ? "*fl3d1" : "*fl2d1";
  if (series.header.inversion_time_ms > 0) return fmt::format("*tir2d1_{}", series.header.echo_train_length);
  return fmt::format("*tse2d1_{}", series.header.echo_train_length);
}

}  // namespace

void WriteAsSiemens(const physics::Protocol& protocol, DicomStudy& study) {
  const bool xa = !study.series.empty() && study.series.front().enhanced;
  study.header.manufacturer = xa ? "Siemens Healthineers" : "SIEMENS";
  study.header.software = xa ? "syngo MR XA30 (parotis simulate)" : "syngo MR E11 (parotis simulate)";
  PartTraceFromDirections(study);
  const EchoPlanar epi = EchoPlanarOf(protocol);
  for (DicomSeries& series : study.series) {
    MrSeries& header = series.header;
    if (IsEchoPlanar(header)) {
      header.scanning_sequence = {"EP"};
      header.sequence_variant = {"SK", "SP"};
      header.scan_options = {"PFP", "FS"};
      header.echo_train_length = epi.train_length();
    } else {
      header.sequence_name = StructuralName(series);
    }
    if (series.kind == SeriesKind::kDiffusion) header.sequence_name.clear();
    if (!series.enhanced) {
      header.attributes.push_back(TextAttribute(kCsaSeriesType, "MR"));
      header.attributes.push_back(TextAttribute(tag::kSiemensCsaSeriesHeader,
                                                dicom::EncodeCsa({{"MrPhoenixProtocol", "UN", {Protocol(series)}}})));
    }
    int direction = 0, measurement = 0;
    double last_b = -1;
    for (MrVolume& volume : series.volumes) {
      const double b = volume.b_value_s_mm2.value_or(0);
      direction = b == last_b ? direction + 1 : 1;
      last_b = b;
      // A dynamic series counts its measurements; it names no temporal position.
      if (series.kind == SeriesKind::kDynamic && !series.enhanced) {
        volume.acquisition_number = ++measurement;
        volume.temporal_position = 0;
      }
      WriteVolume(epi, series, volume, direction, protocol.b_values_s_mm2.front(), protocol.b_high_s_mm2);
    }
  }
}

}  // namespace parotis::scanner
