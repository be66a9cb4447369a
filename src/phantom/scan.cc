#include "phantom/scan.h"

#include "phantom/acquire.h"
#include "phantom/anatomy.h"
#include "phantom/streams.h"

namespace parotis::phantom {
namespace {

// Names of the noise streams of one patient; never renumber.
enum NoiseOf : std::uint64_t { kT2Noise, kT1cNoise, kB0Noise, kB1000Noise, kT1Noise, kLocalizerNoise };

// Darker than this share of the average tumour's b0, an ADC means nothing.
constexpr double kDarkestForAdc = 0.12;

std::vector<image::Volume> ScanLocalizer(const Patient& patient, const std::vector<Tissue>& tissues,
                                         const Protocol& protocol, const std::vector<base::Random>& noise) {
  std::vector<image::Volume> planes;
  for (const image::Geometry& grid : protocol.localizer_grids) {
    const TissueMap map = PaintPatient(patient, FineGrid(grid), protocol.pose);
    planes.push_back(Acquire(map, tissues, {protocol.localizer, 0, 110, 25}, protocol, grid, noise[planes.size()]));
  }
  return planes;
}

}  // namespace

Examination Scan(const Patient& patient, const Priors& priors, const ScanOptions& options) {
  Examination result;
  result.patient = patient;
  const Protocol protocol = result.protocol = DrawProtocol(patient, options);
  const image::Geometry& anatomy = protocol.anatomy_grid;
  const image::Geometry& diffusion = protocol.diffusion_grid;
  const TissueMap map = PaintPatient(patient, FineGrid(anatomy), protocol.pose);
  const std::vector<Tissue> tissues = TissuesOf(patient, priors.normal, options.field);
  const auto noise = [&](std::uint64_t volume) {
    return base::Random(patient.seed, {kNoiseStream, static_cast<std::uint64_t>(patient.index), volume});
  };
  const auto acquire = [&](const Shot& shot, const image::Geometry& grid, std::uint64_t volume) {
    return Acquire(map, tissues, shot, protocol, grid, noise(volume));
  };
  result.t2 = acquire({protocol.t2, 0, protocol.gain_t2, protocol.snr_t2}, anatomy, kT2Noise);
  result.t1c = acquire({protocol.t1c, 0, protocol.gain_t1c, protocol.snr_t1c}, anatomy, kT1cNoise);
  result.b0 = acquire({protocol.diffusion, 0, protocol.gain_diffusion, protocol.snr_b0}, diffusion, kB0Noise);
  result.b1000 = acquire({protocol.diffusion, protocol.b_high_s_mm2, protocol.gain_diffusion, protocol.snr_b1000},
                         diffusion, kB1000Noise);
  result.adc = AdcMap(result.b0, result.b1000, protocol.b_high_s_mm2, kDarkestForAdc * protocol.gain_diffusion);
  result.lesions = LesionsOn(map, anatomy);
  if (options.extras) {
    result.t1 = acquire({protocol.t1, 0, 0.6 * protocol.gain_t1c, protocol.snr_t1c}, anatomy, kT1Noise);
    result.localizer = ScanLocalizer(patient, tissues, protocol,
                                     {noise(kLocalizerNoise), noise(kLocalizerNoise + 1), noise(kLocalizerNoise + 2)});
  }
  return result;
}

}  // namespace parotis::phantom
