#include "intake/load_case.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/conditions.h"
#include "base/error.h"
#include "dicom/pixels.h"
#include "dicom/pseudonyms.h"
#include "image/resample.h"
#include "intake/diffusion_channels.h"
#include "intake/diffusion_set.h"

namespace parotis::intake {
namespace {

using base::ErrorKind;
using base::Json;
using dicom::Series;
using dicom::Study;

constexpr double kFullCoverage = 0.7;  // of the reference grid; less is flagged

bool Wants(const std::vector<std::string>& channels, const char* channel) {
  return std::find(channels.begin(), channels.end(), channel) != channels.end();
}

Json QualityAsJson(const DiffusionQuality& quality) {
  const base::Finding finding = JudgeQuality(quality);
  Json json = {{"signal_to_noise", quality.signal_to_noise},
               {"ghost", quality.ghost},
               {"lost_slices", quality.lost_slices},
               {"rising", quality.rising},
               {"shift_between_b_mm", quality.shift_between_b_mm},
               {"displaced", quality.displaced ? Json(*quality.displaced) : Json(nullptr)},
               {"residual", quality.residual},
               {"verdict", finding.empty() ? "usable" : finding.code}};
  // What the case can be judged by all the same.
  if (finding.code == "diffusion_unusable") json["fallback"] = "structural";
  return json;
}

class CaseLoader {
 public:
  CaseLoader(const Study& study, const LoadOptions& options)
      : study_(study),
        options_(options),
        roles_(AssignRoles(study, options.pins, options.site)),
        reference_(Reference()) {}

  dataset::Case Load(const std::vector<std::string>& channels) {
    CheckStudy();
    CheckAvailable(channels);
    if (!reference_) base::Throw(ErrorKind::kInput, "the study holds no series that a channel could be made from");
    result_.id = options_.case_id.empty() ? CaseIdOf(study_, "") : options_.case_id;
    result_.grid = VolumeOf(*reference_).geometry;
    StartProvenance();
    DiffusionImages diffusion;
    if (Wants(channels, dataset::kB0) || Wants(channels, dataset::kB1000) || Wants(channels, dataset::kAdc)) {
      diffusion = LoadDiffusion(study_, roles_, !options_.alignment.wanted());
      if (diffusion.quality) result_.provenance["diffusion_quality"] = QualityAsJson(*diffusion.quality);
    }
    if (options_.alignment.wanted()) StartAlignment(diffusion);
    for (const std::string& channel : channels) {
      base::WithContext("channel " + channel, [&] { AddChannel(channel, diffusion); });
    }
    FinishAlignment();
    result_.provenance["flags"] = flags_;
    dataset::CheckCase(result_);
    return std::move(result_);
  }

 private:
  const Series& SeriesOf(const VolumeReference& reference) const { return study_.series[reference.series]; }
  const dicom::SeriesVolume& VolumeOf(const VolumeReference& reference) const {
    return SeriesOf(reference).volumes[reference.volume];
  }

  std::optional<VolumeReference> Reference() const {
    if (roles_.t2) return roles_.t2;
    if (!roles_.diffusion.empty()) return roles_.diffusion.front();
    return roles_.adc ? roles_.adc : roles_.t1c;
  }

  void CheckStudy() {
    for (const base::Finding& finding : study_.findings) {
      if (finding.refuses()) base::Refuse({finding.code, "the study cannot be used: " + finding.message});
      Flag(finding.code, finding.message);
    }
  }

  void CheckAvailable(const std::vector<std::string>& channels) const {
    const std::vector<std::string> available = AvailableChannels(roles_);
    for (const std::string& channel : channels) {
      if (std::find(available.begin(), available.end(), channel) != available.end()) continue;
      RefuseContradiction(channel);
      base::Throw(
          ErrorKind::kInput,
          fmt::format(
              "no series of the study serves channel {} (available: {}); look at `parotis inspect`, and use --pin "
              "ROLE=SERIES if one should",
              channel, available.empty() ? "none" : fmt::format("{}", fmt::join(available, ", "))));
    }
  }

  void RefuseContradiction(const std::string& channel) const {
    for (const RoleFinding& each : roles_.findings) {
      if (each.role == RoleOf(channel) && each.finding.refuses())
        base::Refuse({each.finding.code, fmt::format("channel {}: {}", channel, each.finding.message)});
    }
  }

  void FlagTies(const std::string& channel) {
    for (const RoleFinding& each : roles_.findings) {
      if (each.role == RoleOf(channel) && !each.finding.refuses()) Flag(each.finding.code, each.finding.message);
    }
  }

