#include "evaluate/overlap.h"

#include <fmt/format.h>

#include "base/error.h"

namespace parotis::evaluate {
namespace {

void CheckGrids(const image::LabelVolume& reference, const image::LabelVolume& prediction) {
  if (image::SameGrid(reference.geometry, prediction.geometry)) return;
  const auto& r = reference.geometry.size;
  const auto& p = prediction.geometry.size;
  base::Throw(
      base::ErrorKind::kInput,
      fmt::format("the prediction ({}×{}×{} voxels) does not lie on the reference's grid ({}×{}×{}); predict on the "
                  "images of the same dataset",
                  p[0], p[1], p[2], r[0], r[1], r[2]));
}

void CheckLabel(std::uint8_t label, std::size_t label_count, const char* which) {
  if (label < label_count) return;
  base::Throw(base::ErrorKind::kInput, fmt::format("the {} holds label {}, but the dataset has only labels 0 to {}",
                                                   which, int{label}, label_count - 1));
}

}  // namespace

double DiceOf(const Overlap& overlap) {
  if (overlap.both_empty()) return kUndefined;
  return 2.0 * static_cast<double>(overlap.true_positive) /
         static_cast<double>(overlap.predicted() + overlap.reference());
}

double JaccardOf(const Overlap& overlap) {
  if (overlap.both_empty()) return kUndefined;
  return static_cast<double>(overlap.true_positive) / static_cast<double>(overlap.predicted() + overlap.false_negative);
}

std::vector<Overlap> OverlapPerLabel(const image::LabelVolume& reference, const image::LabelVolume& prediction,
                                     std::size_t label_count) {
  CheckGrids(reference, prediction);
  std::vector<std::int64_t> joint(256 * 256, 0);  // [reference][prediction]
  for (std::size_t v = 0; v < reference.voxels.size(); ++v) ++joint[reference.voxels[v] * 256UL + prediction.voxels[v]];
  std::vector<Overlap> overlaps(label_count);
  for (std::size_t cell = 0; cell < joint.size(); ++cell) {
    if (joint[cell] == 0) continue;
    const std::size_t truth = cell / 256;
    const std::size_t guess = cell % 256;
    CheckLabel(static_cast<std::uint8_t>(truth), label_count, "reference");
    CheckLabel(static_cast<std::uint8_t>(guess), label_count, "prediction");
    if (truth == guess) {
      overlaps[truth].true_positive += joint[cell];
    } else {
      overlaps[truth].false_negative += joint[cell];
      overlaps[guess].false_positive += joint[cell];
    }
  }
  const auto total = static_cast<std::int64_t>(reference.voxels.size());
  for (Overlap& o : overlaps) o.true_negative = total - o.true_positive - o.false_positive - o.false_negative;
  return overlaps;
}

Overlap OverlapOfForeground(const image::LabelVolume& reference, const image::LabelVolume& prediction) {
  CheckGrids(reference, prediction);
  Overlap overlap;
  for (std::size_t v = 0; v < reference.voxels.size(); ++v) {
    const bool truth = reference.voxels[v] != 0;
    const bool guess = prediction.voxels[v] != 0;
    overlap.true_positive += truth && guess;
    overlap.false_positive += !truth && guess;
    overlap.false_negative += truth && !guess;
    overlap.true_negative += !truth && !guess;
  }
  return overlap;
}

}  // namespace parotis::evaluate
