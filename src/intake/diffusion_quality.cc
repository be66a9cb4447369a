#include "intake/diffusion_quality.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>

#include "image/resample.h"
#include "image/threshold.h"
#include "intake/block_shift.h"

namespace parotis::intake {
namespace {

using image::LabelVolume;
using image::Volume;

constexpr double kLostDip = 0.6;
constexpr double kLostDecay = 0.4;
constexpr std::int64_t kNeighbours = 3;
constexpr double kFar_mm = 5;
constexpr std::size_t kFewestBlocks = 10;
constexpr std::size_t kFewestAirVoxels = 200;
constexpr std::int64_t kRim = 2;  // voxels around the body that are neither body nor air
constexpr double kMedianOfNormal = 0.6745;
constexpr double kNormOfMask = 6;  // of Immerkaer's mask: the root of the sum of its squares

double Median(std::vector<float> values) {
  const std::array<double, 1> middle = {0.5};
  return values.empty() ? 0 : image::Quantiles(std::move(values), middle).front();
}

std::vector<float> ValuesInside(const Volume& volume, const LabelVolume& mask) {
  std::vector<float> values;
  for (std::size_t n = 0; n < volume.voxels.size(); ++n) {
    if (mask.voxels[n] != 0) values.push_back(volume.voxels[n]);
  }
  return values;
}

// True where most of the 3 × 3 voxels around are brighter than the body's threshold: single bright voxels are noise.
LabelVolume BodyOf(const Volume& unweighted) {
  const float threshold = BodyThreshold(unweighted);
  LabelVolume body(unweighted.geometry);
  const auto& size = unweighted.geometry.size;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 1; j + 1 < size[1]; ++j) {
      for (std::int64_t i = 1; i + 1 < size[0]; ++i) {
        int bright = 0;
        for (const std::int64_t dj : {-1, 0, 1}) {
          for (const std::int64_t di : {-1, 0, 1}) bright += unweighted.At(i + di, j + dj, k) > threshold ? 1 : 0;
        }
        body.At(i, j, k) = bright >= 5 ? 1 : 0;
      }
    }
  }
  return body;
}

// Per slice, what lies between the first and the last true voxel of its row and of its column.
LabelVolume Outline(const LabelVolume& body) {
  LabelVolume outline(body.geometry);
  const auto& size = body.geometry.size;
  struct Range {
    std::int64_t first = -1, last = -1;
    void Add(std::int64_t at) {
      if (first < 0) first = at;
      last = at;
    }
    bool Holds(std::int64_t at) const { return first >= 0 && at >= first && at <= last; }
  };
  for (std::int64_t k = 0; k < size[2]; ++k) {
    std::vector<Range> rows(static_cast<std::size_t>(size[1]));
    std::vector<Range> columns(static_cast<std::size_t>(size[0]));
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i) {
        if (body.At(i, j, k) == 0) continue;
        rows[static_cast<std::size_t>(j)].Add(i);
        columns[static_cast<std::size_t>(i)].Add(j);
      }
    }
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i)
        outline.At(i, j, k) =
            rows[static_cast<std::size_t>(j)].Holds(i) && columns[static_cast<std::size_t>(i)].Holds(j) ? 1 : 0;
    }
  }
  return outline;
}

LabelVolume Widened(const LabelVolume& mask) {
  LabelVolume wide = mask;
  const auto& size = mask.geometry.size;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i) {
        if (mask.At(i, j, k) == 0) continue;
        for (std::int64_t y = std::max<std::int64_t>(0, j - kRim); y <= std::min(size[1] - 1, j + kRim); ++y) {
          for (std::int64_t x = std::max<std::int64_t>(0, i - kRim); x <= std::min(size[0] - 1, i + kRim); ++x)
            wide.At(x, y, k) = 1;
        }
      }
    }
  }
  return wide;
}

double NoiseInside(const Volume& volume, const LabelVolume& body) {
  std::vector<float> differences;
  const auto& size = volume.geometry.size;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 1; j + 1 < size[1]; ++j) {
      for (std::int64_t i = 1; i + 1 < size[0]; ++i) {
        if (body.At(i, j, k) == 0) continue;
        const auto row = [&](std::int64_t y) {
          return volume.At(i - 1, y, k) - 2 * volume.At(i, y, k) + volume.At(i + 1, y, k);
        };
        differences.push_back(std::abs(row(j - 1) - 2 * row(j) + row(j + 1)));
      }
    }
  }
  return Median(std::move(differences)) / kMedianOfNormal / kNormOfMask;
}

