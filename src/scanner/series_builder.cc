#include "scanner/series_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scanner/console_map.h"
#include "scanner/flavour.h"

namespace parotis::scanner {
namespace {

using dicom::MrVolume;
using physics::Sequence;

// When each of `slices` is excited within a repetition time: from the first to the last, or the odd ones first.
std::vector<double> SliceTimes(std::int64_t slices, double repetition_s, bool interleaved) {
  std::vector<double> times(static_cast<std::size_t>(slices));
  const double step_s = repetition_s / static_cast<double>(slices);
  int place = 0;
  const std::int64_t stride = interleaved ? 2 : 1;
  for (std::int64_t first = 0; first < stride; ++first) {
    for (std::int64_t k = first; k < slices; k += stride)
      times[static_cast<std::size_t>(k)] = std::round(1e5 * step_s * place++) * 1e-5;
  }
  return times;
}

}  // namespace

std::string TimeOfDay(int seconds) {
  return fmt::format("{:02d}{:02d}{:02d}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
}

MrVolume NeutralImage(const image::Volume& volume) {
  MrVolume image;
  image.image = volume;
  image.image_type = {"ORIGINAL", "PRIMARY", "M"};
  return image;
}

SeriesBuilder::SeriesBuilder(const physics::Examination& examination, const Site& site, DicomStudy& study, int start_s)
    : examination_(examination), site_(site), study_(study), clock_s_(start_s) {}

DicomSeries& SeriesBuilder::Add(SeriesKind kind, const std::string& description, const Sequence& sequence,
                                double slice_mm, int duration_s) {
  DicomSeries series;
  series.kind = kind;
  series.enhanced = site_.enhanced;
  auto& header = series.header;
  header.description = header.protocol = description;
  header.body_part = site_.body_part;
  header.time = TimeOfDay(clock_s_);
  header.repetition_time_ms = std::round(sequence.tr_ms);
  header.echo_time_ms = std::round(sequence.te_ms * 10) / 10;
  header.slice_thickness_mm = slice_mm;
  header.phase_encoding = "ROW";
  header.pixel_bandwidth_hz = std::round(sequence.read_bandwidth_hz);
  if (!injected_at_.empty()) {
    header.contrast_agent = site_.agent;
    if (site_.agent_time && !site_.agent.empty()) header.contrast_start_time = injected_at_;
  }
  clock_s_ += duration_s;
  study_.series.push_back(std::move(series));
  return study_.series.back();
}

DicomSeries& SeriesBuilder::AddGradientEcho(SeriesKind kind, const std::string& description, const Sequence& sequence,
                                            double slice_mm, double flip_angle_deg, int duration_s) {
  DicomSeries& series = Add(kind, description, sequence, slice_mm, duration_s);
  series.header.repetition_time_ms = std::round(sequence.tr_ms * 100) / 100;
  series.header.echo_time_ms = std::round(sequence.te_ms * 100) / 100;
  series.header.scanning_sequence = {"GR"};
  series.header.sequence_variant = {"SP"};
  series.header.flip_angle_deg = flip_angle_deg;
  series.header.acquisition_contrast = "T1";
  return series;
}

// Numbering and timing of slices as the site does it, once the volumes are there.
void SeriesBuilder::Schedule(DicomSeries& series) const {
  series.header.downwards = site_.downwards;
  if (series.volumes.size() > 1 && site_.slice_first && series.kind == SeriesKind::kDiffusion)
    series.header.order = dicom::InstanceOrder::kSlices;
  if (series.header.three_dimensional) return;
  series.header.slice_times_s = SliceTimes(series.volumes.front().image.geometry.size[2],
                                           series.header.repetition_time_ms / 1000, site_.interleaved);
}

void SeriesBuilder::AddLocalizer() {
  DicomSeries& series =
      AddGradientEcho(SeriesKind::kLocalizer, site_.names->localizer, examination_.protocol.localizer, 8, 20, 20);
  for (const image::Volume& plane : examination_.localizer) series.volumes.push_back(NeutralImage(plane));
}

void SeriesBuilder::AddAnatomy(SeriesKind kind, const char* role, const char* description, const Sequence& sequence,
                               const image::Volume& volume, int duration_s) {
  DicomSeries& series = Add(kind, description, sequence, volume.geometry.spacing_mm[2], duration_s);
  series.role = role;
  series.header.echo_train_length = sequence.echo_train;
  series.header.acquisition_contrast = kind == SeriesKind::kT2 ? "T2" : "T1";
  if (sequence.fat_left < 0.5) series.header.scan_options = {"FS"};
  series.volumes.push_back(NeutralImage(volume));
  Schedule(series);
}

void SeriesBuilder::AddT2() {
  AddAnatomy(SeriesKind::kT2, "t2", site_.names->t2, examination_.protocol.t2, examination_.t2, 210);
}

void SeriesBuilder::AddT1() {
  AddAnatomy(SeriesKind::kT1, "", site_.names->t1, examination_.protocol.t1, *examination_.t1, 180);
}

void SeriesBuilder::AddT1c() {
  AddAnatomy(SeriesKind::kT1c, "t1c", site_.names->t1c, examination_.protocol.t1c, examination_.t1c, 200);
}

void SeriesBuilder::Inject() { injected_at_ = TimeOfDay(clock_s_); }

DicomSeries& SeriesBuilder::AddEchoPlanar(SeriesKind kind, const std::string& description, int duration_s) {
  const auto& protocol = examination_.protocol;
  DicomSeries& series = Add(kind, description, protocol.diffusion, protocol.diffusion_grid.spacing_mm[2], duration_s);
  series.header.scanning_sequence = {"EP", "SE"};
  series.header.sequence_variant = {"SK"};
  series.header.scan_options = {"FS"};
  series.header.phase_encoding = "COL";
  series.header.pixel_bandwidth_hz = EchoPlanarOf(protocol).bandwidth_hz;
  series.header.acquisition_contrast = "DIFFUSION";
  return series;
}

void SeriesBuilder::AddDiffusion() {
  DicomSeries& series = AddEchoPlanar(SeriesKind::kDiffusion, site_.names->diffusion, 150);
  series.role = "dwi";
  const std::string time = series.header.time;
  for (const physics::DiffusionVolume& volume : examination_.diffusion) {
    MrVolume image = NeutralImage(volume.image);
    image.b_value_s_mm2 = volume.b_s_mm2;
    image.direction_world = volume.direction;
    image.start_s =
        std::round(static_cast<double>(series.volumes.size()) * examination_.protocol.diffusion.tr_ms) / 1e3;
    series.volumes.push_back(std::move(image));
  }
  Schedule(series);
  if (site_.series_per_b) PartByBValue();
  if (!site_.adc_map) return;
  MrVolume adc = NeutralImage(ConsoleAdc(examination_));
  adc.image_type = {"DERIVED", "PRIMARY", "ADC"};
  adc.derivation = fmt::format("ADC from b = 0 to {:.0f} s/mm2, mono-exponential", examination_.protocol.b_high_s_mm2);
  DicomSeries& map = AddEchoPlanar(SeriesKind::kAdc, site_.names->adc, 0);
  map.role = "adc";
  map.header.time = time;  // scanners copy it
  map.volumes = {std::move(adc)};
  Schedule(map);
}

// The last series becomes one for each b-value.
void SeriesBuilder::PartByBValue() {
  const DicomSeries all = study_.series.back();
  study_.series.pop_back();
  for (const MrVolume& volume : all.volumes) {
    const double b = *volume.b_value_s_mm2;
    const bool more = !study_.series.empty() && study_.series.back().kind == SeriesKind::kDiffusion &&
                      study_.series.back().volumes.front().b_value_s_mm2 == b;
    if (!more) {
      DicomSeries& single = study_.series.emplace_back(all);
      single.volumes.clear();
      single.header.description = fmt::format("{} b{:.0f}", all.header.description, b);
    }
    study_.series.back().volumes.push_back(volume);
  }
}

void SeriesBuilder::AddDynamic() {
  const auto& dynamic = *examination_.dynamic;
  const auto& protocol = examination_.protocol;
  const std::string injected_at = TimeOfDay(clock_s_ + static_cast<int>(protocol.injection_s));
  DicomSeries& series = AddGradientEcho(SeriesKind::kDynamic, site_.names->dynamic, protocol.dynamic,
                                        protocol.dynamic_grid.spacing_mm[2], 15, 400);
  series.header.three_dimensional = true;
  series.header.contrast_agent = site_.agent;
  if (site_.agent_time && !site_.agent.empty()) series.header.contrast_start_time = injected_at;
  series.header.scan_options = {"FS"};
  const double half_s = dynamic.times_s.size() > 1 ? 0.5 * (dynamic.times_s[1] - dynamic.times_s[0]) : 0;
  for (std::size_t f = 0; f < dynamic.frames.size(); ++f) {
    MrVolume frame = NeutralImage(dynamic.frames[f]);
    frame.start_s = std::max(0.0, dynamic.times_s[f] - half_s);
    frame.temporal_position = static_cast<int>(f) + 1;
    series.volumes.push_back(std::move(frame));
  }
  Schedule(series);
  injected_at_ = injected_at;
}

}  // namespace parotis::scanner
