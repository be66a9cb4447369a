#include "intake/roles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "base/error.h"
#include "dataset/case.h"
#include "intake/diffusion_set.h"

namespace parotis::intake {
namespace {

using dicom::Series;
using dicom::SeriesVolume;
using dicom::Study;

constexpr int kFewSlices = 5;  // fewer are no examination of a region

// One candidate for a role: a series, or several that hold one b-value each.
struct Candidate {
  std::vector<VolumeReference> volumes;
  double score = 0;
  std::string why;  // the parts of the score that decide, for the reason
};

class Assignment {
 public:
  Assignment(const Study& study, const std::vector<Pin>& pins) : study_(study) {
    for (const Series& series : study.series) classified_.push_back(Classify(series));
    for (const Pin& pin : pins) Apply(pin);
  }

  StudyRoles Run() {
    for (const Classification& each : classified_) roles_.series.push_back({each.role, {}, each.reason});
    ChooseDiffusion();
    roles_.t2 = ChooseOne(Role::kT2);
    roles_.t1c = ChooseOne(Role::kT1c);
    roles_.adc = ChooseOne(Role::kAdc);
    NameChannels();
    return std::move(roles_);
  }

 private:
  const Series& SeriesOf(const VolumeReference& reference) const { return study_.series[reference.series]; }
  const SeriesVolume& VolumeOf(const VolumeReference& reference) const {
    return SeriesOf(reference).volumes[reference.volume];
  }

  std::size_t Find(const Pin& pin) const {
    for (std::size_t s = 0; s < study_.series.size(); ++s) {
      const Series& series = study_.series[s];
      if (series.uid == pin.series || (series.number && std::to_string(*series.number) == pin.series)) return s;
    }
    base::Throw(base::ErrorKind::kUsage,
                fmt::format("--pin {}={}: the study has no such series; `parotis inspect` lists them", NameOf(pin.role),
                            pin.series));
  }

  // A pinned role is taken away from all other series.
  void Apply(const Pin& pin) {
    for (Classification& each : classified_) {
      if (each.role != pin.role || each.reason.starts_with("pinned")) continue;
      each.usable = false;
      each.reason += fmt::format("; not used: --pin {}={}", NameOf(pin.role), pin.series);
    }
    if (pin.series == "none") return;
    const std::size_t s = Find(pin);
    classified_[s] = ClassifyAs(study_.series[s], pin.role);
    if (!classified_[s].usable) {
      base::Throw(base::ErrorKind::kUsage, fmt::format("--pin {}={}: {} is {}", NameOf(pin.role), pin.series,
                                                       NameOf(study_.series[s]), classified_[s].reason));
    }
    roles_.notes.push_back(
        fmt::format("{} is used as {} because it is pinned", NameOf(study_.series[s]), NameOf(pin.role)));
  }

  double PlaneScore(const SeriesVolume& volume) const {
    if (volume.plane == dicom::SlicePlane::kAxial) return 100;
    return volume.plane == dicom::SlicePlane::kCoronal ? 10 : 0;
  }

  Candidate Score(std::vector<VolumeReference> volumes, Role role) const {
    const Series& series = SeriesOf(volumes.front());
    const SeriesVolume& volume = VolumeOf(volumes.front());
    Candidate candidate{std::move(volumes), PlaneScore(volume), dicom::NameOf(volume.plane)};
    const auto& size = volume.geometry.size;
    if (size[2] >= 10) candidate.score += 20;
    if (size[2] < kFewSlices) candidate.score -= 200;
    if (!series.image_type.empty() && series.image_type.front() == "ORIGINAL") candidate.score += 10;
    const bool suppressed = classified_[candidate.volumes.front().series].fat_suppressed;
    if (role == Role::kT2 && !suppressed) candidate.score += 15;
    if (role == Role::kT1c && suppressed) candidate.score += 15;
    if (SharesFrame(series)) candidate.score += 40;
    // Finer pixels, up to 5 points between 2 mm and none.
    candidate.score += std::clamp(5 * (1 - volume.geometry.spacing_mm[0] / 2), 0.0, 5.0);
    return candidate;
  }

  // With the diffusion images, which are chosen first; without them, with anything.
  bool SharesFrame(const Series& series) const {
    if (roles_.diffusion.empty()) return true;
    return series.frame_of_reference_uid == SeriesOf(roles_.diffusion.front()).frame_of_reference_uid;
  }

