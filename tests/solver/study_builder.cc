#include "tests/solver/study_builder.h"

#include <fmt/format.h>

#include <cmath>

namespace parotis::intake::studies {
namespace {

using dicom::Series;
using dicom::SeriesVolume;
using dicom::SlicePlane;

const char* NameOfVendor(Vendor vendor) {
  switch (vendor) {
    case Vendor::kSiemens: return "SIEMENS";
    case Vendor::kGe: return "GE MEDICAL SYSTEMS";
    case Vendor::kPhilips: return "Philips Medical Systems";
    case Vendor::kCanon: return "CANON_MEC";
    default: return "UIH";
  }
}

// Columns: where index axes i, j, k point in LPS.
image::Matrix3 DirectionOf(SlicePlane plane) {
  if (plane == SlicePlane::kCoronal) return {{{1, 0, 0}, {0, 0, 1}, {0, -1, 0}}};
  if (plane == SlicePlane::kSagittal) return {{{0, 0, -1}, {1, 0, 0}, {0, -1, 0}}};
  return {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
}

image::Geometry GeometryOf(const Spec& spec, double centre_s_mm) {
  image::Geometry geometry;
  const auto matrix = static_cast<std::int64_t>(std::lround(spec.fov_mm / spec.spacing_mm));
  geometry.size = {matrix, matrix, spec.slices};
  geometry.spacing_mm = {spec.spacing_mm, spec.spacing_mm, spec.slice_spacing_mm};
  geometry.direction = DirectionOf(spec.plane);
  const image::Vector3 centre = {0, 0, centre_s_mm};
  for (std::size_t w = 0; w < 3; ++w) {
    double offset = 0;
    for (std::size_t a = 0; a < 3; ++a)
      offset += geometry.direction[w][a] * geometry.spacing_mm[a] * static_cast<double>(geometry.size[a] - 1) / 2;
    geometry.origin_world[w] = centre[w] - offset;
  }
  return geometry;
}

void SetType(Series& series, const std::vector<std::string>& type) {
  series.image_type = type;
  for (SeriesVolume& volume : series.volumes) volume.image_type = type;
}

}  // namespace

StudyBuilder::StudyBuilder(Vendor vendor, const std::string& study_description) : vendor_(vendor) {
  study_.uid = "1.2.3";
  study_.time = "085000";
  study_.description = study_description;
  study_.patient.id = "patient-1";
}

std::string StudyBuilder::Now() const {
  const auto seconds = static_cast<int>(std::fmod(clock_s_, 86400));
  return fmt::format("{:02}{:02}{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

Series& StudyBuilder::Add(const Spec& spec) {
  Series series;
  number_ += vendor_ == Vendor::kPhilips ? 100 : 1;
  series.number = vendor_ == Vendor::kPhilips ? number_ + 1 : number_;
  series.uid = fmt::format("1.2.3.{}", *series.number);
  series.description = spec.description;
  series.modality = "MR";
  series.manufacturer = NameOfVendor(vendor_);
  series.frame_of_reference_uid = place.frame;
  series.acquisition_time = Now();
  series.contrast_agent = agent;
  series.contrast_start_time = agent_start;
  clock_s_ += 210;
  series.plane = spec.plane;
  SeriesVolume volume;
  volume.geometry = GeometryOf(spec, place.centre_s_mm);
  volume.plane = spec.plane;
  series.volumes = {volume};
  series.files = {{"", "1.2.840.10008.5.1.4.1.1.4", series.uid + ".1"}};
  SetType(series, {"ORIGINAL", "PRIMARY", "M"});
  study_.series.push_back(series);
  return study_.series.back();
}

Series& StudyBuilder::AddTse(const Spec& spec, double te_ms, double tr_ms) {
  Series& series = Add(spec);
  series.scanning_sequence = {"SE"};
  series.sequence_variant = {"SK"};
  series.echo_time_ms = te_ms;
  series.repetition_time_ms = tr_ms;
  series.flip_angle_deg = 150;
  series.volumes.front().echo_time_ms = te_ms;
  return series;
}

Series& StudyBuilder::AddT1Fs(const Spec& spec) {
  Series& series = AddT1(spec);
  series.scan_options = {"FS"};
  series.fat_suppressed = true;
  return series;
}

Series& StudyBuilder::AddStir(const Spec& spec, double te_ms) {
  Series& series = AddTse(spec, te_ms, 4500);
  series.scanning_sequence = {"SE", "IR"};
  series.inversion_time_ms = 220;
  return series;
}

Series& StudyBuilder::AddFlair(const Spec& spec) {
  Series& series = AddTse(spec, 120, 9000);
  series.scanning_sequence = {"SE", "IR"};
  series.inversion_time_ms = 2500;
  return series;
}

Series& StudyBuilder::AddGradientEcho(const Spec& spec, double te_ms, double tr_ms, double flip_deg) {
  Series& series = AddTse(spec, te_ms, tr_ms);
  series.scanning_sequence = {"GR"};
  series.sequence_variant = {"SP"};
  series.flip_angle_deg = flip_deg;
  return series;
}

Series& StudyBuilder::AddDiffusion(const Spec& spec, const std::vector<double>& b_values_s_mm2, bool trace) {
  Spec coarse = spec;
  coarse.spacing_mm = std::max(spec.spacing_mm, 1.8);
  Series& series = AddTse(coarse, 75, 5200);
  series.scanning_sequence = {"EP"};
  series.fat_suppressed = true;
  SetType(series, {"ORIGINAL", "PRIMARY", "DIFFUSION", trace ? "TRACEW" : "NONE"});
  const SeriesVolume volume = series.volumes.front();
  series.volumes.clear();
  for (const double b : b_values_s_mm2) {
    series.volumes.push_back(volume);
    series.volumes.back().b_value_s_mm2 = b;
    series.volumes.back().b_value_source = "(0018,9087)";
    series.volumes.back().trace = trace;
  }
  return series;
}

Series& StudyBuilder::AddAdcOfLast(const std::string& description) {
  const Series source = study_.series.back();
  Series map = source;
  number_ += 1;
  map.number = *source.number + 1;
  map.uid = fmt::format("1.2.3.{}", *map.number);
  map.files = {{"", "1.2.840.10008.5.1.4.1.1.4", map.uid + ".1"}};
  map.description = description;
  map.volumes = {source.volumes.back()};
  SetType(map, {"DERIVED", "PRIMARY", "DIFFUSION", "ADC"});
  study_.series.push_back(map);
  return study_.series.back();
}

Series& StudyBuilder::AddLocalizer(const std::string& description) {
  Series& series = AddGradientEcho({description, SlicePlane::kMixed, 3, 1.2, 300, 10}, 4, 8, 20);
  series.volumes.front().plane = SlicePlane::kAxial;
  return series;
}

Series& StudyBuilder::AddScreenshot(const std::string& description) {
  Series& series = Add({description});
  series.files.front().sop_class_uid = "1.2.840.10008.5.1.4.1.1.7";
  SetType(series, {"DERIVED", "SECONDARY", "SCREEN SAVE"});
  return series;
}

Series& StudyBuilder::AddMipOfLast(const std::string& description) {
  Series projection = study_.series.back();
  number_ += 1;
  projection.number = *projection.number + 1;
  projection.uid = fmt::format("1.2.3.{}", *projection.number);
  projection.description = description;
  SetType(projection, {"DERIVED", "SECONDARY", "PROJECTION IMAGE", "MIP"});
  study_.series.push_back(projection);
  return study_.series.back();
}

Series& StudyBuilder::AddSubtraction(const Spec& spec) {
  Series& series = AddT1Fs(spec);
  SetType(series, {"DERIVED", "PRIMARY", "M", "SUBTRACT"});
  return series;
}

Series& StudyBuilder::AddReformat(const Spec& spec) {
  Series& series = AddGradientEcho(spec, 2.4, 6, 12);
  SetType(series, {"DERIVED", "SECONDARY", "MPR"});
  return series;
}

void StudyBuilder::AddOtherRegions(int count) {
  const Place before = place;
  const std::string agent_before = agent;
  place.centre_s_mm += 110;
  for (int n = 0; n < count; ++n) {
    switch (n % 5) {
      case 0: AddFlair({fmt::format("flair brain {}", n)}); break;
      case 1: AddT2({fmt::format("t2 cspine sag {}", n), SlicePlane::kSagittal, 15}); break;
      case 2:
        AddGradientEcho({fmt::format("TOF angio {}", n), SlicePlane::kAxial, 80, 0.5, 200, 0.8}, 3.6, 22, 18);
        break;
      case 3: AddLocalizer(fmt::format("scout {}", n)); break;
      default:
        AddGradientEcho({fmt::format("swi brain {}", n), SlicePlane::kAxial, 60, 0.9, 230, 2}, 20, 28, 15);
        break;
    }
  }
  place = before;
  agent = agent_before;
}

}  // namespace parotis::intake::studies
