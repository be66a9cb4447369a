// Philips, release 5: every volume is scaled to 12 bits anew, with the rescale slope for display and the scale slope
// (2005,100E) for the signal; b-value and direction in public attributes, (2001,1003), (2001,1004) and
// (2005,10B0…B2). ADC in 10^-3 mm2/s through the slope, the unit in the real world values. In enhanced objects the
// private attributes of a frame lie in (2005,140F).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scanner/flavour.h"

namespace parotis::scanner {
namespace {

using dicom::MrVolume;
using dicom::NumberAttribute;
using dicom::PrivateTag;
using dicom::TextAttribute;
namespace tag = dicom::tag;

constexpr PrivateTag kTechnique{0x2001, 0x20, "LO", "Philips Imaging DD 001"};
constexpr PrivateTag kEpiFactor{0x2001, 0x13, "SL", "Philips Imaging DD 001"};
constexpr PrivateTag kWaterFatShift_px{0x2001, 0x22, "FL", "Philips Imaging DD 001"};
constexpr PrivateTag kDynamicScans{0x2001, 0x81, "IS", "Philips Imaging DD 001"};
constexpr PrivateTag kDynamicSeries{0x2001, 0x12, "CS", "Philips Imaging DD 001"};
constexpr PrivateTag kScaleIntercept{0x2005, 0x0d, "FL", "Philips MR Imaging DD 001"};
constexpr dicom::Tag kTemporalPositions{0x0020, 0x0105, "IS"};

// Slope of display: some number; only its product with the scale slope means anything.
constexpr double kDisplayed = 1.5;
constexpr double kFatShift_ppm = 3.4;

std::vector<std::string> ImageType(const DicomSeries& series, Content content) {
  const bool gradient = IsGradientEcho(series.header);
  switch (content) {
    case Content::kAdc: return {"DERIVED", "PRIMARY", "ADC_UNSPECIFIED", "ADC", "UNSPECIFIED"};
    case Content::kReformat: return {"DERIVED", "SECONDARY", "MPR", "M", "SE"};
    case Content::kProjection: return {"DERIVED", "SECONDARY", "PROJECTION IMAGE", "MIP"};
    case Content::kSubtraction: return {"DERIVED", "SECONDARY", "SUBTRACTION", "M", "SE"};
    case Content::kPhase: return {"ORIGINAL", "PRIMARY", "PHASE MAP", "P", gradient ? "FFE" : "SE"};
    default: break;
  }
  if (gradient) return {"ORIGINAL", "PRIMARY", "M_FFE", "M", "FFE"};
  if (series.header.inversion_time_ms > 0) return {"ORIGINAL", "PRIMARY", "M_IR", "M", "IR"};
  return {"ORIGINAL", "PRIMARY", "M_SE", "M", "SE"};
}

std::vector<std::string> EnhancedType(const DicomSeries& series, Content content) {
  switch (content) {
    case Content::kAdc: return {"DERIVED", "PRIMARY", "DIFFUSION", "ADC"};
    case Content::kReformat: return {"DERIVED", "SECONDARY", "MPR", "NONE"};
    case Content::kProjection: return {"DERIVED", "SECONDARY", "PROJECTION IMAGE", "MIP"};
    case Content::kSubtraction: return {"DERIVED", "SECONDARY", "OTHER", "SUBTRACTION"};
    case Content::kPhase: return {"ORIGINAL", "PRIMARY", "PHASE MAP", "P"};
    case Content::kB0:
    case Content::kDirection:
    case Content::kTrace: return {"ORIGINAL", "PRIMARY", "DIFFUSION", "M"};
    case Content::kImage: break;
  }
  return {"ORIGINAL", "PRIMARY", series.header.acquisition_contrast, "M"};
}

// Stretches the volume over 12 bits. Returns how many stored steps one of its own units became.
double Stretch(image::Volume& image) {
  const float largest = std::max(1.0F, *std::max_element(image.voxels.begin(), image.voxels.end()));
  const double steps = dicom::kLargestPixel / static_cast<double>(largest);
  for (float& value : image.voxels) value = static_cast<float>(std::round(value * steps));
  return steps;
}

void Scale(bool enhanced, Content content, MrVolume& volume) {
  const double steps = Stretch(volume.image);
  if (content == Content::kAdc) {  // um2/s became 10^-3 mm2/s
    const double slope = 1e-3 / steps;
    volume.rescale = dicom::Rescale{slope, 0, enhanced ? "US" : "normalized"};
    volume.unit = {"10*-3.mm2/s", "10^-3 mm^2/s", "Apparent diffusion coefficient", "Philips", slope, 0};
    return;
  }
  volume.rescale = dicom::Rescale{kDisplayed, 0, enhanced ? "US" : "normalized"};
  volume.unit = {"1", "no units", "Real World Value Mapping for normalized", "Philips", kDisplayed, 0};
  volume.attributes.push_back(NumberAttribute(kScaleIntercept, {0}));
  volume.attributes.push_back(NumberAttribute(tag::kPhilipsScaleSlope, {steps}));
}

void AddDiffusion(Content content, MrVolume& volume) {
  volume.attributes.push_back(NumberAttribute(tag::kPhilipsBFactor, {*volume.b_value_s_mm2}));
  // "I" is the average over directions; of others Philips writes the way in which they were chosen.
  volume.attributes.push_back(TextAttribute(tag::kPhilipsDirection, content == Content::kTrace ? "I" : "O"));
  const image::Vector3 g = volume.direction_world.value_or(image::Vector3{0, 0, 0});
  volume.attributes.push_back(NumberAttribute(tag::kPhilipsGradientRl, {g[0]}));
  volume.attributes.push_back(NumberAttribute(tag::kPhilipsGradientAp, {g[1]}));
  volume.attributes.push_back(NumberAttribute(tag::kPhilipsGradientFh, {g[2]}));
}

void WriteSeries(const physics::Protocol& protocol, double field_t, DicomSeries& series) {
  auto& header = series.header;
  const EchoPlanar epi = EchoPlanarOf(protocol);
  if (IsEchoPlanar(header)) {
    header.scanning_sequence = {"SE"};
    header.scan_options = {"PFP", "FS"};
    header.echo_train_length = epi.train_length();
    header.attributes.push_back(NumberAttribute(kEpiFactor, {static_cast<double>(epi.train_length())}));
    header.attributes.push_back(
        NumberAttribute(kWaterFatShift_px, {kFatShift_ppm * 42.577478 * field_t / epi.phase_bandwidth_hz()}));
    header.attributes.push_back(TextAttribute(kTechnique, "DwiSE"));
  } else {
    header.attributes.push_back(TextAttribute(kTechnique, IsGradientEcho(header) ? "T1FFE" : "TSE"));
  }
  if (series.kind == SeriesKind::kDynamic) {
    const auto frames = static_cast<double>(series.volumes.size());
    header.attributes.push_back(TextAttribute(kDynamicSeries, "Y"));
    header.attributes.push_back(NumberAttribute(kDynamicScans, {frames}));
    if (!series.enhanced) header.attributes.push_back(NumberAttribute(kTemporalPositions, {frames}));
  }
  for (MrVolume& volume : series.volumes) {
    const Content content = ContentOf(series, volume);
    Scale(series.enhanced, content, volume);
    if (volume.b_value_s_mm2) AddDiffusion(content, volume);
    if (series.kind == SeriesKind::kDynamic) {
      volume.attributes.push_back(NumberAttribute(tag::kPhilipsDynamicBegin, {volume.start_s}));
      volume.start_s = 0;  // all frames have the acquisition time of the first
    }
    volume.image_type = series.enhanced ? EnhancedType(series, content) : ImageType(series, content);
    if (!series.enhanced) continue;
    dicom::WrittenAttributes own;
    std::swap(own, volume.attributes);
    volume.attributes.push_back(dicom::SequenceAttribute(tag::kPhilipsFrameSequence, {own}));
  }
}

}  // namespace

void WriteAsPhilips(const physics::Protocol& protocol, DicomStudy& study) {
  study.header.manufacturer = "Philips";
  study.header.software = "5.7.1\\parotis simulate";
  for (DicomSeries& series : study.series) WriteSeries(protocol, study.header.field_strength_t, series);
}

}  // namespace parotis::scanner
