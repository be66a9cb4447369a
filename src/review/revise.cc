#include "review/revise.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "base/error.h"

namespace parotis::review {
namespace {

using results::LesionOrigin;
using results::OutlineMaker;

// Ids as the edit lists them become 1 … n.
image::LabelVolume Renumbered(const Edit& edit, const image::Geometry& grid) {
  std::array<std::uint8_t, 256> number = {};
  for (std::size_t i = 0; i < edit.lesions.size(); ++i)
    number[static_cast<std::size_t>(edit.lesions[i].id)] = static_cast<std::uint8_t>(i + 1);
  image::LabelVolume map(grid);
  std::transform(edit.mask.begin(), edit.mask.end(), map.voxels.begin(), [&](std::uint8_t id) { return number[id]; });
  return map;
}

// What the lesions of two maps share.
struct Shared {
  // [id before, number now] → voxels; 0 is what is none.
  std::map<std::pair<int, int>, std::int64_t> voxels;

  Shared(const image::LabelVolume& before, const image::LabelVolume& now) {
    for (std::size_t v = 0; v < now.voxels.size(); ++v) {
      if (before.voxels[v] != 0 || now.voxels[v] != 0) ++voxels[{before.voxels[v], now.voxels[v]}];
    }
  }
  // The id of the lesion before that this one shares most with, and which is none of `taken`; 0 without one.
  int OriginOf(int number, const std::set<int>& taken) const {
    int best = 0;
    std::int64_t most = 0;
    for (const auto& [pair, count] : voxels) {
      if (pair.second != number || pair.first == 0 || taken.contains(pair.first) || count <= most) continue;
      best = pair.first, most = count;
    }
    return best;
  }
  bool AreTheSame(int id, int number) const {
    return std::all_of(voxels.begin(), voxels.end(),
                       [&](const auto& each) { return (each.first.first == id) == (each.first.second == number); });
  }
};

std::string ReasonOf(const Edit& edit, const Reader& reader) {
  std::string what = "there is no tumour";
  if (edit.verdict == dataset::Verdict::kClass) what = edit.class_name;
  if (edit.verdict == dataset::Verdict::kIndeterminate) what = "the class stays open";
  return fmt::format("{} says instead of the program: {}. {}", reader.name, what, reader.words);
}

}  // namespace

Revised Revise(const Answer& before, const Edit& edit, const Reader& reader, const dataset::Case& examination,
               const image::Volume& tumour_probability) {
  const bool same_grid = edit.mask.size() == static_cast<std::size_t>(examination.grid.voxel_count()) &&
                         image::SameGrid(before.lesion_map.geometry, examination.grid);
  if (!same_grid)
    base::Throw(base::ErrorKind::kInput,
                "the study's images lie on another grid than those on which the edit was drawn: draw it anew");
  Revised revised;
  revised.result.lesion_map = Renumbered(edit, examination.grid);
  dataset::Diagnosis& diagnosis = revised.result.diagnosis = before.diagnosis;
  diagnosis.verdict = edit.verdict;
  diagnosis.class_name = edit.class_name;
  diagnosis.reason = ReasonOf(edit, reader);
  diagnosis.class_probabilities.clear();  // of another answer than this one
  diagnosis.lesions = diagnose::MeasureLesions(revised.result.lesion_map, examination, tumour_probability);
  const Shared shared(before.lesion_map, revised.result.lesion_map);
  std::set<int> taken;
  for (std::size_t i = 0; i < diagnosis.lesions.size(); ++i) {
    const int number = static_cast<int>(i + 1), id = shared.OriginOf(number, taken);
    LesionOrigin& origin = revised.lesions.emplace_back();
    origin.outline = OutlineMaker::kReader;
    if (id != 0) {
      taken.insert(id);
      const auto place = static_cast<std::size_t>(id - 1);
      origin = before.origins.at(place);
      if (shared.AreTheSame(id, number)) {
        diagnosis.lesions[i] = before.diagnosis.lesions.at(place);
        diagnosis.lesions[i].id = number;
      } else if (origin.outline == OutlineMaker::kProgram) {
        origin.outline = OutlineMaker::kProgramAndReader;
      }
    }
    origin.class_name = edit.lesions[i].class_name;
  }
  return revised;
}

}  // namespace parotis::review
