#include "maps/local_quadratic.h"

#include <cmath>

#include "maps/least_squares.h"

namespace parotis::maps {
namespace {

constexpr std::size_t kFewest = 4;
constexpr double kWider = 1.25;

double Tricube(double distance) {
  const double closeness = 1 - distance * distance * distance;
  return distance < 1 ? closeness * closeness * closeness : 0;
}

}  // namespace

LocalFit FitLocally(std::span<const double> times, std::span<const double> trust, double place, double half_width) {
  double width = half_width;
  const auto near = [&](double time) { return std::abs(time - place) < width; };
  const auto how_many = [&] { return static_cast<std::size_t>(std::count_if(times.begin(), times.end(), near)); };
  while (how_many() < std::min(kFewest, times.size())) width *= kWider;

  const auto first = std::find_if(times.begin(), times.end(), near) - times.begin();
  const std::size_t begin = static_cast<std::size_t>(first);
  const std::size_t count = how_many();
  std::array<Parameters<3>, 3> normal{};
  std::vector<Parameters<3>> terms(count);
  for (std::size_t n = 0; n < count; ++n) {
    const double x = (times[begin + n] - place) / width;
    const double weight = Tricube(std::abs(x)) * trust[begin + n];
    const Parameters<3> powers = {1, x, x * x};
    for (std::size_t i = 0; i < 3; ++i) {
      terms[n][i] = weight * powers[i];
      for (std::size_t j = 0; j <= i; ++j) normal[i][j] += weight * powers[i] * powers[j];
    }
  }
  for (std::size_t i = 0; i < 3; ++i) normal[i][i] += 1e-12;
  Parameters<3> of_value = {1, 0, 0};
  Parameters<3> of_slope = {0, 1, 0};
  SolveSymmetric<3>(normal, of_value);
  SolveSymmetric<3>(normal, of_slope);
  LocalFit fit{{begin, {}}, {begin, {}}};
  for (const Parameters<3>& each : terms) {
    fit.value.weights.push_back(of_value[0] * each[0] + of_value[1] * each[1] + of_value[2] * each[2]);
    fit.slope.weights.push_back((of_slope[0] * each[0] + of_slope[1] * each[1] + of_slope[2] * each[2]) / width);
  }
  return fit;
}

}  // namespace parotis::maps