// Excess of air in the body's shadow, half a field of view away along `axis`.
double GhostAlong(const Volume& volume, const LabelVolume& outline, const LabelVolume& not_air, std::size_t axis) {
  const auto& size = volume.geometry.size;
  std::array<double, 2> sums = {0, 0};
  std::array<std::size_t, 2> counts = {0, 0};
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i) {
        if (not_air.At(i, j, k) != 0) continue;
        const std::int64_t x = axis == 0 ? (i + size[0] / 2) % size[0] : i;
        const std::int64_t y = axis == 1 ? (j + size[1] / 2) % size[1] : j;
        const std::size_t shadow = outline.At(x, y, k);
        sums[shadow] += volume.At(i, j, k);
        ++counts[shadow];
      }
    }
  }
  if (std::min(counts[0], counts[1]) < kFewestAirVoxels) return 0;
  return sums[1] / static_cast<double>(counts[1]) - sums[0] / static_cast<double>(counts[0]);
}

// Mean of each slice over the body of it and its neighbours; absent where that is empty.
std::vector<std::optional<double>> SliceMeans(const Volume& volume, const LabelVolume& outline) {
  const auto& size = volume.geometry.size;
  std::vector<std::optional<double>> means(static_cast<std::size_t>(size[2]));
  for (std::int64_t k = 0; k < size[2]; ++k) {
    const std::int64_t below = std::max<std::int64_t>(0, k - 1);
    const std::int64_t above = std::min(size[2] - 1, k + 1);
    double sum = 0;
    std::int64_t count = 0;
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i) {
        if (outline.At(i, j, k) + outline.At(i, j, below) + outline.At(i, j, above) == 0) continue;
        sum += volume.At(i, j, k);
        ++count;
      }
    }
    if (count > 0) means[static_cast<std::size_t>(k)] = sum / static_cast<double>(count);
  }
  return means;
}

bool IsDip(std::span<const std::optional<double>> means, std::int64_t k) {
  const auto brightest = [&](std::int64_t from, std::int64_t to) {
    double highest = 0;
    for (std::int64_t n = std::max<std::int64_t>(0, from); n <= std::min(std::ssize(means) - 1, to); ++n)
      highest = std::max(highest, means[static_cast<std::size_t>(n)].value_or(0));
    return highest;
  };
  const double around = std::min(brightest(k - kNeighbours, k - 1), brightest(k + 1, k + kNeighbours));
  return means[static_cast<std::size_t>(k)].value_or(around) < kLostDip * around;
}

double LostSlices(const Volume& lowest, const Volume& highest, const LabelVolume& outline) {
  const auto low = SliceMeans(lowest, outline);
  const auto high = SliceMeans(highest, outline);
  std::vector<float> left;
  for (std::size_t k = 0; k < low.size(); ++k) {
    if (low[k].value_or(0) > 0) left.push_back(static_cast<float>(*high[k] / *low[k]));
  }
  const double usual = Median(left);
  int lost = 0;
  int judged = 0;
  for (std::size_t k = 0; k < low.size(); ++k) {
    if (!low[k]) continue;
    ++judged;
    const auto slice = static_cast<std::int64_t>(k);
    const bool decayed = *low[k] > 0 && *high[k] < kLostDecay * usual * *low[k];
    lost += decayed || IsDip(low, slice) || IsDip(high, slice) ? 1 : 0;
  }
  return judged == 0 ? 0 : static_cast<double>(lost) / judged;
}

std::optional<double> Displaced(const Volume& lowest, const Volume* reference) {
  if (reference == nullptr) return std::nullopt;
  const auto shifts_mm =
      BlockShiftsMm(image::Resample(*reference, lowest.geometry, image::Interpolation::kLinear), lowest);
  if (shifts_mm.size() < kFewestBlocks) return std::nullopt;
  const auto far = std::count_if(shifts_mm.begin(), shifts_mm.end(), [](double mm) { return mm > kFar_mm; });
  return static_cast<double>(far) / static_cast<double>(shifts_mm.size());
}