  // How narrowly the role of each channel was decided, and by what.
  Json DecisionFor(const std::string& channel) const {
    for (const RoleChoice& choice : roles_.choices) {
      if (choice.role != RoleOf(channel)) continue;
      return {{"decided_by", choice.decided_by},
              {"points", SumOf(choice.terms)},
              {"margin", choice.rivals.empty() ? Json(nullptr) : Json(choice.rivals.front().behind)}};
    }
    return nullptr;
  }

  Json Source(const Series& series) const {
    return {{"series_uid", series.uid},
            {"series_number", series.number ? Json(*series.number) : Json(nullptr)},
            {"description", series.description}};
  }

  void StartProvenance() {
    result_.provenance["study_uid"] = study_.uid;
    result_.provenance["reference"] = Source(SeriesOf(*reference_));
    result_.provenance["channels"] = Json::object();
    result_.provenance["notes"] = roles_.notes;
    if (!options_.site.file.empty())
      result_.provenance["site"] = {{"file", options_.site.file}, {"sha256", options_.site.sha256}};
  }

  void Flag(const std::string& code, const std::string& message) {
    for (const Json& flag : flags_) {
      if (flag["message"] == message) return;
    }
    flags_.push_back({{"code", code}, {"message", message}});
  }

  void CheckFrame(const std::string& channel, const Series& series) {
    const Series& reference = SeriesOf(*reference_);
    const std::string& own = series.frame_of_reference_uid;
    if (&series == &reference) return;
    if (own.empty() || reference.frame_of_reference_uid.empty()) {
      Flag("frame_of_reference_missing",
           fmt::format("{} or {} has no frame of reference: that they lie in one patient position is assumed",
                       NameOf(series), NameOf(reference)));
      return;
    }
    if (own == reference.frame_of_reference_uid) return;
    const std::string fact =
        fmt::format("{} has another frame of reference than {}: positions in one mean nothing in the other",
                    NameOf(series), NameOf(reference));
    if (!options_.accept_other_frames) {
      base::Throw(ErrorKind::kRefused,
                  fmt::format("{}; leave channel {} out, pin a series of the same frame, or force it", fact, channel),
                  "other_frame_of_reference");
    }
    Flag("other_frame_of_reference", fact + "; it was placed by its coordinates all the same");
  }

  void StartAlignment(const DiffusionImages& diffusion) {
    const std::string acquisition = roles_.t2                                             ? dataset::kT2
                                    : !roles_.diffusion.empty() || roles_.adc.has_value() ? AcquisitionOf(dataset::kAdc)
                                                                                          : dataset::kT1c;
    aligner_.emplace(options_.alignment, dicom::LoadVolume(SeriesOf(*reference_), reference_->volume), acquisition);
    if (!diffusion.trace_weighted.empty()) diffusion_image_ = &diffusion.trace_weighted.front().volume;
  }

  void FinishAlignment() {
    if (!aligner_) return;
    result_.provenance["alignment"] = aligner_->provenance();
    for (const base::Finding& finding : aligner_->findings()) Flag(finding.code, finding.message);
  }

  std::optional<int> PhaseAxis() const {
    if (roles_.diffusion.empty() && !roles_.adc) return std::nullopt;
    const auto& encoding = VolumeOf(roles_.diffusion.empty() ? *roles_.adc : roles_.diffusion.front()).phase_encoding;
    return encoding ? std::optional<int>(encoding->axis) : std::nullopt;
  }

  // All of the diffusion acquisition moves with its image of lowest b-value.
  image::Warp WarpOf(const std::string& channel, const image::Volume& volume) {
    if (!aligner_) return {};
    const std::string acquisition = AcquisitionOf(channel);
    const bool moves_with_diffusion = acquisition != channel && diffusion_image_ != nullptr;
    image::Warp warp = aligner_->WarpOf(acquisition, moves_with_diffusion ? *diffusion_image_ : volume, PhaseAxis());
    warp.keeps_signal = channel != dataset::kAdc;
    return warp;
  }

