#include "evaluate/bootstrap.h"

#include <cmath>
#include <vector>

#include "base/parallel.h"
#include "base/random.h"
#include "evaluate/overlap.h"

namespace parotis::evaluate {
namespace {

constexpr std::int64_t kDrawsPerTask = 250;

}  // namespace

Interval Bootstrap(std::size_t units, const std::function<double(std::span<const std::size_t>)>& statistic,
                   const BootstrapOptions& options) {
  if (units == 0) return {kUndefined, kUndefined};
  std::vector<double> results(static_cast<std::size_t>(options.draws));
  const std::int64_t tasks = (options.draws + kDrawsPerTask - 1) / kDrawsPerTask;
  base::ParallelFor(tasks, options.threads, [&](std::int64_t task) {
    std::vector<std::size_t> drawn(units);
    const std::int64_t end = std::min<std::int64_t>((task + 1) * kDrawsPerTask, options.draws);
    for (std::int64_t draw = task * kDrawsPerTask; draw < end; ++draw) {
      base::Random random(options.seed, {static_cast<std::uint64_t>(draw)});
      for (std::size_t& unit : drawn) unit = static_cast<std::size_t>(random.Integer(static_cast<std::int64_t>(units)));
      results[static_cast<std::size_t>(draw)] = statistic(drawn);
    }
  });
  std::erase_if(results, [](double result) { return std::isnan(result); });
  if (static_cast<double>(results.size()) < 0.9 * options.draws) return {kUndefined, kUndefined};
  const double tail = (1 - options.confidence) / 2;
  return {PercentileOf(results, tail), PercentileOf(results, 1 - tail)};
}

Interval BootstrapMean(std::span<const double> values, const BootstrapOptions& options) {
  return Bootstrap(
      values.size(),
      [values](std::span<const std::size_t> drawn) {
        double sum = 0;
        for (const std::size_t unit : drawn) sum += values[unit];
        return sum / static_cast<double>(drawn.size());
      },
      options);
}

}  // namespace parotis::evaluate