double Rising(const Volume& lowest, const Volume& highest, const LabelVolume& body) {
  std::int64_t inside = 0;
  std::int64_t rising = 0;
  for (std::size_t n = 0; n < body.voxels.size(); ++n) {
    if (body.voxels[n] == 0) continue;
    ++inside;
    rising += highest.voxels[n] > lowest.voxels[n] ? 1 : 0;
  }
  return inside == 0 ? 0 : static_cast<double>(rising) / static_cast<double>(inside);
}

// A quantity, its limits (doubtful, unusable) and what to call it. Where low is bad the limits fall.
struct Limit {
  double value, doubtful, unusable;
  std::string said;

  bool Beyond(double limit) const { return unusable > doubtful ? value > limit : value < limit; }
};

std::vector<Limit> LimitsOf(const DiffusionQuality& q) {
  std::vector<Limit> limits = {
      {q.signal_to_noise, 3.5, 3.1, fmt::format("signal to noise {:.1f} at the highest b-value", q.signal_to_noise)},
      {q.ghost, 0.095, 0.11, fmt::format("ghosts of {:.0f} % of the body's signal", 100 * q.ghost)},
      {q.lost_slices, 0.03, 0.08, fmt::format("signal lost in {:.0f} % of the slices", 100 * q.lost_slices)},
      {q.rising, 0.05, 0.1, fmt::format("signal that rises with the b-value in {:.0f} % of the body", 100 * q.rising)},
      {q.shift_between_b_mm, 2.9, 4.4,
       fmt::format("images of different b-values {:.0f} mm apart", q.shift_between_b_mm)},
      {q.residual, 0.05, 0.1, fmt::format("a decay that the fit misses by {:.0f} %", 100 * q.residual)}};
  if (q.displaced) {
    limits.push_back({*q.displaced, 0.41, 0.44,
                      fmt::format("{:.0f} % of the image more than {:.0f} mm away from where the T2-weighted image "
                                  "shows it",
                                  100 * *q.displaced, kFar_mm)});
  }
  return limits;
}

}  // namespace

DiffusionQuality MeasureQuality(const Volume& lowest, const Volume& highest, const DiffusionFit& fit,
                                const Volume* reference) {
  const LabelVolume body = BodyOf(lowest);
  const LabelVolume outline = Outline(body);
  const LabelVolume not_air = Widened(outline);
  const double brightness = Median(ValuesInside(lowest, body));
  const double noise = NoiseInside(highest, body);
  DiffusionQuality quality;
  // Without noise (a constant or computed picture) the ratio has no limit; any large number says so.
  quality.signal_to_noise = noise > 0 ? Median(ValuesInside(highest, body)) / noise : 1e6;
  if (brightness > 0) {
    quality.ghost =
        std::max({0.0, GhostAlong(lowest, outline, not_air, 0), GhostAlong(lowest, outline, not_air, 1)}) / brightness;
  }
  quality.lost_slices = LostSlices(lowest, highest, outline);
  quality.rising = Rising(lowest, highest, body);
  quality.shift_between_b_mm = WholeShiftMm(lowest, highest, not_air);
  quality.displaced = Displaced(lowest, reference);
  if (fit.b_values_s_mm2.size() > 2) quality.residual = Median(ValuesInside(fit.residual, body));
  return quality;
}

base::Finding JudgeQuality(const DiffusionQuality& quality) {
  std::vector<std::string> unusable;
  std::vector<std::string> doubtful;
  for (const Limit& limit : LimitsOf(quality)) {
    if (limit.Beyond(limit.unusable)) unusable.push_back(limit.said);
    if (limit.Beyond(limit.doubtful)) doubtful.push_back(limit.said);
  }
  if (!unusable.empty())
    return base::Found("diffusion_unusable",
                       fmt::format("the diffusion images are not usable: {}", fmt::join(unusable, ", ")));
  if (!doubtful.empty())
    return base::Found("diffusion_doubtful",
                       fmt::format("the diffusion images are of doubtful quality: {}", fmt::join(doubtful, ", ")));
  return {};
}

}  // namespace parotis::intake
