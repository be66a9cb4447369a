#include "intake/candidates.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "intake/acquisition_times.h"
#include "intake/diffusion_set.h"
#include "intake/dixon.h"
#include "intake/dynamic_sets.h"
#include "intake/extent.h"
#include "intake/repetitions.h"
#include "intake/vocabulary.h"
#include "intake/words.h"

namespace parotis::intake {
namespace {

using dicom::Series;
using dicom::SeriesVolume;
using dicom::Study;

constexpr int kFewSlices = 5;  // fewer are no examination of a region
constexpr int kEnoughSlices = 10;
// Both glands and what lies between them: the parotid is about 55 × 35 × 25 mm and lies 45 … 60 mm from the midline.
constexpr image::Vector3 kBothGlands_mm = {120, 80, 50};  // L, P, S

// The whole slab of slices; a few are a sample of it.
Term SlicesTerm(const SeriesVolume& volume) {
  const std::int64_t slices = volume.geometry.size[2];
  const double points = slices < kFewSlices ? -30 : slices >= kEnoughSlices ? 8 : 4;
  return {"slices", fmt::format("{} slices", slices), points};
}

Term ExtentTerm(const SeriesVolume& volume) {
  const image::BoundingBox extent = image::BoundingBoxOf(volume.geometry);
  double share = 1;
  for (std::size_t axis = 0; axis < 3; ++axis) share *= std::min(1.0, extent.length_mm(axis) / kBothGlands_mm[axis]);
  return {"extent",
          fmt::format("{:.0f} × {:.0f} × {:.0f} mm of the patient", extent.length_mm(0), extent.length_mm(1),
                      extent.length_mm(2)),
          10 * share};
}

// Finer pixels, up to 3 points between 2 mm and none; slices thicker than 6 mm hide half a gland.
Term ResolutionTerm(const SeriesVolume& volume) {
  const auto& spacing = volume.geometry.spacing_mm;
  const double pixel_mm = std::max(spacing[0], spacing[1]);
  const double thick = std::max({spacing[0], spacing[1], spacing[2]}) > 6 ? -4 : 0;
  return {"resolution", fmt::format("{:.2g} × {:.2g} × {:.2g} mm", spacing[0], spacing[1], spacing[2]),
          std::clamp(3 * (1 - pixel_mm / 2), 0.0, 3.0) + thick};
}

bool HasType(const std::vector<std::string>& type, const char* wanted) {
  return std::find(type.begin(), type.end(), wanted) != type.end();
}

void AddProcessingTerms(const SeriesVolume& volume, std::vector<Term>& terms) {
  const auto& type = volume.image_type;
  const bool original = !type.empty() && type.front() == "ORIGINAL";
  const bool reformatted = HasType(type, "MPR") || HasType(type, "REFORMATTED") || HasType(type, "MPR_CUSTOM");
  if (original && !reformatted) terms.push_back({"image", "as acquired", 6});
  if (reformatted) terms.push_back({"image", "reformatted from another series", -6});
  if (HasType(type, "DIS2D") || HasType(type, "DIS3D")) terms.push_back({"distortion", "corrected", 2});
  if (HasType(type, "NORM")) terms.push_back({"intensity", "corrected for the coil's sensitivity", 1});
}

void AddRegionTerm(const Series& series, std::vector<Term>& terms) {
  const Words words({series.description});
  const bool neck = NamesNeck(words);
  const bool other = NamesAnotherRegion(words);
  if (neck && !other) terms.push_back({"region", "names the neck or its glands", 2});
  if (other && !neck) terms.push_back({"region", "names another part of the body", -25});
}

void AddFatTerm(const Candidate& candidate, const Series& series, const SeriesVolume& volume,
                std::vector<Term>& terms) {
  if (candidate.role == Role::kDwi || candidate.role == Role::kAdc || candidate.role == Role::kDce) return;
  const bool wanted = candidate.role == Role::kT1c;
  terms.push_back({"fat suppression", candidate.fat_suppressed ? "fat-suppressed" : "not fat-suppressed",
                   candidate.fat_suppressed == wanted ? 6.0 : 0.0});
  if (DixonPartOf(series, volume) == DixonPart::kOpposedPhase)
    terms.push_back({"Dixon", "an opposed-phase image: its borders are black", -20});
}

// What Classify found for the role, at most 3 points for each thing: what is certain beats what is said.
void AddEvidenceTerms(const Classification& classification, std::vector<Term>& terms) {
  double weighting = 0;
  double contrast = 0;
  for (const Term& term : classification.evidence) (term.about == "weighting" ? weighting : contrast) += term.points;
  if (weighting > 0)
    terms.push_back({"weighting", weighting >= 6 ? "by its timing" : "at the edge of its timing or by words",
                     weighting >= 6 ? 3.0 : 1.0});
  if (contrast > 0)
    terms.push_back({"contrast agent", contrast >= 7 ? "by more than one sign" : "by one sign",
                     contrast >= 7   ? 3.0
                     : contrast >= 4 ? 2.0
                                     : 1.0});
}

void AddDiffusionTerms(const Study& study, const Candidate& candidate, std::vector<Term>& terms) {
  const std::vector<double> b_values = DistinctBValues(study, candidate.volumes);
  if (b_values.size() >= 2) terms.push_back({"b-values", "two or more", 80});
  if (b_values.front() <= kHighestB0_s_mm2) terms.push_back({"b 0", "acquired", 4});
  if (b_values.back() >= 500 && b_values.back() <= 1500) terms.push_back({"highest b", "500 to 1500 s/mm²", 8});
  const bool b1000 = std::any_of(b_values.begin(), b_values.end(),
                                 [](double b) { return std::abs(b - 1000) <= kB1000Tolerance_s_mm2; });
  if (b1000) terms.push_back({"b 1000", "acquired", 3});
  const bool trace = std::any_of(candidate.volumes.begin(), candidate.volumes.end(), [&](const VolumeReference& each) {
    return study.series[each.series].volumes[each.volume].trace;
  });
  if (trace) terms.push_back({"trace", "averaged over directions by the scanner", 6});
}

void AddSiteTerm(const ClassifiedStudy& classified, std::size_t series, std::vector<Term>& terms) {
  const SeriesRule* rule = classified.rules[series];
  if (rule == nullptr) return;
  if (rule->role) terms.push_back({"site rule", fmt::format("\"{}\"", rule->name), 6});
  if (rule->prefer != 0) terms.push_back({"site rule", fmt::format("\"{}\"", rule->name), rule->prefer});
}

Candidate CandidateOf(const ClassifiedStudy& classified, Role role, std::vector<VolumeReference> volumes) {
  const std::size_t s = volumes.front().series;
  const Series& series = classified.study.series[s];
  const SeriesVolume& volume = series.volumes[volumes.front().volume];
  Candidate candidate{role, std::move(volumes), {}, classified.series[s].fat_suppressed};
  std::vector<Term>& terms = candidate.terms;
  if (role == Role::kAdc) {  // its diffusion images answer for the rest
    AddSiteTerm(classified, s, terms);
    return candidate;
  }
  terms.push_back(PlaneTerm(volume));
  terms.push_back(SlicesTerm(volume));
  terms.push_back(ExtentTerm(volume));
  terms.push_back(ResolutionTerm(volume));
  if (role != Role::kDwi) AddProcessingTerms(volume, terms);
  AddRegionTerm(series, terms);
  AddFatTerm(candidate, series, volume, terms);
  AddEvidenceTerms(classified.series[s], terms);
  if (role == Role::kDwi) AddDiffusionTerms(classified.study, candidate, terms);
  AddSiteTerm(classified, s, terms);
  return candidate;
}

// The volumes of a diffusion series that lie on one grid.
std::vector<VolumeReference> OnOneGrid(const ClassifiedStudy& classified, std::size_t s) {
  const Series& series = classified.study.series[s];
  const auto& volumes = classified.series[s].volumes;
  std::vector<VolumeReference> together;
  for (const std::size_t v : volumes) {
    if (image::SameGrid(series.volumes[v].geometry, series.volumes[volumes.front()].geometry))
      together.push_back({s, v});
  }
  return together;
}

bool FitTogether(const Study& study, const VolumeReference& a, const VolumeReference& b) {
  const Series& first = study.series[a.series];
  const Series& second = study.series[b.series];
  return image::SameGrid(first.volumes[a.volume].geometry, second.volumes[b.volume].geometry) &&
         first.volumes[a.volume].echo_time_ms == second.volumes[b.volume].echo_time_ms &&
         first.frame_of_reference_uid == second.frame_of_reference_uid;
}

// Some scanners write every b-value into a series of its own: those on one grid, with one echo time, belong together.
// Of several series of one b-value the later acquired is taken; `single` comes in that order.
void AddCompletedSets(const ClassifiedStudy& classified, const std::vector<std::vector<VolumeReference>>& single,
                      std::vector<Candidate>& candidates) {
  std::vector<bool> taken(single.size(), false);
  for (std::size_t a = 0; a < single.size(); ++a) {
    if (taken[a]) continue;
    std::vector<VolumeReference> together = single[a];
    for (std::size_t b = a + 1; b < single.size(); ++b) {
      if (!FitTogether(classified.study, single[a].front(), single[b].front())) continue;
      std::vector<VolumeReference> more = together;
      more.insert(more.end(), single[b].begin(), single[b].end());
      if (DistinctBValues(classified.study, more).size() == DistinctBValues(classified.study, together).size())
        continue;
      taken[b] = true;
      together = std::move(more);
    }
    if (DistinctBValues(classified.study, together).size() >= 2)
      candidates.push_back(CandidateOf(classified, Role::kDwi, std::move(together)));
  }
}

std::vector<std::size_t> LaterFirst(const Study& study) {
  std::vector<std::size_t> order(study.series.size());
  for (std::size_t s = 0; s < order.size(); ++s) order[s] = s;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return AcquiredLater(study, study.series[a], study.series[b]);
  });
  return order;
}

