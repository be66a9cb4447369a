#include "physics/scan.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>

#include "base/error.h"
#include "phantom/anatomy.h"
#include "phantom/streams.h"
#include "physics/acquire.h"
#include "physics/field_map.h"
#include "physics/randomise.h"

namespace parotis::physics {
namespace {

// Names of the noise streams of one patient; never renumber.
enum NoiseOf : std::uint64_t {
  kT2Noise,
  kT1cNoise,
  kT1Noise,
  kLocalizerNoise,
  kDiffusionNoise = 100,  // and the following, one for each image
  kDynamicNoise = 1000    // and the following, one for each frame
};

// Darker than this share of the average tumour's b0, an ADC means nothing.
constexpr double kDarkestForAdc = 0.12;
// Of the usual signal-to-noise ratio, where noise makes diffusion images useless.
constexpr double kNoisyShare = 0.18;

std::vector<image::Volume> ScanLocalizer(const phantom::Patient& patient, const std::vector<phantom::Tissue>& tissues,
                                         const Protocol& protocol, const std::vector<base::Random>& noise) {
  std::vector<image::Volume> planes;
  for (const image::Geometry& grid : protocol.localizer_grids) {
    const phantom::TissueMap map = phantom::PaintPatient(patient, FineGrid(grid), protocol.pose);
    planes.push_back(Acquire(map, tissues, {protocol.localizer, 0, 110, 25}, protocol, grid, noise[planes.size()]));
  }
  return planes;
}

Conditions AnatomyConditions(const Protocol& protocol, const image::AffineMap& motion) {
  Conditions conditions;
  conditions.motion = motion;
  conditions.swallowing_mm = protocol.faults.swallowing_mm;
  return conditions;
}

using AcquireOn = std::function<image::Volume(const Shot&, const image::Geometry&, std::uint64_t noise)>;

// The geometric mean, as scanners make the trace image from the directions.
image::Volume TraceOf(const std::vector<DiffusionVolume>& directions) {
  image::Volume trace(directions[0].image.geometry);
  for (std::size_t v = 0; v < trace.voxels.size(); ++v) {
    double product = 1;
    for (const DiffusionVolume& one : directions) product *= one.image.voxels[v];
    trace.voxels[v] = static_cast<float>(std::round(std::pow(product, 1.0 / static_cast<double>(directions.size()))));
  }
  return trace;
}

std::vector<DiffusionVolume> ScanDiffusion(const Protocol& protocol, const AcquireOn& acquire) {
  std::vector<DiffusionVolume> volumes;
  std::uint64_t shots = 0;
  const double noisy = protocol.faults.unusable == Unusable::kNoisy ? kNoisyShare : 1;
  for (const double b : protocol.b_values_s_mm2) {
    const double snr = noisy * protocol.SnrAt(b);
    const auto shoot = [&](double share_of_snr) {
      return acquire({protocol.diffusion, b, protocol.gain_diffusion, snr * share_of_snr}, protocol.diffusion_grid,
                     kDiffusionNoise + shots++);
    };
    if (b == 0 || protocol.directions_world.empty()) {
      volumes.push_back({b, std::nullopt, shoot(1)});
      continue;
    }
    std::vector<DiffusionVolume> directions;
    directions.reserve(protocol.directions_world.size());
    const double share = 1 / std::sqrt(static_cast<double>(protocol.directions_world.size()));
    for (const image::Vector3& direction : protocol.directions_world)
      directions.push_back({b, direction, shoot(share)});
    image::Volume trace = TraceOf(directions);
    volumes.insert(volumes.end(), directions.begin(), directions.end());
    volumes.push_back({b, std::nullopt, std::move(trace)});
  }
  return volumes;
}

DynamicSeries ScanDynamic(const Protocol& protocol, const AcquireOn& acquire) {
  DynamicSeries series;
  for (const double time_s : protocol.frame_times_s) {
    Sequence sequence = protocol.dynamic;
    sequence.after_injection_s = time_s - protocol.injection_s;
    series.frames.push_back(acquire({sequence, 0, protocol.gain_dynamic, protocol.snr_dynamic}, protocol.dynamic_grid,
                                    kDynamicNoise + series.frames.size()));
    series.times_s.push_back(time_s);
  }
  return series;
}

}  // namespace

const image::Volume& Examination::TraceAt(double b_s_mm2) const {
  for (const DiffusionVolume& volume : diffusion) {
    if (volume.b_s_mm2 == b_s_mm2 && !volume.direction) return volume.image;
  }
  base::Throw(base::ErrorKind::kInternal, fmt::format("the examination has no trace image of b = {:g} s/mm²", b_s_mm2));
}

Examination Scan(const phantom::Patient& patient, const phantom::Priors& priors, const ScanOptions& options) {
  Examination result;
  result.patient = patient;
  const Protocol protocol = result.protocol = DrawProtocol(patient, priors.acquisition, options);
  const image::Geometry& anatomy = protocol.anatomy_grid;
  const phantom::TissueMap map = phantom::PaintPatient(patient, FineGrid(anatomy), protocol.pose);
  std::vector<phantom::Tissue> tissues = phantom::TissuesOf(patient, priors.normal, protocol.field);
  if (options.randomised) RandomiseTissues(patient, tissues);
  const auto noise = [&](std::uint64_t volume) {
    return base::Random(patient.seed, {phantom::kNoiseStream, static_cast<std::uint64_t>(patient.index), volume});
  };
  const auto under = [&](const Conditions& conditions) -> AcquireOn {
    return [&](const Shot& shot, const image::Geometry& grid, std::uint64_t volume) {
      Conditions own = conditions;
      if (shot.b_s_mm2 == 0) own.dropouts.clear();
      return Acquire(map, tissues, shot, protocol, grid, noise(volume), own);
    };
  };
  const Conditions still = AnatomyConditions(protocol, {});
  const Conditions moved_t1c = [&] {
    Conditions conditions = AnatomyConditions(protocol, protocol.faults.t1c_motion);
    if (protocol.faults.t1c_fat) conditions.fat_failure = &*protocol.faults.t1c_fat;
    return conditions;
  }();
  result.t2 = under(still)({protocol.t2, 0, protocol.gain_t2, protocol.snr_t2}, anatomy, kT2Noise);
  result.t1c = under(moved_t1c)({protocol.t1c, 0, protocol.gain_t1c, protocol.snr_t1c}, anatomy, kT1cNoise);
  if (!protocol.exact) result.field_hz = FieldMapHz(patient, tissues, protocol.pose, protocol.field);
  std::vector<std::vector<float>> field_hz;
  if (result.field_hz) {
    field_hz =
        FieldOnSlices(*result.field_hz, map.grid, protocol.faults.diffusion_motion, protocol.faults.field_factor);
  }
  const Conditions diffusion = [&] {
    Conditions conditions;
    conditions.motion = protocol.faults.diffusion_motion;
    conditions.field_hz = field_hz;
    if (protocol.faults.diffusion_fat) conditions.fat_failure = &*protocol.faults.diffusion_fat;
    conditions.readout.ghost = protocol.faults.ghost;
    conditions.readout.ghost_slope = protocol.faults.ghost_slope;
    conditions.dropouts = protocol.faults.dropouts;
    return conditions;
  }();
  result.diffusion = ScanDiffusion(protocol, under(diffusion));
  result.adc = AdcMap(result.TraceAt(0), result.TraceAt(protocol.b_high_s_mm2), protocol.b_high_s_mm2,
                      kDarkestForAdc * protocol.gain_diffusion, protocol.exact);
  const Conditions dynamic = {.motion = protocol.faults.dynamic_motion};
  if (!protocol.frame_times_s.empty()) result.dynamic = ScanDynamic(protocol, under(dynamic));
  result.lesions = LesionsOn(map, anatomy);
  result.glands = GlandsOn(map, anatomy);
  if (options.extras) {
    result.t1 = under(AnatomyConditions(protocol, protocol.faults.t1_motion))(
        {protocol.t1, 0, 0.6 * protocol.gain_t1c, protocol.snr_t1c}, anatomy, kT1Noise);
    result.localizer = ScanLocalizer(patient, tissues, protocol,
                                     {noise(kLocalizerNoise), noise(kLocalizerNoise + 1), noise(kLocalizerNoise + 2)});
  }
  return result;
}

}  // namespace parotis::physics
