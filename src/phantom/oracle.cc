#include "phantom/oracle.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/wilson.h"
#include "dataset/participants.h"
#include "phantom/streams.h"

namespace parotis::phantom {
namespace {

constexpr double kNormalQuantile95 = 1.959963984540054;  // two-sided

struct Draw {
  std::size_t truth = 0;
  TumourDraw tumour;
};

double LogBernoulli(double probability, bool value) {
  return std::log(std::max(1e-12, value ? probability : 1 - probability));
}

template <class Choice>
double LogChoice(const std::array<double, 3>& probabilities, Choice choice) {
  return std::log(std::max(1e-12, probabilities[static_cast<std::size_t>(choice)]));
}

double LogUniform(const std::array<double, 2>& limits, double value) {
  const bool is_inside = limits[0] <= value && value <= limits[1];
  return is_inside ? -std::log(limits[1] - limits[0]) : std::log(1e-12);
}

double LogMorphology(const LesionPriors& priors, const TumourDraw& draw) {
  double sum = LogChoice(priors.site, draw.site) + LogChoice(priors.margin, draw.margin) +
               LogChoice(priors.cysts, draw.cysts) + LogBernoulli(priors.necrosis, draw.necrosis) +
               LogBernoulli(priors.haemorrhage, draw.haemorrhage) +
               LogBernoulli(priors.multicentric, draw.multicentric) + LogBernoulli(priors.bilateral, draw.bilateral) +
               LogBernoulli(priors.enlarged_nodes, draw.enlarged_nodes) +
               LogBernoulli(priors.capsule[static_cast<std::size_t>(draw.margin)], draw.capsule);
  if (draw.margin == Margin::kIllDefined) sum += LogBernoulli(priors.infiltrates, draw.infiltrates);
  return sum;
}

double LogLikelihood(const LesionPriors& priors, const TumourDraw& draw, const Features& features) {
  double sum = 0;
  if (features.adc) sum += priors.adc_um2_s.LogDensity(draw.adc_um2_s);
  if (features.t2) sum += priors.t2_ms.LogDensity(draw.t2_ms);
  if (features.contrast) sum += priors.contrast_mmol_l.LogDensity(draw.contrast_mmol_l);
  if (features.washout) sum += priors.washout_percent.LogDensity(draw.washout_percent);
  if (features.many_b_values)
    sum += LogUniform(priors.perfusion_fraction, draw.perfusion_fraction) + priors.kurtosis.LogDensity(draw.kurtosis);
  return features.morphology ? sum + LogMorphology(priors, draw) : sum;
}

// Weight of every tumour class in the mix.
std::vector<double> WeightsOf(const Priors& priors, const Mix& mix) {
  std::vector<double> weights(priors.tumours.size(), 0.0);
  double sum = 0;
  for (const auto& [name, count] : mix.counts) {
    if (name == dataset::kTumourFree) continue;
    weights[priors.IndexOf(name)] += count;
    sum += count;
  }
  if (sum <= 0)
    base::Throw(base::ErrorKind::kUsage, "the oracle needs tumours in the mix; give at least one class a count");
  return weights;
}

OracleRow Decide(const Priors& priors, const std::vector<double>& weights, const std::vector<Draw>& draws,
                 OracleRow row) {
  std::vector<double> right(weights.size(), 0), count(weights.size(), 0);
  for (const Draw& draw : draws) {
    std::size_t best = 0;
    double highest = -1e300;
    for (std::size_t c = 0; c < weights.size(); ++c) {
      if (weights[c] <= 0) continue;
      const double posterior = std::log(weights[c]) + LogLikelihood(priors.tumours[c], draw.tumour, row.features);
      if (posterior > highest) best = c, highest = posterior;
    }
    count[draw.truth] += 1;
    right[draw.truth] += best == draw.truth ? 1 : 0;
  }
  double all_right = 0;
  for (std::size_t c = 0; c < weights.size(); ++c) {
    all_right += right[c];
    row.recall.push_back(count[c] > 0 ? right[c] / count[c] : 0);
  }
  row.strict_accuracy = all_right / static_cast<double>(draws.size());
  row.interval_95 = base::WilsonLimits(std::llround(all_right), std::ssize(draws), kNormalQuantile95);
  return row;
}

std::vector<PairAuc> PairAucs(const Priors& priors, const std::vector<Draw>& draws, double TumourDraw::* quantity) {
  std::vector<std::vector<double>> values(priors.tumours.size());
  for (const Draw& draw : draws) values[draw.truth].push_back(draw.tumour.*quantity);
  std::vector<PairAuc> pairs;
  for (std::size_t a = 0; a < values.size(); ++a) {
    for (std::size_t b = a + 1; b < values.size(); ++b) {
      const double auc = ShareOfLarger(values[a], values[b]);
      const bool a_higher = auc >= 0.5;
      pairs.push_back(
          {priors.tumours[a_higher ? a : b].name, priors.tumours[a_higher ? b : a].name, std::max(auc, 1 - auc)});
    }
  }
  return pairs;
}

}  // namespace

double ShareOfLarger(const std::vector<double>& high, std::vector<double> low) {
  if (high.empty() || low.empty()) return 0.5;
  std::sort(low.begin(), low.end());
  double larger = 0;
  for (const double value : high) {
    const auto [first, last] = std::equal_range(low.begin(), low.end(), value);
    larger += 0.5 * static_cast<double>((first - low.begin()) + (last - low.begin()));
  }
  return larger / (static_cast<double>(high.size()) * static_cast<double>(low.size()));
}

double LogLikelihood(const TumourPriors& tumour, const TumourDraw& draw, const Features& features) {
  double density = 0, weights = 0;
  for (const Subtype& subtype : tumour.subtypes) {
    density += subtype.weight * std::exp(LogLikelihood(subtype.lesion, draw, features));
    weights += subtype.weight;
  }
  return std::log(std::max(density / weights, 1e-300));
}

Oracle AskOracle(const Priors& priors, const Mix& mix, std::int64_t draws, std::uint64_t seed) {
  const std::vector<double> weights = WeightsOf(priors, mix);
  std::vector<Draw> drawn;
  for (std::int64_t d = 0; d < draws; ++d) {
    base::Random random(seed, {kOracleStream, static_cast<std::uint64_t>(d)});
    const std::size_t truth = random.Weighted(weights);
    drawn.push_back({truth, DrawTumour(priors.tumours[truth], random)});
  }
  Oracle oracle;
  oracle.draws = draws;
  for (const TumourPriors& tumour : priors.tumours) oracle.classes.push_back(tumour.name);
  const std::pair<const char*, Features> sets[] = {
      {"adc", {.adc = true}},
      {"t2", {.t2 = true}},
      {"t1c", {.contrast = true}},
      {"structural", {.t2 = true, .contrast = true, .morphology = true}},
      {"diffusion", {.adc = true, .morphology = true}},
      {"diffusion+t1c", {.adc = true, .contrast = true, .morphology = true}},
      {"all", {.adc = true, .t2 = true, .contrast = true, .morphology = true}},
      {"all+washout", {.adc = true, .t2 = true, .contrast = true, .washout = true, .morphology = true}},
      {"everything",
       {.adc = true, .t2 = true, .contrast = true, .washout = true, .many_b_values = true, .morphology = true}},
  };
  for (const auto& [name, features] : sets) {
    OracleRow row;
    row.name = name;
    row.features = features;
    oracle.rows.push_back(Decide(priors, weights, drawn, row));
  }
  oracle.adc_auc = PairAucs(priors, drawn, &TumourDraw::adc_um2_s);
  oracle.washout_auc = PairAucs(priors, drawn, &TumourDraw::washout_percent);
  return oracle;
}

base::Json ToJson(const Oracle& oracle) {
  base::Json json;
  json["draws"] = oracle.draws;
  json["classes"] = oracle.classes;
  for (const OracleRow& row : oracle.rows) {
    json["oracle"][row.name] = {
        {"strict_accuracy", row.strict_accuracy}, {"interval_95", row.interval_95}, {"recall", row.recall}};
  }
  for (const auto& [key, pairs] : {std::pair{"adc_auc", &oracle.adc_auc}, {"washout_auc", &oracle.washout_auc}}) {
    for (const PairAuc& pair : *pairs)
      json[key].push_back({{"higher", pair.higher}, {"lower", pair.lower}, {"auc", pair.auc}});
  }
  return json;
}

}  // namespace parotis::phantom
