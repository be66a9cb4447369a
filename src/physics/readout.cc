#include "physics/readout.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace parotis::physics {
namespace {

using base::Random;

constexpr double kTurn = 2 * std::numbers::pi;

// Lines fade towards the border of k-space over this share of their number, as vendors' filters make them.
constexpr double kFade = 0.15;

double Filter(double k, double lines) {
  const double from_border = 0.5 - std::abs(k) / lines;
  return from_border >= kFade ? 1 : 0.5 * (1 - std::cos(std::numbers::pi * std::max(from_border, 0.0) / kFade));
}

Complex Phase(double radians) { return {static_cast<float>(std::cos(radians)), static_cast<float>(std::sin(radians))}; }

// Two standard normal values at once.
Complex DrawNoise(Random& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.Uniform()));
  const double angle = kTurn * random.Uniform();
  return {static_cast<float>(radius * std::cos(angle)), static_cast<float>(radius * std::sin(angle))};
}

// `fat` as it appears, suppressed and shifted along the rows by a part of a pixel.
std::vector<float> AppearingFat(const SlicePlanes& planes, const std::vector<float>& fat_left, double left,
                                double shift_pixels) {
  std::vector<float> result(planes.fat.size(), 0.0f);
  const auto whole = static_cast<std::int64_t>(std::floor(shift_pixels));
  const auto part = static_cast<float>(shift_pixels - static_cast<double>(whole));
  for (std::int64_t j = 0; j < planes.rows; ++j) {
    const std::int64_t row = j * planes.columns;
    for (std::int64_t i = 0; i < planes.columns; ++i) {
      const float fat = planes.fat[row + i] * (fat_left.empty() ? static_cast<float>(left) : fat_left[row + i]);
      const std::int64_t to = i + whole;
      if (to >= 0 && to < planes.columns) result[row + to] += (1 - part) * fat;
      if (to + 1 >= 0 && to + 1 < planes.columns) result[row + to + 1] += part * fat;
    }
  }
  return result;
}

// Along an echo train: how much of each acquired line is left against the line at the effective echo time.
struct TrainDecay {
  std::vector<float> fast, slow, fat;  // [lines]
};

TrainDecay DecayAlong(const Sequence& sequence, std::int64_t lines) {
  TrainDecay decay;
  const double span_ms =
      sequence.kind == SequenceKind::kTurboSpinEcho ? sequence.echo_train * sequence.echo_spacing_ms : 0;
  constexpr double fat_ms = 140;
  for (std::int64_t n = 0; n < lines; ++n) {
    const double late_ms = span_ms * static_cast<double>(n + LowestFrequency(lines)) / static_cast<double>(lines);
    decay.fast.push_back(static_cast<float>(std::exp(-late_ms / kShortT2Ms)));
    decay.slow.push_back(static_cast<float>(std::exp(-late_ms / kLongT2Ms)));
    decay.fat.push_back(static_cast<float>(std::exp(-late_ms / fat_ms)));
  }
  return decay;
}

// Puts signal where the field moves it: each fine sample is an interval whose ends move, and what it holds is spread
// over where it comes to lie. `line` has `bins` of `bin_mm`, and wraps around.
void Deposit(float signal, double from_bin, double to_bin, std::vector<Complex>& line) {
  if (from_bin > to_bin) std::swap(from_bin, to_bin);
  const auto bins = static_cast<std::int64_t>(line.size());
  const double width = std::max(to_bin - from_bin, 1e-6);
  for (auto bin = static_cast<std::int64_t>(std::floor(from_bin)); static_cast<double>(bin) < to_bin; ++bin) {
    const double covered =
        std::min(to_bin, static_cast<double>(bin + 1)) - std::max(from_bin, static_cast<double>(bin));
    line[static_cast<std::size_t>(((bin % bins) + bins) % bins)] += static_cast<float>(signal * covered / width);
  }
}

}  // namespace

RowFootprints::RowFootprints(std::int64_t fine, double fine_mm, std::int64_t coarse, double coarse_mm)
    : fine_(fine), footprints_(static_cast<std::size_t>(coarse)) {
  for (std::int64_t c = 0; c < coarse; ++c) {
    const double low = (static_cast<double>(c) - 0.5 * static_cast<double>(coarse)) * coarse_mm / fine_mm +
                       0.5 * static_cast<double>(fine);
    const double high = low + coarse_mm / fine_mm;
    Footprint& footprint = footprints_[static_cast<std::size_t>(c)];
    footprint.first = std::clamp<std::int64_t>(std::llround(std::floor(low)), 0, fine);
    for (std::int64_t f = footprint.first; f < fine && static_cast<double>(f) < high; ++f) {
      const double overlap = std::min(high, static_cast<double>(f + 1)) - std::max(low, static_cast<double>(f));
      footprint.weights.push_back(static_cast<float>(std::max(0.0, overlap) * fine_mm / coarse_mm));
    }
  }
}

