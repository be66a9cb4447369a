#include "physics/acquire.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace parotis::physics {
namespace {

using base::Random;
using image::Geometry;
using image::Volume;

constexpr double kFatPpm = -3.5;
constexpr double kHzPerTeslaPpm = 42.577;
// Parallel imaging's noise in the middle against the border [p].
constexpr double kMiddleNoise = 0.25;

// Of tissue in an echo-planar readout [p].
double EchoPlanarT2Star(phantom::FieldStrength field) { return field == phantom::FieldStrength::k3T ? 45 : 60; }

// What suppression leaves of the fat on the fine pixels of one slice.
std::vector<float> FatPlane(const FatFailure& failure, const Geometry& fine, std::int64_t slice, double usual) {
  std::vector<float> plane(static_cast<std::size_t>(fine.size[0] * fine.size[1]));
  const double middle = (static_cast<double>(slice) + 0.5) * kSubSlices - 0.5;
  std::size_t p = 0;
  for (std::int64_t j = 0; j < fine.size[1]; ++j) {
    for (std::int64_t i = 0; i < fine.size[0]; ++i, ++p) {
      const image::Vector3 world = WorldFromVoxel(fine, {static_cast<double>(i), static_cast<double>(j), middle});
      double squared = 0;
      for (int a = 0; a < 3; ++a) squared += std::pow(world[a] - failure.centre_world[a], 2);
      const double near = std::exp(-squared / (failure.radius_mm * failure.radius_mm));
      plane[p] = static_cast<float>(usual + (failure.left - usual) * near);
    }
  }
  return plane;
}

// Swallowing: rests, with a few jerks between the lines.
std::vector<double> LineShifts(double amplitude_mm, std::int64_t lines, Random& random) {
  if (amplitude_mm <= 0) return {};
  std::vector<double> shifts(static_cast<std::size_t>(lines), 0.0);
  for (std::int64_t swallow = 1 + random.Integer(3); swallow > 0; --swallow) {
    const std::int64_t first = random.Integer(lines);
    const std::int64_t count = 2 + random.Integer(std::max<std::int64_t>(1, lines / 24));
    const double shift = random.Normal(0, amplitude_mm);
    for (std::int64_t n = first; n < std::min(lines, first + count); ++n) shifts[n] += shift;
  }
  return shifts;
}

// The position of an index on [−1, 1] over an axis of `count`.
double Unit(std::int64_t index, std::int64_t count) {
  return (2.0 * static_cast<double>(index) + 1) / static_cast<double>(count) - 1;
}

// Signals as the coils hear them, in stored units.
void Hear(SlicePlanes& planes, double gain, const ReceiveField& field, double w) {
  std::size_t at = 0;
  for (std::int64_t j = 0; j < planes.rows; ++j) {
    const double v = Unit(j, planes.rows);
    for (std::int64_t i = 0; i < planes.columns; ++i, ++at) {
      const auto scale = static_cast<float>(gain * SensitivityAt(field, Unit(i, planes.columns), v, w));
      planes.water[at] *= scale;
      planes.fat[at] *= scale;
      if (!planes.slow_water.empty()) planes.slow_water[at] *= scale;
    }
  }
}

// Magnitude, what parallel imaging and further channels add to the noise, correction of the sensitivity, rounding.
void Store(const ComplexSlice& slice, std::int64_t k, const Receiver& receiver, bool exact, Random& random,
           Volume& volume) {
  const auto& size = volume.geometry.size;
  const double w = Unit(k, size[2]);
  std::size_t at = 0;
  for (std::int64_t j = 0; j < size[1]; ++j) {
    const double v = Unit(j, size[1]);
    for (std::int64_t i = 0; i < size[0]; ++i, ++at) {
      const double u = Unit(i, size[0]);
      double value = std::abs(slice[at]);
      if (!exact) {
        const double g = 1 + receiver.middle_noise * std::max(0.0, 1 - u * u - v * v);
        if (g > 1) value = NoisyMagnitude(value, receiver.sigma * std::sqrt(g * g - 1), 1, random);
        if (receiver.channels > 1)
          value = std::hypot(value, NoiseOfChannels(receiver.sigma, receiver.channels - 1, random));
        if (receiver.corrected) value /= SensitivityAt(receiver.field, u, v, w);
        value = std::clamp(std::round(value), 0.0, kLargestStored);
      }
      volume.At(i, j, k) = static_cast<float>(value);
    }
  }
}

// Where in a map the samples of one voxel are.
using Samples = std::array<std::size_t, kSubSlices>;

// Labels of voxels from those of their samples.
template <class LabelOf>
image::LabelVolume LabelsOn(const Geometry& grid, const LabelOf& label_of) {
  image::LabelVolume labels(grid);
  const auto plane = static_cast<std::size_t>(grid.size[0] * grid.size[1]);
  for (std::size_t v = 0; v < labels.voxels.size(); ++v) {
    Samples samples;
    for (std::size_t s = 0; s < samples.size(); ++s) samples[s] = (v / plane * kSubSlices + s) * plane + v % plane;
    labels.voxels[v] = label_of(samples);
  }
  return labels;
}

phantom::Tissue ReferenceTissue() {
  phantom::Tissue t;
  t.water = 0.94, t.t1_ms = 1350, t.t2_ms = 100;
  t.diffusion = phantom::ModelWithAdc(1100, 0.1, 20000, 0.8);
  t.kinetics = {1, 0.1, 5, 0.42};
  return t;
}

}  // namespace