  // Orders candidates best first: score, then acquired last.
  bool Better(const Candidate& a, const Candidate& b) const {
    if (std::abs(a.score - b.score) > 1e-9) return a.score > b.score;
    const auto when = [&](const Candidate& c) {
      const Series& series = SeriesOf(c.volumes.front());
      return std::make_tuple(series.number.value_or(-1), series.acquisition_time, series.uid);
    };
    return when(a) > when(b);
  }

  const Candidate* Best(std::vector<Candidate>& candidates, Role role) {
    if (candidates.empty()) return nullptr;
    std::sort(candidates.begin(), candidates.end(),
              [&](const Candidate& a, const Candidate& b) { return Better(a, b); });
    const Candidate& best = candidates.front();
    for (std::size_t c = 1; c < candidates.size(); ++c) {
      const Series& loser = SeriesOf(candidates[c].volumes.front());
      const bool tie = std::abs(candidates[c].score - best.score) <= 1e-9;
      if (tie) {
        roles_.notes.push_back(fmt::format(
            "{} and {} serve equally well as {}: the one acquired last is used; --pin {}=… decides otherwise",
            NameOf(SeriesOf(best.volumes.front())), NameOf(loser), NameOf(role), NameOf(role)));
      }
      for (const VolumeReference& each : candidates[c].volumes) {
        why_unused_[each.series] = fmt::format("{} {}", NameOf(SeriesOf(best.volumes.front())),
                                               tie ? "was acquired later" : WhyPreferred(best, candidates[c], role));
      }
    }
    return &best;
  }

  std::string WhyPreferred(const Candidate& best, const Candidate& other, Role role) const {
    if (best.why != other.why) return fmt::format("is {}, this one {}", best.why, other.why);
    const Series& chosen = SeriesOf(best.volumes.front());
    const Series& left = SeriesOf(other.volumes.front());
    if (SharesFrame(chosen) && !SharesFrame(left)) return "shares the diffusion images' frame of reference";
    if (role != Role::kDwi && classified_[best.volumes.front().series].fat_suppressed !=
                                  classified_[other.volumes.front().series].fat_suppressed) {
      return role == Role::kT1c ? "is fat-suppressed" : "is not fat-suppressed";
    }
    return "is preferred (b-values, slices, resolution)";
  }

  std::optional<VolumeReference> ChooseOne(Role role) {
    std::vector<Candidate> candidates;
    for (std::size_t s = 0; s < classified_.size(); ++s) {
      const Classification& each = classified_[s];
      if (each.role == role && each.usable) candidates.push_back(Score({{s, each.volumes.front()}}, role));
    }
    if (role == Role::kAdc) {
      for (Candidate& candidate : candidates) candidate.score += AdcAffinity(candidate.volumes.front());
    }
    const Candidate* best = Best(candidates, role);
    return best == nullptr ? std::nullopt : std::make_optional(best->volumes.front());
  }

  // A map belongs to the diffusion series on whose grid it lies and after which it was made.
  double AdcAffinity(const VolumeReference& map) const {
    if (roles_.diffusion.empty()) return 0;
    const VolumeReference& source = roles_.diffusion.front();
    double score = image::SameGrid(VolumeOf(map).geometry, VolumeOf(source).geometry) ? 30 : 0;
    const auto& map_number = SeriesOf(map).number;
    const auto& source_number = SeriesOf(source).number;
    if (map_number && source_number) score -= std::min(9, std::abs(*map_number - *source_number));
    return score;
  }

  void ChooseDiffusion() {
    std::vector<Candidate> candidates;
    std::vector<std::size_t> single;  // series with one b-value, which others may complete
    for (std::size_t s = 0; s < classified_.size(); ++s) {
      const Classification& each = classified_[s];
      if (each.role != Role::kDwi || !each.usable) continue;
      std::vector<VolumeReference> volumes;
      for (const std::size_t v : each.volumes) {
        if (image::SameGrid(study_.series[s].volumes[v].geometry,
                            study_.series[s].volumes[each.volumes.front()].geometry))
          volumes.push_back({s, v});
      }
      if (DistinctBValues(study_, volumes).size() < 2) single.push_back(s);
      candidates.push_back(ScoreDiffusion(std::move(volumes)));
    }
    AddCompletedSets(single, candidates);
    if (const Candidate* best = Best(candidates, Role::kDwi)) {
      roles_.diffusion = best->volumes;
      std::stable_sort(roles_.diffusion.begin(), roles_.diffusion.end(),
                       [&](const VolumeReference& a, const VolumeReference& b) {
                         return VolumeOf(a).b_value_s_mm2.value_or(0) < VolumeOf(b).b_value_s_mm2.value_or(0);
                       });
    }
  }

