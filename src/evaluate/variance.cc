#include "evaluate/variance.h"

#include <fmt/format.h>

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <map>
#include <set>

#include "base/error.h"
#include "evaluate/json_values.h"
#include "evaluate/overlap.h"

namespace parotis::evaluate {
namespace {

// [seed][fold], complete.
std::vector<std::vector<double>> TableOf(std::span<const RunMetric> runs) {
  std::map<std::int64_t, std::map<std::int64_t, double>> cells;
  std::set<std::int64_t> folds;
  for (const RunMetric& run : runs) {
    const auto where = fmt::format("the run of seed {} and fold {}", run.seed, run.fold);
    if (!std::isfinite(run.value))
      base::Throw(base::ErrorKind::kInput, where + " has no value; variance components need every run");
    if (!cells[run.seed].emplace(run.fold, run.value).second)
      base::Throw(base::ErrorKind::kInput, where + " stands twice; keep one of the two");
    folds.insert(run.fold);
  }
  std::vector<std::vector<double>> table;
  for (const auto& [seed, row] : cells) {
    table.emplace_back();
    for (const std::int64_t fold : folds) {
      const auto cell = row.find(fold);
      if (cell == row.end()) {
        base::Throw(base::ErrorKind::kInput, fmt::format("seed {} has no run of fold {}; variance components need "
                                                         "every fold for every seed",
                                                         seed, fold));
      }
      table.back().push_back(cell->second);
    }
  }
  return table;
}

std::vector<std::vector<double>> Transposed(const std::vector<std::vector<double>>& table) {
  std::vector<std::vector<double>> turned(table.empty() ? 0 : table[0].size());
  for (const auto& row : table) {
    for (std::size_t c = 0; c < row.size(); ++c) turned[c].push_back(row[c]);
  }
  return turned;
}

std::vector<double> MeansOfRows(const std::vector<std::vector<double>>& table) {
  std::vector<double> means;
  for (const auto& row : table) means.push_back(MeanOf(row));
  return means;
}

double VarianceOf(std::span<const double> values) {
  const double sd = StandardDeviationOf(values);
  return sd * sd;
}

double RootMeanVarianceWithinRows(const std::vector<std::vector<double>>& table) {
  std::vector<double> variances;
  for (const auto& row : table) variances.push_back(VarianceOf(row));
  return std::sqrt(MeanOf(variances));
}

double ResidualMeanSquare(const std::vector<std::vector<double>>& table, const std::vector<double>& by_seed,
                          const std::vector<double>& by_fold, double mean) {
  double squares = 0;
  for (std::size_t s = 0; s < by_seed.size(); ++s) {
    for (std::size_t f = 0; f < by_fold.size(); ++f) {
      const double residual = table[s][f] - by_seed[s] - by_fold[f] + mean;
      squares += residual * residual;
    }
  }
  return squares / static_cast<double>((by_seed.size() - 1) * (by_fold.size() - 1));
}

}  // namespace

VarianceComponents ComponentsOf(std::span<const RunMetric> runs) {
  const auto by_seed_and_fold = TableOf(runs);
  const auto by_fold_and_seed = Transposed(by_seed_and_fold);
  const std::vector<double> seed_means = MeansOfRows(by_seed_and_fold);
  const std::vector<double> fold_means = MeansOfRows(by_fold_and_seed);
  const auto seeds = static_cast<double>(seed_means.size());
  const auto folds = static_cast<double>(fold_means.size());
  VarianceComponents result;
  result.seeds = static_cast<std::int64_t>(seed_means.size());
  result.folds = static_cast<std::int64_t>(fold_means.size());
  result.mean = MeanOf(seed_means);
  result.sd_across_seeds = RootMeanVarianceWithinRows(by_fold_and_seed);
  result.sd_across_folds = RootMeanVarianceWithinRows(by_seed_and_fold);
  if (result.seeds < 2 || result.folds < 2) {
    result.seed_variance = result.fold_variance = result.residual_variance = kUndefined;
    return result;
  }
  result.residual_variance = ResidualMeanSquare(by_seed_and_fold, seed_means, fold_means, result.mean);
  result.seed_variance = VarianceOf(seed_means) - result.residual_variance / folds;
  result.fold_variance = VarianceOf(fold_means) - result.residual_variance / seeds;
  return result;
}

base::Json ToJson(const VarianceComponents& c) {
  return {{"seeds", c.seeds},
          {"folds", c.folds},
          {"mean", OrNull(c.mean)},
          {"seed_variance", OrNull(c.seed_variance)},
          {"fold_variance", OrNull(c.fold_variance)},
          {"residual_variance", OrNull(c.residual_variance)},
          {"sd_across_seeds", OrNull(c.sd_across_seeds)},
          {"sd_across_folds", OrNull(c.sd_across_folds)}};
}

CorrectedResampled CorrectedResampledT(std::span<const double> differences, double test_share, double confidence) {
  CorrectedResampled result;
  result.folds = static_cast<std::int64_t>(differences.size());
  result.mean = MeanOf(differences);
  if (result.folds < 2) {
    result.standard_error = result.t = result.p = kUndefined;
    result.interval = {kUndefined, kUndefined};
    return result;
  }
  result.standard_error = std::sqrt((1 / static_cast<double>(result.folds) + test_share) * VarianceOf(differences));
  const boost::math::students_t distribution(static_cast<double>(result.folds - 1));
  const double half = boost::math::quantile(distribution, 0.5 + confidence / 2) * result.standard_error;
  result.interval = {result.mean - half, result.mean + half};
  if (result.standard_error == 0) {
    result.t = result.mean == 0 ? 0 : kUndefined;
    result.p = result.mean == 0 ? 1 : kUndefined;
    return result;
  }
  result.t = result.mean / result.standard_error;
  result.p = 2 * boost::math::cdf(boost::math::complement(distribution, std::abs(result.t)));
  return result;
}

}  // namespace parotis::evaluate