std::vector<float> RowFootprints::Apply(const std::vector<float>& plane, std::int64_t rows) const {
  const auto coarse = static_cast<std::int64_t>(footprints_.size());
  std::vector<float> result(static_cast<std::size_t>(rows * coarse));
  for (std::int64_t j = 0; j < rows; ++j) {
    for (std::int64_t c = 0; c < coarse; ++c) {
      const Footprint& footprint = footprints_[static_cast<std::size_t>(c)];
      const float* from = plane.data() + j * fine_ + footprint.first;
      float sum = 0;
      for (std::size_t n = 0; n < footprint.weights.size(); ++n) sum += footprint.weights[n] * from[n];
      result[static_cast<std::size_t>(j * coarse + c)] = sum;
    }
  }
  return result;
}

ComplexSlice ReadLines(const SlicePlanes& planes, const std::vector<float>& fat_left, const Sequence& sequence,
                       double fat_offset_hz, const SliceGrid& grid, double sigma, const ReadoutFaults& faults,
                       Random& random) {
  const RowFootprints footprints(planes.columns, planes.pixel_mm[0], grid.columns, grid.pixel_mm[0]);
  // The bandwidth is that of a pixel of the image.
  const double shift = fat_offset_hz / sequence.read_bandwidth_hz * grid.pixel_mm[0] / planes.pixel_mm[0];
  const std::vector<float> fat =
      footprints.Apply(AppearingFat(planes, fat_left, sequence.fat_left, shift), planes.rows);
  const std::vector<float> water = footprints.Apply(planes.water, planes.rows);
  const std::vector<float> slow =
      planes.slow_water.empty() ? std::vector<float>() : footprints.Apply(planes.slow_water, planes.rows);
  const std::int64_t lines = std::min(
      {grid.rows, planes.rows, sequence.phase_lines > 0 ? static_cast<std::int64_t>(sequence.phase_lines) : grid.rows});
  const TrainDecay decay = DecayAlong(sequence, lines);
  const double field_of_view_mm = static_cast<double>(grid.rows) * grid.pixel_mm[1];
  // The first samples of the two grids do not lie at the same place.
  const double offset = 0.5 * (grid.pixel_mm[1] - planes.pixel_mm[1]) / field_of_view_mm;
  std::vector<Complex> filter(static_cast<std::size_t>(lines));
  double energy = 0;
  for (std::int64_t n = 0; n < lines; ++n) {
    const auto k = static_cast<double>(n + LowestFrequency(lines));
    energy += std::pow(Filter(k, static_cast<double>(lines)), 2);
    const double moved = faults.line_shift_mm.empty() ? 0 : faults.line_shift_mm[n] / field_of_view_mm;
    filter[n] = static_cast<float>(Filter(k, static_cast<double>(lines)) / static_cast<double>(planes.rows)) *
                Phase(kTurn * k * (offset - moved));
  }
  // Each line brings noise to every pixel.
  const auto line_sigma = static_cast<float>(sigma * static_cast<double>(planes.rows) / std::sqrt(energy));
  ComplexSlice slice(static_cast<std::size_t>(grid.columns * grid.rows));
  // Two real columns in one complex line: fast in the real part, slow in the imaginary one.
  std::vector<Complex> both(planes.rows), lipid(planes.rows), spectrum(planes.rows), lipid_spectrum(planes.rows);
  std::vector<Complex> kept(grid.rows), column(grid.rows);
  for (std::int64_t i = 0; i < grid.columns; ++i) {
    for (std::int64_t j = 0; j < planes.rows; ++j) {
      const auto at = static_cast<std::size_t>(j * grid.columns + i);
      const float late = slow.empty() ? 0 : slow[at];
      both[j] = {water[at] - late, late};
      lipid[j] = fat[at];
    }
    TransformForward(both.data(), spectrum.data(), planes.rows);
    TransformForward(lipid.data(), lipid_spectrum.data(), planes.rows);
    std::fill(kept.begin(), kept.end(), Complex(0));
    for (std::int64_t n = 0; n < lines; ++n) {
      const std::int64_t k = n + LowestFrequency(lines);
      const std::int64_t at = IndexOfFrequency(k, planes.rows);
      const Complex forward = spectrum[at], mirrored = std::conj(spectrum[(planes.rows - at) % planes.rows]);
      const Complex fast = 0.5f * (forward + mirrored), late = Complex(0, -0.5f) * (forward - mirrored);
      const Complex signal = decay.fast[n] * fast + decay.slow[n] * late + decay.fat[n] * lipid_spectrum[at];
      kept[IndexOfFrequency(k, grid.rows)] = filter[n] * (signal + line_sigma * DrawNoise(random));
    }
    TransformInverse(kept.data(), column.data(), grid.rows);
    for (std::int64_t j = 0; j < grid.rows; ++j) slice[static_cast<std::size_t>(j * grid.columns + i)] = column[j];
  }
  return slice;
}