  Candidate ScoreDiffusion(std::vector<VolumeReference> volumes) const {
    const std::vector<double> b_values = DistinctBValues(study_, volumes);
    Candidate candidate = Score(std::move(volumes), Role::kDwi);
    if (b_values.size() >= 2) candidate.score += 200;
    if (b_values.front() <= kHighestB0_s_mm2) candidate.score += 10;
    if (b_values.back() >= 500 && b_values.back() <= 1500) candidate.score += 20;
    return candidate;
  }

  // Some scanners write every b-value into a series of its own: those on one grid, with one echo time, belong together.
  void AddCompletedSets(const std::vector<std::size_t>& single, std::vector<Candidate>& candidates) const {
    std::vector<bool> taken(single.size(), false);
    for (std::size_t a = 0; a < single.size(); ++a) {
      if (taken[a]) continue;
      const SeriesVolume& first = study_.series[single[a]].volumes[classified_[single[a]].volumes.front()];
      std::vector<VolumeReference> together;
      for (std::size_t b = a; b < single.size(); ++b) {
        const Series& series = study_.series[single[b]];
        const SeriesVolume& other = series.volumes[classified_[single[b]].volumes.front()];
        const bool fits = image::SameGrid(first.geometry, other.geometry) && first.echo_time_ms == other.echo_time_ms &&
                          series.frame_of_reference_uid == study_.series[single[a]].frame_of_reference_uid;
        if (!fits) continue;
        taken[b] = true;
        for (const std::size_t v : classified_[single[b]].volumes) together.push_back({single[b], v});
      }
      if (DistinctBValues(study_, together).size() >= 2) candidates.push_back(ScoreDiffusion(std::move(together)));
    }
  }

  void Feed(const VolumeReference& source, const std::string& channel) {
    auto& channels = roles_.series[source.series].channels;
    if (std::find(channels.begin(), channels.end(), channel) == channels.end()) channels.push_back(channel);
  }

  void NameChannels() {
    if (roles_.t2) Feed(*roles_.t2, dataset::kT2);
    if (roles_.t1c) Feed(*roles_.t1c, dataset::kT1c);
    const std::vector<double> b_values = DistinctBValues(study_, roles_.diffusion);
    for (const std::string& channel : DiffusionChannels(b_values)) {
      if (channel == dataset::kAdc && roles_.adc) continue;
      for (const VolumeReference& each : roles_.diffusion) Feed(each, channel);
    }
    if (roles_.adc) Feed(*roles_.adc, dataset::kAdc);
    for (const auto& [s, why] : why_unused_) {
      if (roles_.series[s].channels.empty()) roles_.series[s].reason += "; not used: " + why;
    }
  }

  const Study& study_;
  std::vector<Classification> classified_;
  std::map<std::size_t, std::string> why_unused_;  // by series; said of those that end up feeding nothing
  StudyRoles roles_;
};

}  // namespace

Pin ParsePin(const std::string& text) {
  const auto equals = text.find('=');
  const auto role = RoleNamed(text.substr(0, equals));
  if (equals == std::string::npos || !role || *role == Role::kOther || *role == Role::kT1 ||
      equals + 1 == text.size()) {
    base::Throw(
        base::ErrorKind::kUsage,
        fmt::format("--pin {}: give ROLE=SERIES with ROLE one of t2, t1c, dwi, adc and SERIES a number, a UID or none",
                    text));
  }
  return {*role, text.substr(equals + 1)};
}

StudyRoles AssignRoles(const Study& study, const std::vector<Pin>& pins) { return Assignment(study, pins).Run(); }

std::vector<std::string> AvailableChannels(const StudyRoles& roles) {
  std::vector<std::string> available;
  for (const char* channel : {dataset::kT2, dataset::kT1c, dataset::kB0, dataset::kB1000, dataset::kAdc}) {
    const bool fed = std::any_of(roles.series.begin(), roles.series.end(), [&](const SeriesRole& role) {
      return std::find(role.channels.begin(), role.channels.end(), channel) != role.channels.end();
    });
    if (fed) available.emplace_back(channel);
  }
  return available;
}

}  // namespace parotis::intake
