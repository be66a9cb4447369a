#include "app/inspection_page.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <cmath>
#include <ctime>

#include "base/error.h"
#include "base/progress.h"
#include "dicom/pixels.h"
#include "intake/body_part.h"
#include "intake/diffusion_channels.h"
#include "intake/roles.h"

namespace parotis::app {
namespace {

std::vector<report::InspectedFinding> ToRows(const std::vector<base::Finding>& findings) {
  std::vector<report::InspectedFinding> rows;
  rows.reserve(findings.size());
  for (const base::Finding& each : findings) {
    rows.push_back({each.code, std::string(base::NameOf(base::ConditionNamed(each.code).policy)), each.message});
  }
  return rows;
}

std::string BValuesOf(const dicom::Series& series) {
  std::vector<std::string> values;
  for (const dicom::SeriesVolume& volume : series.volumes) {
    const std::string value = volume.b_value_s_mm2 ? fmt::format("{:.0f}", *volume.b_value_s_mm2) : "";
    if (!value.empty() && std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
  }
  return fmt::format("{}", fmt::join(values, ", "));
}

std::vector<std::pair<std::string, std::string>> FactsOf(const dicom::Series& series) {
  std::vector<std::pair<std::string, std::string>> facts = {{"plane", dicom::NameOf(series.plane)}};
  if (!series.volumes.empty() && series.volumes.front().problem.empty()) {
    const image::Geometry& grid = series.volumes.front().geometry;
    facts.emplace_back("size", fmt::format("{} × {} × {}", grid.size[0], grid.size[1], grid.size[2]));
    facts.emplace_back("spacing", fmt::format("{:.2f} × {:.2f} × {:.2f} mm", grid.spacing_mm[0], grid.spacing_mm[1],
                                              grid.spacing_mm[2]));
  }
  if (series.volumes.size() > 1) facts.emplace_back("volumes", std::to_string(series.volumes.size()));
  facts.emplace_back("b, s/mm²", BValuesOf(series));
  if (series.echo_time_ms && series.repetition_time_ms)
    facts.emplace_back("TE / TR", fmt::format("{:.4g} / {:.5g} ms", *series.echo_time_ms, *series.repetition_time_ms));
  facts.emplace_back("contrast agent", series.contrast_agent);
  return facts;
}

report::InspectedSeries ToPanel(const dicom::Series& series, const intake::SeriesRole& role) {
  report::InspectedSeries panel;
  panel.number = series.number ? std::to_string(*series.number) : "-";
  panel.description = series.description;
  panel.role = intake::NameOf(role.role);
  panel.reason = role.reason;
  panel.channels = role.channels;
  panel.facts = FactsOf(series);
  panel.findings = ToRows(series.findings);
  if (series.volumes.empty()) {
    panel.why_no_slice = "it holds no images";
    return panel;
  }
  try {
    const std::size_t which = series.volumes.size() / 2;
    panel.slice = dicom::LoadSlice(series, which, series.volumes[which].geometry.size[2] / 2);
  } catch (const base::Error& error) {
    panel.why_no_slice = error.message();
  }
  return panel;
}

// Mean over tissue (S0 above the body's threshold) of every b-value and of the fit.
std::optional<report::DecayCurve> DecayOf(const dicom::Study& study, const intake::StudyRoles& roles) {
  if (roles.diffusion.empty()) return std::nullopt;
  const intake::DiffusionImages images = intake::LoadDiffusion(study, roles);
  if (images.trace_weighted.empty()) return std::nullopt;
  const image::Volume& lowest = images.trace_weighted.front().volume;
  const float body = intake::BodyThreshold(lowest);
  const auto mean = [&](const image::Volume& volume) {
    double sum = 0;
    std::int64_t count = 0;
    for (std::size_t n = 0; n < lowest.voxels.size(); ++n) {
      if (lowest.voxels[n] > body) sum += volume.voxels[n], ++count;
    }
    return count == 0 ? 0 : sum / static_cast<double>(count);
  };
  report::DecayCurve curve{dicom::NameOf(study.series[roles.diffusion.front().series]), {}};
  for (const intake::WeightedVolume& each : images.trace_weighted) {
    std::optional<double> fitted;
    if (images.fit) fitted = mean(intake::SignalAt(*images.fit, each.b_value_s_mm2));
    curve.points.push_back({each.b_value_s_mm2, mean(each.volume), fitted});
  }
  return curve;
}

std::string Plain(const base::Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_number()) return fmt::format("{:.4g}", value.get<double>());
  if (!value.is_array()) return value.dump();
  std::vector<std::string> parts;
  for (const base::Json& each : value) parts.push_back(Plain(each));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::vector<std::pair<std::string, std::string>> ProvenanceOf(const dataset::Case& examination,
                                                              const std::string& channel) {
  std::vector<std::pair<std::string, std::string>> facts;
  for (const auto& [key, value] : examination.provenance["channels"][channel].items()) {
    if (key == "series_uid" || key == "series_number" || value.is_null()) continue;
    if (value.is_object()) {
      for (const auto& [inner, what] : value.items()) {
        if (!what.is_null()) facts.emplace_back(fmt::format("{} {}", key, inner), Plain(what));
      }
    } else {
      facts.emplace_back(key, Plain(value));
    }
  }
  return facts;
}

// The case as the headers place it, where something of `examination` was moved. Both lie on the reference's grid.
std::optional<dataset::Case> CaseByHeader(const dicom::Study& study, const dataset::Case& examination,
                                          intake::LoadOptions options) {
  const auto was_applied = [](const base::Json& entry, const char* what) {
    return entry.contains(what) && entry[what]["outcome"] == "applied";
  };
  for (const base::Json& entry : examination.provenance.value("alignment", base::Json::array())) {
    if (!was_applied(entry, "motion") && !was_applied(entry, "distortion")) continue;
    options.alignment = {};
    return intake::LoadCase(study, examination.channel_names, options);
  }
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> AlignmentOf(const dataset::Case& examination,
                                                             const std::string& channel) {
  std::vector<std::pair<std::string, std::string>> facts;
  for (const base::Json& entry : examination.provenance.value("alignment", base::Json::array())) {
    if (entry["acquisition"] != intake::AcquisitionOf(channel)) continue;
    for (const char* what : {"motion", "distortion"}) {
      if (!entry.contains(what)) continue;
      facts.emplace_back(what, fmt::format("{}: {}", Plain(entry[what]["outcome"]), Plain(entry[what]["reason"])));
    }
  }
  return facts;
}

void AddCase(const dicom::Study& study, std::vector<std::string> channels, intake::LoadOptions options,
             report::InspectedStudy& page) {
  options.if_possible = intake::FittedMaps();
  std::erase_if(channels, intake::IsFittedMap);
  if (channels.empty()) {
    page.why_no_case = "No series serves any channel.";
    return;
  }
  try {
    const dataset::Case examination = intake::LoadCase(study, channels, options);
    const std::optional<dataset::Case> by_header = CaseByHeader(study, examination, options);
    page.reference_name = examination.channel_names.front();
    page.reference = examination.channels.front();
    for (std::size_t c = 1; c < examination.channels.size(); ++c) {
      const std::string& name = examination.channel_names[c];
      report::InspectedOverlay overlay{name, examination.channels[c], std::nullopt, ProvenanceOf(examination, name)};
      for (auto& fact : AlignmentOf(examination, name)) overlay.facts.push_back(std::move(fact));
      if (by_header && by_header->channels[c].voxels != overlay.channel.voxels)
        overlay.by_header = by_header->channels[c];
      page.overlays.push_back(std::move(overlay));
    }
    for (const base::Json& flag : examination.provenance["flags"]) {
      page.findings.push_back({flag["code"], "flag", flag["message"]});
    }
  } catch (const base::Error& error) {
    page.why_no_case = error.message();
  }
}

report::InspectedStudy ToPage(const dicom::Study& study, const intake::LoadOptions& options) {
  const intake::StudyRoles roles = intake::AssignRoles(study, options.pins, options.site);
  const intake::Eligibility eligibility = intake::CheckHeadAndNeck(study);
  report::InspectedStudy page;
  page.title = study.description.empty() ? "Study without description" : study.description;
  page.uid = study.uid;
  page.verdict = fmt::format("head and neck: {}: {}", intake::NameOf(eligibility.verdict), eligibility.reason);
  page.notes = roles.notes;
  page.findings = ToRows(study.findings);
  base::Progress progress("drawing series", static_cast<std::int64_t>(study.series.size()) + 1);
  for (std::size_t s = 0; s < study.series.size(); ++s) {
    page.series.push_back(ToPanel(study.series[s], roles.series[s]));
    progress.Advance();
  }
  try {
    if (auto curve = DecayOf(study, roles)) page.decay.push_back(std::move(*curve));
  } catch (const base::Error& error) {
    page.notes.push_back("the decay of the diffusion signal cannot be drawn: " + error.message());
  }
  AddCase(study, intake::AvailableChannels(roles), options, page);
  progress.Advance();
  return page;
}

}  // namespace

report::Inspection GatherInspection(const dicom::Index& index, const std::filesystem::path& folder,
                                    const intake::LoadOptions& options) {
  report::Inspection inspection;
  inspection.folder = folder.string();
  inspection.date = fmt::format("{:%Y-%m-%d %H:%M} UTC",
                                fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
  for (const dicom::Study& study : index.studies) inspection.studies.push_back(ToPage(study, options));
  for (const dicom::SkippedFile& file : index.skipped) {
    if (!file.foreign()) inspection.skipped.emplace_back(file.path.string(), file.reason);
  }
  return inspection;
}

}  // namespace parotis::app
