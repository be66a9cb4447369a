#include "diagnose/diagnose.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.h"
#include "diagnose/fusion.h"
#include "diagnose/lesions.h"
#include "diagnose/midline.h"
#include "diagnose/patient_rule.h"

namespace parotis::diagnose {
namespace {

// Nearer to the midline than this no side is claimed.
constexpr double kMidlineMargin_mm = 10;
constexpr const char* kSideUnknown = "side_unknown";

void CheckInput(const dataset::Prediction& prediction, const dataset::Case& examination,
                const plan::DiagnosisPlan& rule) {
  const std::string& id = examination.id;
  if (prediction.label_names.size() < 2 || prediction.probabilities.size() != prediction.label_names.size()) {
    base::Throw(
        base::ErrorKind::kInput,
        fmt::format("the prediction of case {} has {} labels and {} probability maps; it needs one map per label, "
                    "the background and at least one class",
                    id, prediction.label_names.size(), prediction.probabilities.size()));
  }
  for (const image::Volume& map : prediction.probabilities) {
    if (image::SameGrid(map.geometry, examination.grid)) continue;
    base::Throw(
        base::ErrorKind::kInput,
        fmt::format("the prediction of case {} does not lie on the case's grid; predict on the same images", id));
  }
  if (!(rule.temperature > 0)) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("diagnosis.temperature is {}; it must be above 0", rule.temperature));
  }
  if (const std::string fault = FaultOfAdcUnit(examination); !fault.empty())
    base::Throw(base::ErrorKind::kInput, fault);
}

std::pair<double, double> HeightsOf(const Region& region, const image::Geometry& grid) {
  double low = INFINITY;
  double high = -INFINITY;
  for (const std::size_t v : region.voxels) {
    const double z = WorldOfVoxel(grid, v)[2];
    low = std::min(low, z);
    high = std::max(high, z);
  }
  return {low, high};
}

// World x grows towards the patient's left (LPS).
dataset::Side SideOf(double x_world, double midline_x_world) {
  if (std::abs(x_world - midline_x_world) < kMidlineMargin_mm) return dataset::Side::kUnknown;
  return x_world > midline_x_world ? dataset::Side::kLeft : dataset::Side::kRight;
}

// False when the body's outline does not say where the midline is.
bool SetSide(dataset::Lesion& lesion, const Region& region, const MidlineFinder& midline_finder,
             const image::Geometry& grid) {
  const auto [low, high] = HeightsOf(region, grid);
  const auto midline = midline_finder.At(low, high);
  if (midline) lesion.side = SideOf(lesion.centre_world[0], *midline);
  return midline.has_value();
}

void AddLesions(Result& result, const Regions& regions, const dataset::Case& examination) {
  const MidlineFinder midline_finder(examination);
  bool midline_missing = false;
  for (const Region& region : regions.kept) {
    dataset::Lesion lesion = Measure(region, examination);
    lesion.id = static_cast<int>(result.diagnosis.lesions.size()) + 1;
    midline_missing |= !SetSide(lesion, region, midline_finder, examination.grid);
    for (const std::size_t v : region.voxels) result.lesion_map.voxels[v] = static_cast<std::uint8_t>(lesion.id);
    result.diagnosis.lesions.push_back(std::move(lesion));
  }
  if (midline_missing) {
    result.diagnosis.flags.push_back(
        {kSideUnknown,
         "The body's outline does not show where the midline is, so the side of a lesion is not stated."});
  }
}

void PaintClasses(Result& result, const Regions& regions) {
  for (std::size_t i = 0; i < regions.kept.size(); ++i) {
    const auto label = LikeliestClass(result.diagnosis.lesions[i].class_probabilities) + 1;
    for (const std::size_t v : regions.kept[i].voxels) result.segmentation.voxels[v] = static_cast<std::uint8_t>(label);
  }
}

void FlagWhatIsBeyondTheLimit(dataset::Diagnosis& diagnosis, const Regions& regions) {
  if (regions.beyond_limit == 0) return;
  diagnosis.flags.push_back({"too_many_lesions", fmt::format("{} further regions were found and left out; this many is "
                                                             "a sign of a failed segmentation.",
                                                             regions.beyond_limit)});
}