ComplexSlice ReadEchoPlanar(const SlicePlanes& planes, const std::vector<float>& fat_left,
                            const std::vector<float>& field_hz, const Sequence& sequence, double fat_offset_hz,
                            double t2_star_ms, const SliceGrid& grid, double sigma, const ReadoutFaults& faults,
                            Random& random) {
  constexpr std::int64_t kBinsPerPixel = 4;
  const RowFootprints footprints(planes.columns, planes.pixel_mm[0], grid.columns, grid.pixel_mm[0]);
  const std::vector<float> water = footprints.Apply(planes.water, planes.rows);
  const std::vector<float> fat = footprints.Apply(AppearingFat(planes, fat_left, sequence.fat_left, 0), planes.rows);
  const std::vector<float> field = field_hz.empty() ? std::vector<float>() : footprints.Apply(field_hz, planes.rows);
  const std::int64_t bins = grid.rows * kBinsPerPixel;
  const double bin_mm = grid.pixel_mm[1] / kBinsPerPixel;
  const double bins_per_hz = kBinsPerPixel / EchoPlanarBandwidthHz(sequence, static_cast<int>(grid.rows));
  const double bins_per_sample = planes.pixel_mm[1] / bin_mm;
  // Concentric grids: where the upper edge of the first fine sample lies.
  const double first = 0.5 * static_cast<double>(bins) - 0.5 * static_cast<double>(planes.rows) * bins_per_sample;
  const double line_ms = sequence.echo_spacing_ms / sequence.acceleration;
  const double ghost = std::asin(std::clamp(faults.ghost, 0.0, 0.9));
  const auto line_sigma = static_cast<float>(sigma * std::sqrt(static_cast<double>(grid.rows)));
  std::vector<Complex> filter(static_cast<std::size_t>(grid.rows));
  for (std::int64_t n = 0; n < grid.rows; ++n) {
    const auto k = static_cast<double>(n + LowestFrequency(grid.rows));
    const double scale = Filter(k, static_cast<double>(grid.rows)) * std::exp(-k * line_ms / t2_star_ms);
    // Bins begin at the edge of the field of view, pixels half a pixel in.
    filter[n] = static_cast<float>(scale) * Phase(kTurn * k * 0.5 * (kBinsPerPixel - 1) / static_cast<double>(bins));
  }
  ComplexSlice slice(static_cast<std::size_t>(grid.columns * grid.rows));
  std::vector<Complex> line(static_cast<std::size_t>(bins)), spectrum(line.size()), kept(grid.rows), column(grid.rows);
  std::vector<double> edge(static_cast<std::size_t>(planes.rows + 1));
  const auto per_bin = static_cast<float>(bins_per_sample);
  for (std::int64_t i = 0; i < grid.columns; ++i) {
    const auto offset_hz = [&](std::int64_t j) {
      return field.empty() ? 0.0
                           : static_cast<double>(field[static_cast<std::size_t>(
                                 std::clamp<std::int64_t>(j, 0, planes.rows - 1) * grid.columns + i)]);
    };
    for (std::int64_t j = 0; j <= planes.rows; ++j) {
      edge[j] =
          first + static_cast<double>(j) * bins_per_sample + 0.5 * (offset_hz(j - 1) + offset_hz(j)) * bins_per_hz;
    }
    std::fill(line.begin(), line.end(), Complex(0));
    for (std::int64_t j = 0; j < planes.rows; ++j) {
      const auto at = static_cast<std::size_t>(j * grid.columns + i);
      if (water[at] > 0) Deposit(per_bin * water[at], edge[j], edge[j + 1], line);
      const double fat_shift = fat_offset_hz * bins_per_hz;
      if (fat[at] > 0) Deposit(per_bin * fat[at], edge[j] + fat_shift, edge[j + 1] + fat_shift, line);
    }
    TransformForward(line.data(), spectrum.data(), bins);
    const double slope = faults.ghost_slope * (static_cast<double>(i) / static_cast<double>(grid.columns) - 0.5);
    const Complex even = Phase(ghost + slope) / static_cast<float>(bins),
                  odd = std::conj(Phase(ghost + slope)) / static_cast<float>(bins);
    std::fill(kept.begin(), kept.end(), Complex(0));
    for (std::int64_t n = 0; n < grid.rows; ++n) {
      const std::int64_t k = n + LowestFrequency(grid.rows);
      const Complex noise = line_sigma / static_cast<float>(grid.rows) * DrawNoise(random);
      kept[IndexOfFrequency(k, grid.rows)] =
          filter[n] * spectrum[IndexOfFrequency(k, bins)] * (n % 2 == 0 ? even : odd) + noise;
    }
    TransformInverse(kept.data(), column.data(), grid.rows);
    for (std::int64_t j = 0; j < grid.rows; ++j) slice[static_cast<std::size_t>(j * grid.columns + i)] = column[j];
  }
  return slice;
}

}  // namespace parotis::physics
