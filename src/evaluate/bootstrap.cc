#include "evaluate/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/parallel.h"
#include "base/random.h"
#include "evaluate/overlap.h"

namespace parotis::evaluate {
namespace {

constexpr std::int64_t kDrawsPerTask = 250;
constexpr double kLeastDefined = 0.9;

// Calls body(draw, its own random stream) for every draw, in parallel.
void ForEachDraw(const BootstrapOptions& options, const std::function<void(std::size_t, base::Random&)>& body) {
  const std::int64_t tasks = (options.draws + kDrawsPerTask - 1) / kDrawsPerTask;
  base::ParallelFor(tasks, options.threads, [&](std::int64_t task) {
    const std::int64_t end = std::min<std::int64_t>((task + 1) * kDrawsPerTask, options.draws);
    for (std::int64_t draw = task * kDrawsPerTask; draw < end; ++draw) {
      base::Random random(options.seed, {static_cast<std::uint64_t>(draw)});
      body(static_cast<std::size_t>(draw), random);
    }
  });
}

// Those that exist; empty when too few do.
std::vector<double> Defined(std::vector<double> results) {
  const auto draws = static_cast<double>(results.size());
  std::erase_if(results, [](double result) { return std::isnan(result); });
  if (static_cast<double>(results.size()) < kLeastDefined * draws) results.clear();
  return results;
}

Interval PercentileInterval(const std::vector<double>& draws, double confidence) {
  const std::vector<double> defined = Defined(draws);
  const double tail = (1 - confidence) / 2;
  return {PercentileOf(defined, tail), PercentileOf(defined, 1 - tail)};
}

std::vector<std::vector<std::size_t>> MembersOf(std::span<const std::size_t> strata) {
  std::map<std::size_t, std::vector<std::size_t>> members;
  for (std::size_t unit = 0; unit < strata.size(); ++unit) members[strata[unit]].push_back(unit);
  std::vector<std::vector<std::size_t>> lists;
  for (auto& [stratum, units] : members) lists.push_back(std::move(units));
  return lists;
}

}  // namespace

Interval Bootstrap(std::size_t units, const std::function<double(std::span<const std::size_t>)>& statistic,
                   const BootstrapOptions& options) {
  if (units == 0) return {kUndefined, kUndefined};
  std::vector<double> results(static_cast<std::size_t>(options.draws));
  ForEachDraw(options, [&](std::size_t draw, base::Random& random) {
    std::vector<std::size_t> drawn(units);
    for (std::size_t& unit : drawn) unit = static_cast<std::size_t>(random.Integer(static_cast<std::int64_t>(units)));
    results[draw] = statistic(drawn);
  });
  return PercentileInterval(results, options.confidence);
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

Interval BootstrapDraws::IntervalOf(std::size_t statistic) const {
  return PercentileInterval(columns[statistic], confidence);
}

double BootstrapDraws::StandardErrorOf(std::size_t statistic) const {
  return StandardDeviationOf(Defined(columns[statistic]));
}

double BootstrapDraws::PValueOf(std::size_t statistic) const {
  const std::vector<double> defined = Defined(columns[statistic]);
  if (defined.empty()) return kUndefined;
  const auto not_above = std::count_if(defined.begin(), defined.end(), [](double d) { return d <= 0; });
  const auto not_below = std::count_if(defined.begin(), defined.end(), [](double d) { return d >= 0; });
  const auto rarer = static_cast<double>(std::min(not_above, not_below));
  return std::min(1.0, 2 * (1 + rarer) / (1 + static_cast<double>(defined.size())));
}

BootstrapDraws DrawStratified(std::span<const std::size_t> strata, std::size_t statistics,
                              const std::function<void(Weights, std::span<double>)>& fill,
                              const BootstrapOptions& options) {
  BootstrapDraws draws;
  draws.confidence = options.confidence;
  draws.columns.resize(statistics);
  if (strata.empty()) return draws;
  for (auto& column : draws.columns) column.resize(static_cast<std::size_t>(options.draws));
  const auto members = MembersOf(strata);
  ForEachDraw(options, [&](std::size_t draw, base::Random& random) {
    std::vector<int> weights(strata.size(), 0);
    for (const std::vector<std::size_t>& units : members) {
      for (std::size_t n = 0; n < units.size(); ++n) {
        ++weights[units[static_cast<std::size_t>(random.Integer(static_cast<std::int64_t>(units.size())))]];
      }
    }
    std::vector<double> results(statistics);
    fill(weights, results);
    for (std::size_t s = 0; s < statistics; ++s) draws.columns[s][draw] = results[s];
  });
  return draws;
}

}  // namespace parotis::evaluate