  // The fraction of the reference grid's voxels that lie inside `source`, by every fourth voxel.
  double Coverage(const image::Geometry& source) const {
    std::int64_t inside = 0;
    std::int64_t all = 0;
    for (std::int64_t k = 0; k < result_.grid.size[2]; ++k) {
      for (std::int64_t j = 0; j < result_.grid.size[1]; j += 4) {
        for (std::int64_t i = 0; i < result_.grid.size[0]; i += 4) {
          const auto world = image::WorldFromVoxel(
              result_.grid, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
          const auto at = image::VoxelFromWorld(source, world);
          bool covered = true;
          for (std::size_t a = 0; a < 3; ++a)
            covered = covered && at[a] >= -0.5 && at[a] <= static_cast<double>(source.size[a]) - 0.5;
          inside += covered ? 1 : 0;
          ++all;
        }
      }
    }
    return static_cast<double>(inside) / static_cast<double>(all);
  }

  // Puts `volume`, made of `series`, on the case's grid.
  void Add(const std::string& channel, image::Volume volume, const Series& series, Json entry) {
    CheckFrame(channel, series);
    for (const base::Finding& finding : series.findings) {
      if (!finding.refuses()) Flag(finding.code, NameOf(series) + ": " + finding.message);
    }
    const image::Warp warp = WarpOf(channel, volume);
    const bool same_grid = warp.identity() && image::SameGrid(volume.geometry, result_.grid);
    if (!same_grid) {
      const double coverage = Coverage(volume.geometry);
      if (coverage == 0)
        base::Throw(ErrorKind::kInput, fmt::format("{} and {} do not overlap in the patient", NameOf(series),
                                                   NameOf(SeriesOf(*reference_))));
      if (coverage < kFullCoverage) {
        Flag("partial_coverage", fmt::format("{} covers {:.0f} % of {}; outside it channel {} is 0", NameOf(series),
                                             100 * coverage, NameOf(SeriesOf(*reference_)), channel));
      }
      volume = image::Resample(volume, result_.grid, warp, image::Interpolation::kLinear);
      entry["coverage"] = coverage;
    }
    volume.geometry = result_.grid;
    entry["resampled"] = same_grid ? "no" : "linear";
    entry["choice"] = DecisionFor(channel);
    FlagTies(channel);
    result_.provenance["channels"][channel] = std::move(entry);
    result_.channel_names.push_back(channel);
    result_.channels.push_back(std::move(volume));
  }

  void AddChannel(const std::string& channel, const DiffusionImages& diffusion) {
    if (channel == dataset::kT2 || channel == dataset::kT1c) {
      const VolumeReference& source = channel == dataset::kT2 ? *roles_.t2 : *roles_.t1c;
      const Series& series = SeriesOf(source);
      Json entry = Source(series);
      entry["how"] = roles_.series[source.series].reason;
      Add(channel, dicom::LoadVolume(series, source.volume), series, std::move(entry));
      return;
    }
    MadeChannel made = MakeDiffusionChannel(channel, study_, roles_, diffusion);
    const Series& series = study_.series[made.series];
    Json entry = Source(series);
    entry["how"] = made.how;
    entry["derived"] = made.derived;
    entry["b_values_s_mm2"] = made.b_values_s_mm2;
    for (const auto& [code, message] : made.flags) Flag(code, message);
    Add(channel, std::move(made.volume), series, std::move(entry));
  }

  const Study& study_;
  const LoadOptions& options_;
  StudyRoles roles_;
  std::optional<VolumeReference> reference_;
  dataset::Case result_;
  Json flags_ = Json::array();
  std::optional<CaseAligner> aligner_;
  const image::Volume* diffusion_image_ = nullptr;
};

}  // namespace

dataset::Case LoadCase(const Study& study, const std::vector<std::string>& channels, const LoadOptions& options) {
  return CaseLoader(study, options).Load(channels);
}

const Study& SelectStudy(const dicom::Index& index, const std::string& folder, const std::string& uid) {
  if (index.studies.empty()) {
    base::Throw(ErrorKind::kInput, fmt::format("{} holds no DICOM study ({} files looked at); name the folder of one",
                                               folder, index.skipped.size()));
  }
  std::set<std::pair<std::string, std::string>> patients;
  std::string list;
  const Study* chosen = nullptr;
  int matches = 0;
  for (const Study& study : index.studies) {
    patients.insert({study.patient.id, study.patient.issuer});
    list += fmt::format("\n  {}  {}  {} series  {}", study.uid, study.date.empty() ? "no date" : study.date,
                        study.series.size(), study.description);
    if (!uid.empty() && study.uid != uid) continue;
    chosen = &study;
    ++matches;
  }
  if (matches == 1) return *chosen;
  if (matches == 0) base::Throw(ErrorKind::kUsage, fmt::format("{} holds no study {}; it holds{}", folder, uid, list));
  base::Throw(
      ErrorKind::kRefused,
      fmt::format("{} holds {} studies of {} patient{}; name the folder of one, or choose it with --study-uid UID:{}",
                  folder, index.studies.size(), patients.size(),
                  patients.size() == 1 ? "" : "s: mixed patients are never put together", list),
      patients.size() == 1 ? "several_studies" : "several_patients");
}

std::string CaseIdOf(const Study& study, const std::string& key) { return dicom::CasePseudonym(study, key); }

std::string PatientPseudonym(const Study& study, const std::string& key) {
  return dicom::PatientPseudonym(study.patient, study.uid, key);
}

}  // namespace parotis::intake