double ReferenceSignal(phantom::FieldStrength field, const Sequence& sequence, double b_s_mm2) {
  const std::uint8_t mean = phantom::CodeOfTexture(0);
  const SignalTables tables = MakeTables({ReferenceTissue()}, field, sequence, b_s_mm2);
  return tables.water[0][mean] * tables.decay[0][mean];
}

double FatOffsetHz(phantom::FieldStrength field) { return kFatPpm * kHzPerTeslaPpm * phantom::TeslaOf(field); }

Volume Acquire(const phantom::TissueMap& map, const std::vector<phantom::Tissue>& tissues, const Shot& shot,
               const Protocol& protocol, const Geometry& grid, Random random, const Conditions& conditions) {
  const Sequence& sequence = shot.sequence;
  const bool echo_planar = sequence.kind == SequenceKind::kEchoPlanar;
  const Slab slab(map, MakeTables(tissues, protocol.field, sequence, shot.b_s_mm2),
                  sequence.kind == SequenceKind::kTurboSpinEcho && sequence.echo_train > 1);
  // A dynamic series keeps the gain of its first frame.
  Sequence before = sequence;
  before.after_injection_s = sequence.kind == SequenceKind::kGradientEcho ? -1 : sequence.after_injection_s;
  const double gain = shot.gain / ReferenceSignal(protocol.field, before, 0);
  Receiver receiver;
  receiver.field = protocol.exact ? ReceiveField{} : protocol.bias;
  receiver.corrected = protocol.bias_corrected;
  receiver.sigma = protocol.exact ? 0 : gain * ReferenceSignal(protocol.field, before, shot.b_s_mm2) / shot.snr;
  receiver.channels = echo_planar ? protocol.diffusion_channels : 1;
  // The stated ratio is that between the border and the middle.
  if (echo_planar) receiver.middle_noise = kMiddleNoise, receiver.sigma /= 1 + kMiddleNoise / 2;
  const SliceGrid pixels = {grid.size[0], grid.size[1], {grid.spacing_mm[0], grid.spacing_mm[1]}};
  const double fat_hz = protocol.exact ? 0 : FatOffsetHz(protocol.field);
  ReadoutFaults faults = conditions.readout;
  const std::vector<float> no_field;
  Volume volume(grid);
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    SlicePlanes planes = slab.Slice(k, conditions.motion);
    const double left = conditions.dropouts.empty() ? 1 : conditions.dropouts[static_cast<std::size_t>(k)];
    Hear(planes, gain * left, receiver.field, Unit(k, grid.size[2]));
    const std::vector<float> fat = conditions.fat_failure != nullptr
                                       ? FatPlane(*conditions.fat_failure, map.grid, k, sequence.fat_left)
                                       : std::vector<float>();
    ComplexSlice slice;
    if (echo_planar) {
      const std::vector<float>& field =
          conditions.field_hz.empty() ? no_field : conditions.field_hz[static_cast<std::size_t>(k)];
      slice = ReadEchoPlanar(planes, fat, field, sequence, fat_hz, EchoPlanarT2Star(protocol.field), pixels,
                             receiver.sigma, faults, random);
    } else {
      faults.line_shift_mm = LineShifts(conditions.swallowing_mm, grid.size[1], random);
      slice = ReadLines(planes, fat, sequence, fat_hz, pixels, receiver.sigma, faults, random);
    }
    Store(slice, k, receiver, protocol.exact, random, volume);
  }
  return volume;
}

Volume AdcMap(const Volume& b0, const Volume& b_high, double b_high_s_mm2, double darkest, bool exact) {
  Volume adc(b0.geometry);
  for (std::size_t v = 0; v < adc.voxels.size(); ++v) {
    if (b0.voxels[v] < darkest) continue;
    const double value = std::min(kLargestStored, AdcFrom(b0.voxels[v], b_high.voxels[v], 0, b_high_s_mm2));
    adc.voxels[v] = static_cast<float>(exact ? value : std::round(value));
  }
  return adc;
}

image::LabelVolume LesionsOn(const phantom::TissueMap& map, const Geometry& grid) {
  return LabelsOn(grid, [&](const Samples& samples) -> std::uint8_t {
    int occupied = 0;
    std::uint8_t lesion = 0;
    for (const std::size_t sample : samples) {
      occupied += map.occupancy[sample];
      lesion = std::max(lesion, map.lesion[sample]);
    }
    return 2 * occupied >= 255 * kSubSlices ? lesion : 0;
  });
}

image::LabelVolume GlandsOn(const phantom::TissueMap& map, const Geometry& grid) {
  return LabelsOn(grid, [&](const Samples& samples) -> std::uint8_t {
    std::array<std::uint8_t, kSubSlices> region{};
    int filled = 0;
    for (int s = 0; s < kSubSlices; ++s) {
      region[s] = map.gland[samples[s]];
      filled += region[s] != 0 ? 1 : 0;
    }
    if (2 * filled < kSubSlices) return 0;
    std::sort(region.begin(), region.end());
    // With two samples per slice the median of those that are gland is their most frequent region.
    return region[kSubSlices - 1 - (filled - 1) / 2];
  });
}

}  // namespace parotis::physics
