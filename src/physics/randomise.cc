#include "physics/randomise.h"

#include <algorithm>
#include <cmath>

#include "phantom/streams.h"

namespace parotis::physics {
namespace {

using base::Random;
using image::Geometry;

constexpr double kOfPatient = 0.25, kOfTissue = 0.35;  // standard deviations of ln(factor)

// Factors for one quantity of a tissue: the patient's, times the tissue's own.
class Factors {
 public:
  explicit Factors(Random& random) : random_(&random), of_patient_(std::exp(random.Normal(0, kOfPatient))) {}
  double Next() { return of_patient_ * std::exp(random_->Normal(0, kOfTissue)); }

 private:
  Random* random_;
  double of_patient_;
};

// Other voxels around the same centre, over about the same extent.
Geometry Regridded(const Geometry& grid, double pixel_mm, double slice_mm, std::int64_t multiple) {
  Geometry result = grid;
  result.spacing_mm = {pixel_mm, pixel_mm, slice_mm};
  for (int axis = 0; axis < 3; ++axis) {
    const double extent_mm = grid.spacing_mm[axis] * static_cast<double>(grid.size[axis]);
    const std::int64_t step = axis == 2 ? 1 : multiple;
    result.size[axis] =
        step * std::max<std::int64_t>(1, std::llround(extent_mm / result.spacing_mm[axis] / static_cast<double>(step)));
    const double half_mm = 0.5 * (grid.spacing_mm[axis] * static_cast<double>(grid.size[axis] - 1) -
                                  result.spacing_mm[axis] * static_cast<double>(result.size[axis] - 1));
    for (int r = 0; r < 3; ++r) result.origin_world[r] += half_mm * grid.direction[r][axis];
  }
  return result;
}

void RandomiseSequence(Sequence& sequence, Random& random) {
  sequence.tr_ms = std::exp(random.Uniform(std::log(350.0), std::log(6000.0)));
  sequence.te_ms = std::exp(random.Uniform(std::log(8.0), std::log(130.0)));
  sequence.fat_left = random.Chance(0.5) ? random.Uniform(0, 0.3) : random.Uniform(0.3, 1);
  sequence.read_bandwidth_hz = random.Uniform(200, 800);
}

}  // namespace

void RandomiseTissues(const phantom::Patient& patient, std::vector<phantom::Tissue>& tissues) {
  Random random(patient.seed, {phantom::kWildStream, static_cast<std::uint64_t>(patient.index), 0});
  Factors water(random), fat(random), t1(random), t2(random), diffusion(random), contrast(random);
  for (phantom::Tissue& tissue : tissues) {
    tissue.water = std::min(1.2, tissue.water * water.Next());
    tissue.fat = std::min(1.2, tissue.fat * fat.Next());
    tissue.t1_ms *= t1.Next();
    tissue.t2_ms *= t2.Next();
    const double adc_factor = diffusion.Next();
    if (tissue.diffusion.diffusivity_um2_s > 0) {
      tissue.diffusion.diffusivity_um2_s = std::min(3200.0, tissue.diffusion.diffusivity_um2_s * adc_factor);
      tissue.diffusion.kurtosis =
          std::min(tissue.diffusion.kurtosis, phantom::kLargestDk_um2_s / tissue.diffusion.diffusivity_um2_s);
    }
    tissue.kinetics.contrast_mmol_l *= contrast.Next();
  }
}

void RandomiseProtocol(const phantom::Patient& patient, Protocol& protocol) {
  Random random(patient.seed, {phantom::kWildStream, static_cast<std::uint64_t>(patient.index), 1});
  const double slice_mm = random.Uniform(3, 6.5);
  protocol.anatomy_grid = Regridded(protocol.anatomy_grid, random.Uniform(0.7, 1.4), slice_mm, 16);
  protocol.diffusion_grid = Regridded(protocol.diffusion_grid, random.Uniform(1.3, 2.6), slice_mm, 4);
  // Both have the same slices, whatever rounding made of their number.
  protocol.diffusion_grid.size[2] = protocol.anatomy_grid.size[2];
  for (Sequence* sequence : {&protocol.t2, &protocol.t1, &protocol.t1c}) RandomiseSequence(*sequence, random);
  const auto rows = static_cast<double>(protocol.anatomy_grid.size[1]);
  for (Sequence* sequence : {&protocol.t2, &protocol.t1, &protocol.t1c}) {
    sequence->phase_lines = static_cast<int>(rows * random.Uniform(0.5, 1));
    sequence->echo_train = 1 + static_cast<int>(random.Integer(20));
  }
  protocol.diffusion.te_ms = random.Uniform(45, 110);
  protocol.diffusion.fat_left = random.Uniform(0, 0.4);
}

}  // namespace parotis::physics