std::string ReasonForNoTumour(const Regions& regions, const plan::DiagnosisPlan& rule) {
  if (regions.too_small + regions.too_faint == 0) {
    return fmt::format("No voxel reaches the tumour threshold of {:.2f}; the highest tumour probability is {:.2f}.",
                       rule.voxel_threshold, regions.highest_score);
  }
  return fmt::format(
      "No region was kept: {} smaller than {:.2g} ml, {} with no voxel of tumour probability {:.2f} or more.",
      regions.too_small, rule.min_volume_ml, regions.too_faint, rule.min_peak_probability);
}

}  // namespace

Result Diagnose(const dataset::Prediction& prediction, const dataset::Case& examination,
                const plan::DiagnosisPlan& rule) {
  CheckInput(prediction, examination, rule);
  Result result{{}, image::LabelVolume(examination.grid), image::LabelVolume(examination.grid)};
  dataset::Diagnosis& diagnosis = result.diagnosis;
  diagnosis.case_id = examination.id;
  diagnosis.bundle_hash = prediction.bundle_hash;
  diagnosis.patient_head = prediction.patient_probabilities;
  diagnosis.covariates = examination.covariates;
  diagnosis.classes.assign(prediction.label_names.begin() + 1, prediction.label_names.end());
  const Regions regions = FindRegions(prediction, rule);
  if (regions.kept.empty()) {
    diagnosis.verdict = dataset::Verdict::kNoTumour;
    diagnosis.reason = ReasonForNoTumour(regions, rule);
    return result;
  }
  AddLesions(result, regions, examination);
  Decide(diagnosis, rule);
  PaintClasses(result, regions);
  FlagWhatIsBeyondTheLimit(diagnosis, regions);
  return result;
}

void DecideAgain(dataset::Diagnosis& diagnosis, image::LabelVolume& lesion_map, const plan::DiagnosisPlan& rule) {
  std::map<int, std::uint8_t> new_ids;  // before anything is said: the reason names lesions
  for (dataset::Lesion& lesion : diagnosis.lesions) {
    if (!IsKept(lesion.volume_ml, lesion.peak_score, rule)) continue;
    const auto id = static_cast<std::uint8_t>(new_ids.size() + 1);
    new_ids[lesion.id] = id;
    lesion.id = id;
  }
  Decide(diagnosis, rule);
  for (std::uint8_t& voxel : lesion_map.voxels) {
    const auto kept = new_ids.find(voxel);
    voxel = kept == new_ids.end() ? std::uint8_t{0} : kept->second;
  }
  const bool all_sides_known =
      std::none_of(diagnosis.lesions.begin(), diagnosis.lesions.end(),
                   [](const dataset::Lesion& lesion) { return lesion.side == dataset::Side::kUnknown; });
  if (all_sides_known)
    std::erase_if(diagnosis.flags, [](const dataset::QualityFlag& flag) { return flag.code == kSideUnknown; });
}

std::vector<dataset::Lesion> MeasureLesions(const image::LabelVolume& lesion_map, const dataset::Case& examination,
                                            const image::Volume& tumour_probability) {
  std::vector<Region> regions;
  for (std::size_t v = 0; v < lesion_map.voxels.size(); ++v) {
    const std::size_t id = lesion_map.voxels[v];
    if (id == 0) continue;
    if (id > regions.size()) regions.resize(id);
    Region& region = regions[id - 1];
    region.voxels.push_back(v);
    const double score = tumour_probability.voxels[v];
    region.mean_score += score;
    region.peak_score = std::max(region.peak_score, score);
  }
  const MidlineFinder midline_finder(examination);
  std::vector<dataset::Lesion> lesions;
  for (Region& region : regions) {
    if (region.voxels.empty()) base::Throw(base::ErrorKind::kInternal, "a lesion of a map has no voxel");
    region.volume_ml = static_cast<double>(region.voxels.size()) * examination.grid.voxel_volume_mm3() / 1000;
    region.mean_score /= static_cast<double>(region.voxels.size());
    dataset::Lesion& lesion = lesions.emplace_back(Measure(region, examination));
    lesion.id = static_cast<int>(lesions.size());
    SetSide(lesion, region, midline_finder, examination.grid);
  }
  return lesions;
}

}  // namespace parotis::diagnose
