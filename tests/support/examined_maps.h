// Synthetic examinations with many b-values and a dynamic series, and what the maps fitted to them show in the largest
// lesion, beside what was drawn of it.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "dataset/body_mask.h"
#include "intake/decay_maps.h"
#include "maps/dynamic.h"
#include "phantom/tumour.h"
#include "physics/scan.h"

namespace parotis::test {

inline physics::Examination Examine(std::uint64_t seed, std::int64_t index, const std::string& diagnosis, bool ideal) {
  const phantom::Priors priors = phantom::DefaultPriors();
  physics::ScanOptions options;
  options.kind = physics::ProtocolKind::kExtended;
  options.ideal = ideal;
  return physics::Scan(phantom::DrawPatient(priors, seed, index, diagnosis), priors, options);
}

// The median of `map` over the largest lesion's voxels, each at its place in the patient.
inline double MedianInLesion(const image::Volume& map, const image::LabelVolume& lesions) {
  std::vector<float> values;
  const auto& grid = lesions.geometry;
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i) {
        if (lesions.At(i, j, k) != 1) continue;
        const auto world =
            image::WorldFromVoxel(grid, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
        const auto at = image::VoxelFromWorld(map.geometry, world);
        std::array<std::int64_t, 3> index{};
        bool inside = true;
        for (std::size_t a = 0; a < 3; ++a) {
          index[a] = std::lround(at[a]);
          inside = inside && index[a] >= 0 && index[a] < map.geometry.size[a];
        }
        if (inside) values.push_back(map.At(index[0], index[1], index[2]));
      }
    }
  }
  if (values.empty()) return 0;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

struct LesionValue {
  std::string channel;
  double drawn = 0;
  double median = 0;
};

inline std::vector<LesionValue> ValuesOf(const physics::Examination& examination) {
  const phantom::Lesion& lesion = examination.patient.lesions.front();
  std::vector<LesionValue> values;
  const auto add = [&](const char* channel, double drawn, const image::Volume& map) {
    values.push_back({channel, drawn, MedianInLesion(map, examination.lesions)});
  };
  intake::DiffusionImages images;
  for (const physics::DiffusionVolume& each : examination.diffusion) {
    if (!each.direction) images.trace_weighted.push_back({each.b_s_mm2, "", true, each.image});
  }
  images.trace_weighted = intake::TraceWeighted(images.trace_weighted);
  images.fit = intake::FitDiffusion(images.trace_weighted);
  const maps::DecayMaps decay = *intake::FitDecay(images).perfusion;
  add("D", lesion.diffusion.diffusivity_um2_s, decay.d_um2_s);
  add("F", lesion.diffusion.perfusion_fraction, decay.perfusion);
  add("DSTAR", lesion.diffusion.pseudo_diffusion_um2_s, decay.dstar_um2_s);
  add("K", lesion.diffusion.kurtosis, decay.kurtosis);

  std::vector<const image::Volume*> frames;
  for (const image::Volume& frame : examination.dynamic->frames) frames.push_back(&frame);
  const image::LabelVolume body = dataset::BodyMask(*frames.back());
  maps::DynamicOptions options;
  options.mask = &body;
  const maps::DynamicMaps dynamic = maps::FitDynamic(frames, examination.dynamic->times_s, options);
  const phantom::CurveShape shape = phantom::ShapeOf(lesion.kinetics);
  add("TTP", shape.time_to_peak_s, dynamic.time_to_peak_s);
  add("WASHOUT", shape.washout_percent, dynamic.wash_out_percent);
  return values;
}

}  // namespace parotis::test
