// A synthetic patient of whom it is known where the face's surface, the parotid glands and the tumours are, in poses
// and sizes beyond the cohort's, and with what spoils an image.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>

#include "base/random.h"
#include "phantom/anatomy.h"
#include "phantom/cohort.h"
#include "physics/acquire.h"
#include "physics/scan.h"

namespace parotis::test {

struct FaceVariation {
  double nod_deg = 0, turn_deg = 0, tilt_deg = 0;  // about the left–right, head–foot and front–back axes, added
  double size = 1;                                 // of the head, times the patient's own
  double ghost = 0;                                // share of the signal, half the image away along its columns
  double more_noise = 1;                           // times the usual
  phantom::FieldStrength field = phantom::FieldStrength::k3T;
  bool after_contrast = false;  // fat-suppressed T1 in place of T2
};

struct FacePhantom {
  image::Volume image;
  image::LabelVolume surface;  // foremost skin between chin and brow, within 45 mm of the midline
  image::LabelVolume gland, tumour;
};

inline image::Matrix3 TurnedBy(const FaceVariation& by, const image::Matrix3& matrix) {
  image::Matrix3 result = matrix;
  const double angles[3] = {by.nod_deg, by.tilt_deg, by.turn_deg};
  for (int axis = 0; axis < 3; ++axis) {
    const double angle = angles[axis] * std::numbers::pi / 180;
    const int a = (axis + 1) % 3, b = (axis + 2) % 3;
    image::Matrix3 turned = result;
    for (int c = 0; c < 3; ++c) {
      turned[a][c] = std::cos(angle) * result[a][c] - std::sin(angle) * result[b][c];
      turned[b][c] = std::sin(angle) * result[a][c] + std::cos(angle) * result[b][c];
    }
    result = turned;
  }
  return result;
}

// In the head frame of phantom/patient.h: chin and brow, and the outer corners of the eyes (phantom/anatomy.cc).
inline bool BetweenChinAndBrow(const image::Vector3& p_head) {
  return std::abs(p_head[0]) <= 45 && p_head[2] >= -55 && p_head[2] <= 60 && p_head[1] < 0;
}

inline void MarkTruth(const phantom::TissueMap& map, const phantom::HeadPose& pose, FacePhantom& made) {
  const image::Geometry& grid = made.image.geometry;
  made.surface = made.gland = made.tumour = image::LabelVolume(grid);
  const auto plane = static_cast<std::size_t>(grid.size[0] * grid.size[1]);
  const auto main_tissue = [&](std::size_t v) { return map.fraction[v] >= 128 ? map.upper[v] : map.lower[v]; };
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t i = 0; i < grid.size[0]; ++i) {
      bool before_skin = true;
      for (std::int64_t j = 0; j < grid.size[1]; ++j) {
        const std::size_t v = made.surface.Offset(i, j, k);
        int air = 0;
        for (int s = 0; s < physics::kSubSlices; ++s) {
          const std::size_t sample = plane * static_cast<std::size_t>(k * physics::kSubSlices + s) + v % plane;
          const std::uint8_t tissue = main_tissue(sample);
          air += tissue == phantom::kAir ? 1 : 0;
          if (tissue == phantom::kParotid) made.gland.voxels[v] = 1;
          if (map.lesion[sample] != 0) made.tumour.voxels[v] = 1;
        }
        if (!before_skin || air == physics::kSubSlices) continue;
        before_skin = false;
        const image::Vector3 world =
            image::WorldFromVoxel(grid, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
        // At the image's edge it is a cut, not skin.
        if (j > 0 && BetweenChinAndBrow(phantom::HeadFromWorld(pose, world))) made.surface.voxels[v] = 1;
      }
    }
  }
}

inline FacePhantom MakeFacePhantom(std::uint64_t seed, std::int64_t index, const FaceVariation& variation = {}) {
  const phantom::Priors& priors = phantom::DefaultPriors();
  const phantom::Mix mix = phantom::ParseMix(phantom::FindPreset("paper").mix, priors);
  phantom::Patient patient = phantom::DrawPatient(priors, seed, index, phantom::DiagnosisOf(mix, seed, index));
  patient.body.scale *= variation.size;
  physics::ScanOptions options;
  options.field = variation.field;
  physics::Protocol protocol = physics::DrawProtocol(patient, priors.acquisition, options);
  protocol.pose.rotation = TurnedBy(variation, protocol.pose.rotation);
  const phantom::TissueMap map =
      phantom::PaintPatient(patient, physics::FineGrid(protocol.anatomy_grid), protocol.pose);
  const physics::Shot shot =
      variation.after_contrast
          ? physics::Shot{protocol.t1c, 0, protocol.gain_t1c, protocol.snr_t1c / variation.more_noise}
          : physics::Shot{protocol.t2, 0, protocol.gain_t2, protocol.snr_t2 / variation.more_noise};
  FacePhantom made;
  made.image = physics::Acquire(map, phantom::TissuesOf(patient, priors.normal, variation.field), shot, protocol,
                                protocol.anatomy_grid, base::Random(seed, {77, static_cast<std::uint64_t>(index)}));
  if (variation.ghost > 0) {
    const image::Volume clean = made.image;
    const auto& size = clean.geometry.size;
    for (std::int64_t k = 0; k < size[2]; ++k) {
      for (std::int64_t j = 0; j < size[1]; ++j) {
        for (std::int64_t i = 0; i < size[0]; ++i)
          made.image.At(i, j, k) += static_cast<float>(variation.ghost) * clean.At(i, (j + size[1] / 2) % size[1], k);
      }
    }
  }
  MarkTruth(map, protocol.pose, made);
  return made;
}

// Voxels of `truth`, and how many of them are in `removed`.
struct Touched {
  std::int64_t all = 0, removed = 0;
  double share() const { return all > 0 ? static_cast<double>(removed) / static_cast<double>(all) : 1; }
};
inline Touched CountTouched(const image::LabelVolume& truth, const image::LabelVolume& removed) {
  Touched touched;
  for (std::size_t v = 0; v < truth.voxels.size(); ++v) {
    if (truth.voxels[v] == 0) continue;
    ++touched.all;
    touched.removed += removed.voxels[v] != 0 ? 1 : 0;
  }
  return touched;
}

}  // namespace parotis::test
