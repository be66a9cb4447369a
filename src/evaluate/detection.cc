#include "evaluate/detection.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "image/components.h"

namespace parotis::evaluate {
namespace {

struct Pair {
  double iou;
  std::int32_t reference;
  std::int32_t prediction;
};

std::vector<Pair> OverlappingPairs(const image::Components& reference, const image::Components& prediction) {
  std::map<std::pair<std::int32_t, std::int32_t>, std::int64_t> shared;
  for (std::size_t v = 0; v < reference.ids.voxels.size(); ++v) {
    const std::int32_t r = reference.ids.voxels[v];
    const std::int32_t p = prediction.ids.voxels[v];
    if (r > 0 && p > 0) ++shared[{r, p}];
  }
  std::vector<Pair> pairs;
  for (const auto& [ids, common] : shared) {
    const std::int64_t united = reference.sizes[static_cast<std::size_t>(ids.first - 1)] +
                                prediction.sizes[static_cast<std::size_t>(ids.second - 1)] - common;
    pairs.push_back({static_cast<double>(common) / static_cast<double>(united), ids.first, ids.second});
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.iou > b.iou; });
  return pairs;
}

// The prediction's ids in pairs of one to one, the best overlap first.
std::set<std::int32_t> TrueIds(const image::Components& truth, const image::Components& guess, double least_iou) {
  std::set<std::int32_t> found;
  std::set<std::int32_t> used;
  for (const Pair& pair : OverlappingPairs(truth, guess)) {
    if (pair.iou < least_iou || found.contains(pair.reference) || used.contains(pair.prediction)) continue;
    found.insert(pair.reference);
    used.insert(pair.prediction);
  }
  return used;
}

image::Components ComponentsOf(const image::LabelVolume& lesion_map) {
  image::Components lesions{image::Image<std::int32_t>(lesion_map.geometry), {}};
  for (std::size_t v = 0; v < lesion_map.voxels.size(); ++v) {
    const std::size_t id = lesion_map.voxels[v];
    lesions.ids.voxels[v] = static_cast<std::int32_t>(id);
    if (id > lesions.sizes.size()) lesions.sizes.resize(id, 0);
    if (id > 0) ++lesions.sizes[id - 1];
  }
  return lesions;
}

}  // namespace

LesionMatch MatchLesions(const image::LabelVolume& reference, const image::LabelVolume& lesion_map, double least_iou) {
  const image::Components truth = image::FindComponents(reference);
  return {truth.count(), TrueIds(truth, ComponentsOf(lesion_map), least_iou)};
}

DetectionCounts CountDetections(const image::LabelVolume& reference, const image::LabelVolume& prediction,
                                double least_iou) {
  const image::Components truth = image::FindComponents(reference);
  const image::Components guess = image::FindComponents(prediction);
  const auto matched = static_cast<std::int64_t>(TrueIds(truth, guess, least_iou).size());
  return {matched, guess.count() - matched, truth.count() - matched};
}

}  // namespace parotis::evaluate
