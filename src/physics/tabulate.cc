#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "image/resample.h"
#include "physics/fitted_channels.h"
#include "physics/scan.h"

namespace parotis::physics {
namespace {

image::Volume OnGrid(const image::Volume& volume, const image::Geometry& grid) {
  image::Volume result = image::Resample(volume, grid, image::Interpolation::kLinear, 0, 1);
  for (float& value : result.voxels) value = std::round(value);
  return result;
}

bool OnBothSides(const std::vector<phantom::Lesion>& lesions) {
  return std::any_of(lesions.begin(), lesions.end(),
                     [&](const phantom::Lesion& lesion) { return lesion.side != lesions[0].side; });
}

void AddLesionColumns(const phantom::Patient& patient, std::map<std::string, std::string>& columns) {
  const phantom::Lesion& lesion = patient.lesions[0];
  columns["side"] = OnBothSides(patient.lesions) ? "both" : dataset::NameOf(lesion.side);
  columns["site"] = phantom::NameOf(lesion.site);
  columns["subtype"] = patient.subtype;
  columns["margin"] = phantom::NameOf(lesion.margin);
  columns["cysts"] = phantom::NameOf(lesion.cysts);
  columns["size_mm"] = fmt::format("{:.1f}", lesion.size_mm);
  columns["lesion_adc_um2_s"] = fmt::format("{:.1f}", lesion.adc_um2_s);
  columns["lesion_t2_ms"] = fmt::format("{:.1f}", lesion.t2_ms);
  columns["lesion_t1_ms"] = fmt::format("{:.1f}", lesion.t1_ms);
  columns["lesion_f"] = fmt::format("{:.3f}", lesion.diffusion.perfusion_fraction);
  columns["lesion_d_um2_s"] = fmt::format("{:.1f}", lesion.diffusion.diffusivity_um2_s);
  columns["lesion_dstar_um2_s"] = fmt::format("{:.0f}", lesion.diffusion.pseudo_diffusion_um2_s);
  columns["lesion_k"] = fmt::format("{:.3f}", lesion.diffusion.kurtosis);
  const phantom::CurveShape curve = phantom::ShapeOf(lesion.kinetics);
  columns["lesion_washout_percent"] = fmt::format("{:.1f}", curve.washout_percent);
  columns["lesion_time_to_peak_s"] = fmt::format("{:.0f}", curve.time_to_peak_s);
  columns["lesion_contrast_mmol_l"] = fmt::format("{:.3f}", lesion.contrast_mmol_l);
}

}  // namespace

dataset::Case ToCase(const Examination& examination, const phantom::Priors& priors) {
  dataset::Case result;
  const image::Geometry& grid = examination.protocol.anatomy_grid;
  result.id = examination.patient.id;
  result.grid = grid;
  result.channel_names = {dataset::kT2, dataset::kT1c, dataset::kB0, dataset::kB1000, dataset::kAdc};
  result.channels = {examination.t2, examination.t1c, OnGrid(examination.TraceAt(0), grid),
                     OnGrid(examination.TraceAt(1000), grid), OnGrid(examination.adc, grid)};
  for (auto& [name, map] : FitChannels(examination)) {
    result.channel_names.push_back(name);
    result.channels.push_back(image::Resample(map, grid, image::Interpolation::kLinear, 0, 1));
  }
  result.truth = examination.lesions;
  if (!examination.patient.lesions.empty()) {
    const auto label = static_cast<std::uint8_t>(priors.IndexOf(examination.patient.diagnosis) + 1);
    for (std::uint8_t& value : result.truth->voxels) value = value == 0 ? 0 : label;
  }
  result.provenance = {{"synthetic", true}, {"seed", examination.patient.seed}, {"patient", examination.patient.index}};
  return result;
}

dataset::Participant ToParticipant(const Examination& examination) {
  const phantom::Patient& patient = examination.patient;
  dataset::Participant participant;
  participant.patient_id = patient.id;
  participant.case_id = patient.id;
  participant.diagnosis = patient.diagnosis;
  auto& columns = participant.columns;
  columns["sex"] = patient.male ? "M" : "F";
  columns["age_years"] = fmt::format("{:.0f}", patient.age_years);
  columns["n_lesions"] = fmt::format("{}", patient.lesions.size());
  const bool enlarged =
      std::any_of(patient.nodes.begin(), patient.nodes.end(), [](const phantom::Node& node) { return node.enlarged; });
  columns["enlarged_nodes"] = enlarged ? "yes" : "no";
  columns["parotid_fat_fraction"] = fmt::format("{:.3f}", patient.body.parotid_fat);
  columns["parotid_adc_um2_s"] = fmt::format("{:.1f}", patient.body.parotid_adc_um2_s);
  columns["field_tesla"] = fmt::format("{:.1f}", phantom::TeslaOf(examination.protocol.field));
  columns["vendor"] = NameOf(examination.protocol.vendor);
  columns["diffusion_unusable"] = NameOf(examination.protocol.faults.unusable);
  columns["smoker"] = patient.smoker ? "yes" : "no";
  columns["snr_b0"] = fmt::format("{:.1f}", examination.protocol.snr_b0);
  columns["snr_b1000"] = fmt::format("{:.1f}", examination.protocol.snr_b1000);
  for (const char* key : {"side", "site", "subtype", "margin", "cysts", "size_mm", "lesion_adc_um2_s", "lesion_t2_ms",
                          "lesion_t1_ms", "lesion_f", "lesion_d_um2_s", "lesion_dstar_um2_s", "lesion_k",
                          "lesion_washout_percent", "lesion_time_to_peak_s", "lesion_contrast_mmol_l"}) {
    columns[key] = "";
  }
  if (!patient.lesions.empty()) AddLesionColumns(patient, columns);
  return participant;
}

}  // namespace parotis::physics
