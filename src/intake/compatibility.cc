#include "intake/compatibility.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "intake/acquisition_times.h"
#include "intake/diffusion_set.h"
#include "intake/extent.h"

namespace parotis::intake {
namespace {

using dicom::Series;
using dicom::Study;

constexpr double kImpossible = -1000;
constexpr double kSameAcquisition_s = 1;

const Series& SeriesOf(const Study& study, const Candidate& candidate) {
  return study.series[candidate.volumes.front().series];
}

const dicom::SeriesVolume& VolumeOf(const Study& study, const Candidate& candidate) {
  return SeriesOf(study, candidate).volumes[candidate.volumes.front().volume];
}

Term FrameTerm(const Series& a, const Series& b) {
  if (a.frame_of_reference_uid.empty() || b.frame_of_reference_uid.empty())
    return {"frame of reference", "one is not known", -4};
  if (a.frame_of_reference_uid == b.frame_of_reference_uid) return {"frame of reference", "the same", 0};
  return {"frame of reference", "another", -30};
}

// What is worth for every two series that end up on one grid.
std::vector<Term> Placement(const Study& study, const Candidate& a, const Candidate& b) {
  const auto& first = VolumeOf(study, a).geometry;
  const auto& second = VolumeOf(study, b).geometry;
  const double overlap = OverlapOf(image::BoundingBoxOf(first), image::BoundingBoxOf(second));
  std::vector<Term> terms = {FrameTerm(SeriesOf(study, a), SeriesOf(study, b)),
                             {"overlap", fmt::format("{:.0f} % of both", 100 * overlap), 10 * overlap}};
  if (SamePlane(first, second)) terms.push_back({"planes", "parallel", 4});
  return terms;
}

std::vector<Term> BeforeAndAfter(const Study& study, const Candidate& t1, const Candidate& t1c) {
  const Series& before = SeriesOf(study, t1);
  const Series& after = SeriesOf(study, t1c);
  std::vector<Term> terms = {FrameTerm(before, after)};
  if (SameStack(VolumeOf(study, t1).geometry, VolumeOf(study, t1c).geometry))
    terms.push_back({"pair", "on the same slices", 4});
  if (t1.fat_suppressed == t1c.fat_suppressed) terms.push_back({"pair", "suppressed alike", 1});
  const auto later_s = SecondsBetween(before.acquisition_time, after.acquisition_time);
  if (later_s && *later_s > 0) terms.push_back({"order", "without agent first", 2});
  if (later_s && *later_s < 0) terms.push_back({"order", "acquired before the one without agent", -10});
  return terms;
}

// The series that a map was made from, where that is certain: by the images it names, else by its acquisition time,
// which scanners copy.
std::set<std::size_t> CertainSources(const ClassifiedStudy& classified, const Candidate& map) {
  const Study& study = classified.study;
  const Series& own = SeriesOf(study, map);
  std::set<std::size_t> sources;
  for (std::size_t s = 0; s < study.series.size(); ++s) {
    if (classified.series[s].role != Role::kDwi) continue;
    const auto& files = study.series[s].files;
    const bool named = std::any_of(files.begin(), files.end(), [&](const dicom::FileReference& file) {
      return std::find(own.source_images.begin(), own.source_images.end(), file.sop_instance_uid) !=
             own.source_images.end();
    });
    if (named) sources.insert(s);
  }
  if (!sources.empty()) return sources;
  for (std::size_t s = 0; s < study.series.size(); ++s) {
    const Classification& each = classified.series[s];
    if (each.role != Role::kDwi || each.volumes.empty()) continue;
    const auto apart_s = SecondsBetween(study.series[s].acquisition_time, own.acquisition_time);
    const auto& geometry = study.series[s].volumes[each.volumes.front()].geometry;
    if (apart_s && std::abs(*apart_s) < kSameAcquisition_s && SameStack(geometry, VolumeOf(study, map).geometry))
      sources.insert(s);
  }
  return sources;
}

// Scanners number a map after the series it was made from.
Term NumberTerm(const Series& map, const Series& diffusion) {
  if (!map.number || !diffusion.number) return {};
  const int behind = *map.number - *diffusion.number;
  const double points = behind > 0 ? -std::min(3.0, 0.3 * behind) : -3.0;
  return {"number", fmt::format("{} after the diffusion images'", behind), points};
}

std::vector<Term> MapOf(const ClassifiedStudy& classified, const Candidate& map, const Candidate& diffusion) {
  const Study& study = classified.study;
  const Term of_another = {"ADC", "a map of another acquisition", -100};
  const std::set<std::size_t> sources = CertainSources(classified, map);
  if (!sources.empty()) {
    const bool of_these = std::any_of(diffusion.volumes.begin(), diffusion.volumes.end(),
                                      [&](const VolumeReference& each) { return sources.contains(each.series); });
    if (!of_these) return {of_another};
    return {{"ADC", "made from these diffusion images", 8}};
  }
  const Series& own = SeriesOf(study, map);
  const Series& images = SeriesOf(study, diffusion);
  if (!SameStack(VolumeOf(study, map).geometry, VolumeOf(study, diffusion).geometry)) return {of_another};
  if (FrameTerm(own, images).points < -10) return {of_another};
  const auto later_s = SecondsBetween(images.acquisition_time, own.acquisition_time);
  if (later_s && *later_s < -kSameAcquisition_s) return {of_another};
  return {{"ADC", "a map on the same slices", 4}, NumberTerm(own, images)};
}

std::vector<Term> WithDiffusion(const ClassifiedStudy& classified, const Candidate& diffusion, const Candidate& map) {
  const bool computable = !diffusion.nobody() && DistinctBValues(classified.study, diffusion.volumes).size() >= 2;
  if (map.nobody()) {
    if (computable) return {{"ADC", "computed from the diffusion images", 0}};
    return {{"ADC", "nobody", kImpossible}};
  }
  if (diffusion.nobody()) return {PlaneTerm(VolumeOf(classified.study, map))};
  std::vector<Term> terms = MapOf(classified, map, diffusion);
  if (!computable) terms.push_back(PlaneTerm(VolumeOf(classified.study, map)));
  return terms;
}

bool IsPair(Role a, Role b, Role wanted_a, Role wanted_b) {
  return (a == wanted_a && b == wanted_b) || (a == wanted_b && b == wanted_a);
}

}  // namespace

bool Matter(Role a, Role b) {
  return IsPair(a, b, Role::kT2, Role::kDwi) || IsPair(a, b, Role::kT1c, Role::kDwi) ||
         IsPair(a, b, Role::kT2, Role::kT1c) || IsPair(a, b, Role::kT1, Role::kT1c) ||
         IsPair(a, b, Role::kDwi, Role::kAdc) || IsPair(a, b, Role::kT2, Role::kDce);
}

std::vector<Term> TermsTogether(const ClassifiedStudy& classified, const Candidate& a, const Candidate& b) {
  if (!Matter(a.role, b.role)) return {};
  if (IsPair(a.role, b.role, Role::kDwi, Role::kAdc))
    return a.role == Role::kDwi ? WithDiffusion(classified, a, b) : WithDiffusion(classified, b, a);
  if (a.nobody() || b.nobody()) return {};
  if (IsPair(a.role, b.role, Role::kT1, Role::kT1c))
    return a.role == Role::kT1 ? BeforeAndAfter(classified.study, a, b) : BeforeAndAfter(classified.study, b, a);
  return Placement(classified.study, a, b);
}

}  // namespace parotis::intake
