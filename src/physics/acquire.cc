#include "physics/acquire.h"

#include <algorithm>
#include <cmath>

namespace parotis::physics {
namespace {

using base::Random;
using image::Geometry;
using image::Volume;

// A tumour between the classes, to which gains and signal-to-noise ratios refer.
const phantom::Tissue kReference = {0.94, 0, 1350, 100, 1100, 0.42, 0, 0, 0, 0};

double TissueSignal(const phantom::Tissue& tissue, const Sequence& sequence, double b_s_mm2) {
  const double contrast = sequence.contrast ? tissue.contrast_mmol_l : 0;
  return tissue.water *
         SpinEcho(RelaxedByContrast(tissue.t1_ms, kR1, contrast), RelaxedByContrast(tissue.t2_ms, kR2, contrast),
                  sequence.tr_ms, sequence.te_ms) *
         DiffusionDecay(b_s_mm2, tissue.adc_um2_s);
}

double BiasAt(const std::array<double, 9>& c, double u, double v, double w) {
  return 1 + c[0] * u + c[1] * v + c[2] * w + c[3] * u * u + c[4] * v * v + c[5] * w * w + c[6] * u * v + c[7] * u * w +
         c[8] * v * w;
}

// Multiplies by the receive field and the gain, adds noise, rounds. `signal` holds noise-free signals.
Volume Receive(std::vector<float> signal, const Geometry& grid, const Protocol& protocol, double gain, double sigma,
               Random random) {
  Volume volume;
  volume.geometry = grid;
  volume.voxels = std::move(signal);
  const auto unit = [&](int axis, std::int64_t index) {
    return (2.0 * static_cast<double>(index) + 1) / static_cast<double>(grid.size[axis]) - 1;
  };
  std::size_t at = 0;
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i, ++at) {
        const double received = gain * volume.voxels[at] * BiasAt(protocol.bias, unit(0, i), unit(1, j), unit(2, k));
        volume.voxels[at] =
            static_cast<float>(std::clamp(std::round(AddRicianNoise(received, sigma, random)), 0.0, kLargestStored));
      }
    }
  }
  return volume;
}

// Noise-free signal of one slice on the fine in-plane grid: the mean over the slice's samples.
void SliceSignal(const phantom::TissueMap& map, const SignalTables& tables, std::int64_t slice, float* signal) {
  const auto plane = static_cast<std::size_t>(map.grid.size[0] * map.grid.size[1]);
  std::fill(signal, signal + plane, 0.0f);
  for (int s = 0; s < kSubSlices; ++s) {
    const std::size_t start = plane * static_cast<std::size_t>(slice * kSubSlices + s);
    for (std::size_t p = 0; p < plane; ++p) {
      const std::size_t v = start + p;
      const float upper = tables.At(map.upper[v], map.texture_a[v], map.texture_b[v]);
      const float share = static_cast<float>(map.fraction[v]) * (1.0f / 255);
      const float lower = map.fraction[v] == 255 ? 0 : tables.At(map.lower[v], map.texture_a[v], map.texture_b[v]);
      signal[p] += (share * upper + (1 - share) * lower) * (1.0f / kSubSlices);
    }
  }
}

std::vector<float> SamePixels(const phantom::TissueMap& map, const SignalTables& tables, const Geometry& grid) {
  std::vector<float> signal(static_cast<std::size_t>(grid.voxel_count()));
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    SliceSignal(map, tables, k, signal.data() + k * grid.size[0] * grid.size[1]);
  }
  return signal;
}

// Which fine samples, with which weights, make one coarse pixel along an axis (concentric grids, box profile).
struct Footprint {
  std::int64_t first = 0;
  std::vector<float> weights;
};

std::vector<Footprint> Footprints(std::int64_t fine, double fine_mm, std::int64_t coarse, double coarse_mm) {
  std::vector<Footprint> footprints(static_cast<std::size_t>(coarse));
  for (std::int64_t c = 0; c < coarse; ++c) {
    const double low = (static_cast<double>(c) - 0.5 * static_cast<double>(coarse)) * coarse_mm / fine_mm +
                       0.5 * static_cast<double>(fine);
    const double high = low + coarse_mm / fine_mm;
    Footprint& footprint = footprints[static_cast<std::size_t>(c)];
    footprint.first = std::clamp<std::int64_t>(std::llround(std::floor(low)), 0, fine);
    for (std::int64_t f = footprint.first; f < fine && static_cast<double>(f) < high; ++f) {
      const double overlap = std::min(high, static_cast<double>(f + 1)) - std::max(low, static_cast<double>(f));
      footprint.weights.push_back(static_cast<float>(std::max(0.0, overlap) * fine_mm / coarse_mm));
    }
  }
  return footprints;
}

