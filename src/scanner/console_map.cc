#include "scanner/console_map.h"

#include <algorithm>
#include <cmath>

#include "dicom/mr_writer.h"

namespace parotis::scanner {

image::Volume ConsoleAdc(const physics::Examination& examination) {
  std::vector<const physics::DiffusionVolume*> used;
  for (const physics::DiffusionVolume& volume : examination.diffusion) {
    if (!volume.direction && volume.b_s_mm2 <= examination.protocol.b_high_s_mm2) used.push_back(&volume);
  }
  image::Volume map = examination.adc;
  if (used.size() <= 2) return map;
  double mean_b = 0, spread = 0;
  for (const auto* volume : used) mean_b += volume->b_s_mm2 / static_cast<double>(used.size());
  for (const auto* volume : used) spread += (volume->b_s_mm2 - mean_b) * (volume->b_s_mm2 - mean_b);
  for (std::size_t v = 0; v < map.voxels.size(); ++v) {
    if (map.voxels[v] <= 0) continue;
    double slope = 0;
    for (const auto* volume : used)
      slope += (volume->b_s_mm2 - mean_b) * std::log(std::max(1.0, static_cast<double>(volume->image.voxels[v])));
    const double adc_um2_s = std::round(-1e6 * slope / spread);
    map.voxels[v] = static_cast<float>(std::clamp(adc_um2_s, 0.0, static_cast<double>(dicom::kLargestPixel)));
  }
  return map;
}

}  // namespace parotis::scanner
