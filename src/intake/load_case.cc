#include "intake/load_case.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/conditions.h"
#include "base/error.h"
#include "dicom/pixels.h"
#include "image/resample.h"
#include "intake/decay_maps.h"
#include "intake/diffusion_channels.h"
#include "intake/dynamic_maps.h"
#include "intake/extent.h"
#include "intake/fitted_maps.h"
#include "intake/select_study.h"
#include "privacy/face.h"
#include "privacy/pixel_text.h"

namespace parotis::intake {
namespace {

using base::ErrorKind;
using base::Json;
using dicom::Series;
using dicom::Study;

constexpr double kFullCoverage = 0.7;  // of the reference grid; less is flagged

bool Holds(const std::vector<std::string>& channels, const std::string& channel) {
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
    if (options_.alignment.wanted()) StartAlignment();
    for (const std::string& channel : channels) {
      base::WithContext("channel " + channel, [&] { AddChannel(channel); });
    }
    AddPossibleChannels();
    if (diffusion_ && diffusion_->quality)
      result_.provenance["diffusion_quality"] = QualityAsJson(*diffusion_->quality);
    FlagAlignment();
    if (options_.look_for_identity) LookForFace();
    result_.provenance["flags"] = flags_;
    AddShownChannels();
    if (aligner_) result_.provenance["alignment"] = aligner_->provenance();
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
    if (roles_.adc || roles_.t1c) return roles_.adc ? roles_.adc : roles_.t1c;
    return roles_.dynamic.frames.empty() ? std::nullopt : std::make_optional(roles_.dynamic.frames.front());
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
      if (Holds(available, channel)) continue;
      RefuseContradiction(roles_, channel);
      RefuseTooLittle(study_, roles_, channel);
      base::Throw(
          ErrorKind::kInput,
          fmt::format(
              "no series of the study serves channel {} (available: {}); look at `parotis inspect`, and use --pin "
              "ROLE=SERIES if one should",
              channel, available.empty() ? "none" : fmt::format("{}", fmt::join(available, ", "))));
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
    result_.covariates = dataset::CovariatesOfDicom(study_.patient.age, study_.patient.sex);
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

  void StartAlignment() {
    const std::string acquisition = roles_.t2                                             ? dataset::kT2
                                    : !roles_.diffusion.empty() || roles_.adc.has_value() ? AcquisitionOf(dataset::kAdc)
                                    : roles_.t1c                                          ? dataset::kT1c
                                                 : AcquisitionOf(dataset::kWashIn);
    aligner_.emplace(options_.alignment, dicom::LoadVolume(SeriesOf(*reference_), reference_->volume), acquisition);
  }

  void FlagAlignment() {
    if (!aligner_) return;
    for (const base::Finding& finding : aligner_->findings()) Flag(finding.code, finding.message);
  }

  const DiffusionImages& Diffusion() {
    if (!diffusion_) diffusion_ = LoadDiffusion(study_, roles_, !options_.alignment.wanted());
    return *diffusion_;
  }

  const FittedDecay& Decay() {
    if (!decay_) decay_ = FitDecay(Diffusion());
    return *decay_;
  }

  const DynamicImages& Dynamic() {
    if (!dynamic_) dynamic_ = LoadDynamic(study_, roles_.dynamic);
    return *dynamic_;
  }

  // What of the acquisition that `map` was made from shows text and moves: the image of lowest b-value, the mean frame.
  const image::Volume& Seen(const std::string& channel, const image::Volume& map) {
    if (RoleOf(channel) == Role::kDce) return Dynamic().mean;
    return IsFittedMap(channel) ? Diffusion().trace_weighted.front().volume : map;
  }

  void LookForText(const image::Volume& acquired, const Series& series) {
    const std::vector<privacy::TextLine> lines = privacy::FindText(acquired);
    if (lines.empty()) return;
    Flag("text_in_pixels", fmt::format("what looks like text is in the pixels of {}: {}", NameOf(series),
                                       privacy::Describe(lines.front())));
  }

  // The most that any channel shows; the values of maps mean nothing in air.
  void LookForFace() {
    privacy::Face best;
    for (std::size_t c = 0; c < result_.channels.size(); ++c) {
      if (dataset::IsQuantity(result_.channel_names[c])) continue;
      privacy::Face face = privacy::FindFace(result_.channels[c]).face;
      if (face.recognisable() > best.recognisable() ||
          (face.recognisable() == best.recognisable() && face.area_cm2 > best.area_cm2))
        best = face;
    }
    result_.provenance["face"] = {{"recognisable", best.recognisable()}, {"seen", privacy::Describe(best)}};
    if (best.recognisable()) Flag("face_recognisable", "a face can be recognised: " + privacy::Describe(best));
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
    const bool diffusion = acquisition == AcquisitionOf(dataset::kAdc) && !Diffusion().trace_weighted.empty();
    image::Warp warp = aligner_->WarpOf(
        acquisition, diffusion ? Diffusion().trace_weighted.front().volume : Seen(channel, volume), PhaseAxis());
    warp.keeps_signal = !dataset::IsQuantity(channel);
    return warp;
  }

  // Puts `volume`, made of `series`, on the case's grid.
  void Add(const std::string& channel, image::Volume volume, const Series& series, Json entry) {
    CheckFrame(channel, series);
    for (const base::Finding& finding : series.findings) {
      if (!finding.refuses()) Flag(finding.code, NameOf(series) + ": " + finding.message);
    }
    if (options_.look_for_identity) LookForText(Seen(channel, volume), series);
    const image::Warp warp = WarpOf(channel, volume);
    const bool same_grid = warp.identity() && image::SameGrid(volume.geometry, result_.grid);
    if (!same_grid) {
      const double coverage = CoverageOf(result_.grid, volume.geometry);
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

  MadeChannel Make(const std::string& channel) {
    if (RoleOf(channel) == Role::kDce) return MakeDynamicMap(channel, roles_.dynamic, Dynamic());
    if (IsFittedMap(channel)) return MakeDecayMap(channel, roles_, Decay());
    return MakeDiffusionChannel(channel, study_, roles_, Diffusion());
  }

  void AddChannel(const std::string& channel) {
    if (channel == dataset::kT2 || channel == dataset::kT1c) {
      const VolumeReference& source = channel == dataset::kT2 ? *roles_.t2 : *roles_.t1c;
      const Series& series = SeriesOf(source);
      Json entry = Source(series);
      entry["how"] = roles_.series[source.series].reason;
      Add(channel, dicom::LoadVolume(series, source.volume), series, std::move(entry));
      return;
    }
    MadeChannel made = Make(channel);
    const Series& series = study_.series[made.series];
    Json entry = Source(series);
    entry["how"] = made.how;
    entry["derived"] = made.derived;
    entry["b_values_s_mm2"] = made.b_values_s_mm2;
    if (!made.fit.is_null()) entry["fit"] = made.fit;
    for (const auto& [code, message] : made.flags) Flag(code, message);
    Add(channel, std::move(made.volume), series, std::move(entry));
  }

  // What hinders one of them is a flag of the case.
  void AddPossibleChannels() {
    const std::vector<std::string> available = AvailableChannels(roles_);
    for (const std::string& channel : options_.if_possible) {
      if (!Holds(available, channel) || Holds(result_.channel_names, channel)) continue;
      try {
        AddChannel(channel);
      } catch (const base::Error& error) {
        if (error.code().empty()) throw;
        Flag(error.code(), fmt::format("channel {} was not made: {}", channel, error.message()));
      }
    }
  }

  // Nothing is decided by these, so that nothing about them is a flag of the case: it becomes a note.
  void AddShownChannels() {
    const std::vector<std::string> available = AvailableChannels(roles_);
    for (const std::string& channel : options_.shown) {
      if (!Holds(available, channel) || Holds(result_.channel_names, channel)) continue;
      flags_ = Json::array();
      try {
        AddChannel(channel);
        result_.provenance["channels"][channel]["use"] = "shown only";
        FlagAlignment();
        for (const Json& flag : flags_)
          Note(fmt::format("channel {}: {}", channel, flag["message"].get<std::string>()));
      } catch (const base::Error& error) {
        Note(fmt::format("channel {} is not shown: {}", channel, error.what()));
      }
    }
  }

  void Note(const std::string& sentence) {
    Json& notes = result_.provenance["notes"];
    if (std::find(notes.begin(), notes.end(), Json(sentence)) == notes.end()) notes.push_back(sentence);
  }

  const Study& study_;
  const LoadOptions& options_;
  StudyRoles roles_;
  std::optional<VolumeReference> reference_;
  dataset::Case result_;
  Json flags_ = Json::array();
  std::optional<CaseAligner> aligner_;
  std::optional<DiffusionImages> diffusion_;  // these, once a channel needed them
  std::optional<FittedDecay> decay_;
  std::optional<DynamicImages> dynamic_;
};

}  // namespace

dataset::Case LoadCase(const Study& study, const std::vector<std::string>& channels, const LoadOptions& options) {
  return CaseLoader(study, options).Load(channels);
}

}  // namespace parotis::intake