std::vector<float> CoarserPixels(const phantom::TissueMap& map, const SignalTables& tables, const Geometry& grid) {
  const auto& fine = map.grid.size;
  const auto columns = Footprints(fine[0], map.grid.spacing_mm[0], grid.size[0], grid.spacing_mm[0]);
  const auto rows = Footprints(fine[1], map.grid.spacing_mm[1], grid.size[1], grid.spacing_mm[1]);
  std::vector<float> signal(static_cast<std::size_t>(grid.voxel_count()), 0.0f);
  std::vector<float> plane(static_cast<std::size_t>(fine[0] * fine[1]));
  std::vector<float> narrow(static_cast<std::size_t>(grid.size[0] * fine[1]));  // [fine rows, coarse columns]
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    SliceSignal(map, tables, k, plane.data());
    for (std::int64_t j = 0; j < fine[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i) {
        const Footprint& column = columns[static_cast<std::size_t>(i)];
        float sum = 0;
        for (std::size_t n = 0; n < column.weights.size(); ++n)
          sum += column.weights[n] * plane[j * fine[0] + column.first + n];
        narrow[j * grid.size[0] + i] = sum;
      }
    }
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      const Footprint& row = rows[static_cast<std::size_t>(j)];
      float* out = signal.data() + (k * grid.size[1] + j) * grid.size[0];
      for (std::size_t n = 0; n < row.weights.size(); ++n) {
        const float* in = narrow.data() + (row.first + static_cast<std::int64_t>(n)) * grid.size[0];
        for (std::int64_t i = 0; i < grid.size[0]; ++i) out[i] += row.weights[n] * in[i];
      }
    }
  }
  return signal;
}

}  // namespace

Volume Acquire(const phantom::TissueMap& map, const std::vector<phantom::Tissue>& tissues, const Shot& shot,
               const Protocol& protocol, const Geometry& grid, Random random) {
  const SignalTables tables = MakeTables(tissues, phantom::FatAt(protocol.field), shot.sequence, shot.b_s_mm2);
  const double scale = shot.gain / TissueSignal(kReference, shot.sequence, 0);
  const double sigma = scale * TissueSignal(kReference, shot.sequence, shot.b_s_mm2) / shot.snr;
  const bool same = grid.spacing_mm[0] == map.grid.spacing_mm[0];
  return Receive(same ? SamePixels(map, tables, grid) : CoarserPixels(map, tables, grid), grid, protocol, scale, sigma,
                 random);
}

Volume AdcMap(const Volume& b0, const Volume& b_high, double b_high_s_mm2, double darkest) {
  Volume adc(b0.geometry);
  for (std::size_t v = 0; v < adc.voxels.size(); ++v) {
    if (b0.voxels[v] < darkest) continue;
    adc.voxels[v] = static_cast<float>(
        std::round(std::min(kLargestStored, AdcFrom(b0.voxels[v], b_high.voxels[v], 0, b_high_s_mm2))));
  }
  return adc;
}

image::LabelVolume LesionsOn(const phantom::TissueMap& map, const Geometry& grid) {
  image::LabelVolume lesions(grid);
  const auto plane = static_cast<std::size_t>(grid.size[0] * grid.size[1]);
  for (std::size_t v = 0; v < lesions.voxels.size(); ++v) {
    const std::size_t first = v / plane * plane * kSubSlices + v % plane;
    int occupied = 0;
    std::uint8_t lesion = 0;
    for (int s = 0; s < kSubSlices; ++s) {
      const std::size_t sample = first + plane * static_cast<std::size_t>(s);
      occupied += map.occupancy[sample];
      lesion = std::max(lesion, map.lesion[sample]);
    }
    if (2 * occupied >= 255 * kSubSlices) lesions.voxels[v] = lesion;
  }
  return lesions;
}

}  // namespace parotis::physics
