#include "intake/vendor_adc.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <vector>

#include "base/conditions.h"
#include "image/resample.h"
#include "image/threshold.h"

namespace parotis::intake {
namespace {

// Median ADC of a body region that is mostly living tissue, fat-suppressed or not.
constexpr double kLowestMedian_um2_s = 300;
constexpr double kHighestMedian_um2_s = 3500;
// Units that scanners and archives have been seen to write: 10⁻⁹, 10⁻⁶, 10⁻³ mm²/s and mm²/s.
constexpr std::array<double, 4> kFactors = {1e-3, 1, 1e3, 1e6};

constexpr double kLowestCorrelation = 0.7;
constexpr double kLargestSlopeError = 1.5;  // either way
constexpr std::int64_t kFewestVoxels = 100;
constexpr float kWhollyKnown = 0.999F;

[[noreturn]] void Refuse(const std::string& name, const std::string& fact) {
  base::Refuse(base::Found("adc_contradicts", name + ": " + fact));
}

double MedianOfPositive(const image::Volume& map) {
  std::vector<float> positive;
  for (const float value : map.voxels) {
    if (value > 0) positive.push_back(value);
  }
  const std::array<double, 1> middle = {0.5};
  return positive.empty() ? 0 : image::Quantiles(std::move(positive), middle).front();
}

bool IsTissue(double median_um2_s) {
  return median_um2_s >= kLowestMedian_um2_s && median_um2_s <= kHighestMedian_um2_s;
}

image::Volume Scaled(image::Volume map, double factor) {
  for (float& value : map.voxels) value = static_cast<float>(std::max(0.0, value * factor));
  return map;
}

CheckedAdc WithoutFit(const image::Volume& map, const std::optional<double>& written, const std::string& unit,
                      const std::string& name) {
  const double median = MedianOfPositive(map);
  if (written) {
    if (!IsTissue(median * *written)) {
      Refuse(name, fmt::format("its unit is written as {}, but its median would be {:.4g} µm²/s, which is not tissue",
                               unit, median * *written));
    }
    return {Scaled(map, *written), *written, fmt::format("unit {}, as written", unit), std::nullopt, std::nullopt};
  }
  for (const double factor : kFactors) {
    if (!IsTissue(median * factor)) continue;
    return {
        Scaled(map, factor), factor,
        fmt::format("unit inferred: its median is {:.4g} µm²/s when a value means {:g} µm²/s", median * factor, factor),
        std::nullopt, std::nullopt};
  }
  Refuse(name,
         fmt::format("the unit of the ADC map is not written, and its median {:.4g} fits no unit in use", median));
}

// Positive only where all the map's voxels around are: nothing is mixed with what the vendor blanked.
image::Volume OnGrid(const image::Volume& map, const image::Geometry& grid) {
  image::Volume known = map;
  for (float& value : known.voxels) value = value > 0 ? 1.0F : 0.0F;
  known = image::Resample(known, grid, image::Interpolation::kLinear);
  image::Volume moved = image::Resample(map, grid, image::Interpolation::kLinear);
  for (std::size_t n = 0; n < moved.voxels.size(); ++n) {
    if (known.voxels[n] < kWhollyKnown) moved.voxels[n] = 0;
  }
  return moved;
}

}  // namespace

std::optional<double> FactorOfUnit(const std::string& unit) {
  std::string plain;
  for (const char c : unit) {
    if (c != ' ' && c != '^' && c != '.' && c != '*') plain += c == 'E' ? 'e' : c;
  }
  const auto is = [&](std::initializer_list<const char*> names) {
    for (const char* name : names) {
      if (plain == name) return true;
    }
    return false;
  };
  if (is({"um2/s", "µm2/s", "10-6mm2/s", "1e-6mm2/s", "x10-6mm2/s", "1e-06mm2/s"})) return 1;
  if (is({"10-3mm2/s", "1e-3mm2/s", "x10-3mm2/s", "1e-03mm2/s", "um2/ms", "µm2/ms"})) return 1e3;
  if (is({"mm2/s"})) return 1e6;
  if (is({"10-5mm2/s", "1e-5mm2/s", "1e-05mm2/s"})) return 10;
  if (is({"10-9mm2/s", "1e-9mm2/s", "1e-09mm2/s"})) return 1e-3;
  return std::nullopt;
}

Agreement AgreementOf(const image::Volume& vendor, const image::Volume& ours, const DiffusionFit& fit) {
  const float body = BodyThreshold(fit.s0);
  std::vector<std::pair<double, double>> pairs;  // vendor's, ours
  for (std::size_t n = 0; n < vendor.voxels.size(); ++n) {
    if (fit.s0.voxels[n] > body && vendor.voxels[n] > 0 && ours.voxels[n] > 0) {
      pairs.emplace_back(vendor.voxels[n], ours.voxels[n]);
    }
  }
  Agreement agreement;
  agreement.voxels = static_cast<std::int64_t>(pairs.size());
  if (pairs.empty()) return agreement;
  double mean_x = 0;
  double mean_y = 0;
  for (const auto& [x, y] : pairs) {
    mean_x += x / static_cast<double>(pairs.size());
    mean_y += y / static_cast<double>(pairs.size());
  }
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (const auto& [x, y] : pairs) {
    xx += (x - mean_x) * (x - mean_x);
    yy += (y - mean_y) * (y - mean_y);
    xy += (x - mean_x) * (y - mean_y);
  }
  if (xx > 0 && yy > 0) {
    agreement.slope = xy / xx;
    agreement.correlation = xy / std::sqrt(xx * yy);
  }
  return agreement;
}

Agreement AgreementOf(const image::Volume& vendor, const DiffusionFit& fit) {
  return AgreementOf(vendor, fit.adc_um2_s, fit);
}

CheckedAdc CheckVendorAdc(const image::Volume& map, const std::string& unit, const DiffusionFit* fit,
                          const std::string& name) {
  const std::optional<double> written = FactorOfUnit(unit);
  if (fit == nullptr) return WithoutFit(map, written, unit, name);
  const bool same_grid = image::SameGrid(map.geometry, fit->adc_um2_s.geometry);
  const image::Volume compared = same_grid ? map : OnGrid(map, fit->adc_um2_s.geometry);
  const Agreement raw = AgreementOf(compared, *fit);
  if (raw.voxels < kFewestVoxels || raw.correlation < kLowestCorrelation || raw.slope <= 0) {
    Refuse(name, fmt::format("the ADC map contradicts ln(S0/Sb)/b of the diffusion images (r = {:.3f} over {} voxels)",
                             raw.correlation, raw.voxels));
  }
  const double factor = written ? *written : std::pow(10.0, std::round(std::log10(raw.slope)));
  const double slope = raw.slope / factor;
  if (slope > kLargestSlopeError || slope < 1 / kLargestSlopeError) {
    Refuse(name, fmt::format("the ADC map{} is {:.3g} times smaller than ln(S0/Sb)/b of the diffusion images",
                             written ? " in its written unit " + unit : "", slope));
  }
  Agreement weighted = AgreementOf(compared, fit->adc_weighted_um2_s, *fit);
  weighted.slope /= factor;
  CheckedAdc checked{Scaled(map, factor), factor, {}, Agreement{raw.correlation, slope, raw.voxels}, weighted};
  checked.how = fmt::format(
      "a value means {:g} µm²/s{}; against the ordinary fit of the diffusion images{} r = {:.4f}, slope {:.3f}, "
      "against "
      "the weighted one r = {:.4f}, slope {:.3f}",
      factor, written ? ", as written" : ", found by comparison with the diffusion images",
      same_grid ? "" : ", on their grid,", raw.correlation, slope, weighted.correlation, weighted.slope);
  return checked;
}

}  // namespace parotis::intake
