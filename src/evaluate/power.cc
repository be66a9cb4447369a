#include "evaluate/power.h"

#include <algorithm>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <limits>

#include "evaluate/overlap.h"

namespace parotis::evaluate {
namespace {

constexpr std::int64_t kMostPatients = 1'000'000'000;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double Quantile(double p) { return boost::math::quantile(boost::math::normal(), p); }
double ZOfLevel() { return Quantile(1 - kAlpha / 2); }
double ZOfPower() { return Quantile(kPower); }

template <class Function>
double RootBetween(Function function, double low, double high) {
  std::uintmax_t most = 200;
  const auto [a, b] =
      boost::math::tools::toms748_solve(function, low, high, boost::math::tools::eps_tolerance<double>(45), most);
  return 0.5 * (a + b);
}

// Connor's n for a difference `delta` at discordance `psi`; delta ≤ psi.
double PatientsByConnor(double delta, double psi) {
  const double root = ZOfLevel() * std::sqrt(psi) + ZOfPower() * std::sqrt(std::max(0.0, psi - delta * delta));
  return root * root / (delta * delta);
}

double DetectableAtDiscordance(double psi, double n) {
  const auto missing = [&](double delta) { return PatientsByConnor(delta, psi) - n; };
  if (psi > 0 && missing(psi) <= 0) return RootBetween(missing, psi * 1e-9, psi);
  // Even if all discordant patients spoke for one of the two it would not be found: the discordance must be larger.
  const auto one_sided = [&](double delta) { return PatientsByConnor(delta, delta) - n; };
  return one_sided(1) > 0 ? kUndefined : RootBetween(one_sided, 1e-9, 1.0);
}

// Smallest effect in standard deviations that `patients` find.
double EffectOfPairedT(std::int64_t patients) {
  const auto excess = [&](double effect) { return PowerOfPairedT(effect, patients) - kPower; };
  double high = 1;
  while (excess(high) < 0) high *= 2;
  return RootBetween(excess, 0.0, high);
}

// Smallest number of patients that find `effect`; doubled until enough, then halved in between.
double PatientsOfPairedT(double effect) {
  const auto enough = [&](std::int64_t n) { return PowerOfPairedT(effect, n) >= kPower; };
  std::int64_t high = 2;
  while (high < kMostPatients && !enough(high)) high *= 2;
  if (high >= kMostPatients) return kInfinity;
  std::int64_t low = high / 2;
  while (high - low > 1) (enough((low + high) / 2) ? high : low) = (low + high) / 2;
  return static_cast<double>(std::max<std::int64_t>(high, 2));
}

}  // namespace

Detectable DetectableByMcNemar(const PairedCounts& counts) {
  if (counts.n() == 0) return {kUndefined, kUndefined};
  const auto n = static_cast<double>(counts.n());
  const std::int64_t discordant = counts.only_first + counts.only_second;
  if (discordant == 0) return {DetectableAtDiscordance(0, n), kUndefined};
  const double psi = static_cast<double>(discordant) / n;
  const double observed = std::abs(counts.difference());
  return {DetectableAtDiscordance(psi, n), observed == 0 ? kInfinity : std::ceil(PatientsByConnor(observed, psi))};
}

Detectable DetectableByNormal(double observed, double standard_error, std::int64_t patients) {
  if (std::isnan(observed) || !(standard_error > 0)) return {kUndefined, kUndefined};
  const double difference = (ZOfLevel() + ZOfPower()) * standard_error;
  const double ratio = difference / observed;
  return {difference, observed == 0 ? kInfinity : std::ceil(static_cast<double>(patients) * ratio * ratio)};
}

double PowerOfPairedT(double effect, std::int64_t patients, double alpha) {
  const auto freedom = static_cast<double>(patients - 1);
  const double critical = boost::math::quantile(boost::math::students_t(freedom), 1 - alpha / 2);
  const double shift = std::abs(effect) * std::sqrt(static_cast<double>(patients));
  if (shift == 0) return alpha;
  if (shift > 37) return 1;  // beyond what doubles tell from 1
  const boost::math::non_central_t alternative(freedom, shift);
  return boost::math::cdf(boost::math::complement(alternative, critical)) + boost::math::cdf(alternative, -critical);
}

Detectable DetectableByPairedT(std::span<const double> differences) {
  const double sd = StandardDeviationOf(differences);
  if (!(sd > 0)) return {kUndefined, kUndefined};
  const double observed = std::abs(MeanOf(differences));
  return {EffectOfPairedT(static_cast<std::int64_t>(differences.size())) * sd,
          observed == 0 ? kInfinity : PatientsOfPairedT(observed / sd)};
}

}  // namespace parotis::evaluate