std::vector<Candidate> DynamicCandidates(const ClassifiedStudy& classified) {
  std::vector<Candidate> candidates;
  for (const DynamicSet& set : DynamicSetsOf(classified)) {
    Candidate candidate = CandidateOf(classified, Role::kDce, set.frames);
    candidate.terms.push_back({"frames", fmt::format("{} over {:.0f} s", set.frames.size(), set.times_s.back()),
                               std::min(8.0, set.times_s.back() / 40)});
    candidates.push_back(std::move(candidate));
  }
  const Study& study = classified.study;
  std::stable_sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
    return AcquiredLater(study, study.series[a.volumes.front().series], study.series[b.volumes.front().series]);
  });
  JudgeRepetitions(study, candidates);
  return candidates;
}

}  // namespace

bool AcquiredLater(const Study& study, const Series& a, const Series& b) {
  const auto when = [&](const Series& series) {
    const auto since_start_s = SecondsBetween(study.time, series.acquisition_time);
    return since_start_s ? *since_start_s : SecondsOfDay(series.acquisition_time).value_or(-1);
  };
  return std::make_tuple(when(a), a.number.value_or(-1), a.uid) >
         std::make_tuple(when(b), b.number.value_or(-1), b.uid);
}

Term PlaneTerm(const SeriesVolume& volume) {
  const double points = volume.plane == dicom::SlicePlane::kAxial     ? 40
                        : volume.plane == dicom::SlicePlane::kCoronal ? 4
                                                                      : 0;
  return {"plane", dicom::NameOf(volume.plane), points};
}

std::vector<Candidate> CandidatesFor(const ClassifiedStudy& classified, Role role) {
  if (role == Role::kDce) return DynamicCandidates(classified);
  std::vector<Candidate> candidates;
  std::vector<std::vector<VolumeReference>> single;
  for (const std::size_t s : LaterFirst(classified.study)) {
    const Classification& each = classified.series[s];
    if (each.role != role || !each.usable || each.volumes.empty()) continue;
    std::vector<VolumeReference> volumes = {{s, each.volumes.front()}};
    if (role == Role::kDwi) {
      volumes = OnOneGrid(classified, s);
      if (DistinctBValues(classified.study, volumes).size() < 2) single.push_back(volumes);
    }
    candidates.push_back(CandidateOf(classified, role, std::move(volumes)));
  }
  if (role == Role::kDwi) AddCompletedSets(classified, single, candidates);
  JudgeRepetitions(classified.study, candidates);
  return candidates;
}

}  // namespace parotis::intake
