#include "evaluate/froc.h"

#include <algorithm>

#include "evaluate/json_values.h"
#include "evaluate/overlap.h"

namespace parotis::evaluate {
namespace {

constexpr std::size_t kRates = kFrocRates.size();

struct RankedDetection {
  double score = 0;
  bool is_true = false;
  std::size_t patient = 0;
};

std::vector<RankedDetection> RankDetections(std::span<const FrocPatient> patients) {
  std::vector<RankedDetection> ranked;
  for (std::size_t p = 0; p < patients.size(); ++p) {
    for (const ScoredDetection& detection : patients[p].detections)
      ranked.push_back({detection.score, detection.is_true, p});
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  return ranked;
}

std::vector<FrocPoint> PointsOf(const std::vector<RankedDetection>& ranked, std::span<const FrocPatient> patients,
                                Weights weights) {
  double lesions = 0;
  double total = 0;
  for (std::size_t p = 0; p < patients.size(); ++p) {
    lesions += static_cast<double>(weights[p]) * static_cast<double>(patients[p].reference_lesions);
    total += weights[p];
  }
  double hits = 0;
  double false_alarms = 0;
  std::vector<FrocPoint> points;
  for (std::size_t d = 0; d < ranked.size(); ++d) {
    (ranked[d].is_true ? hits : false_alarms) += weights[ranked[d].patient];
    const bool ends_tie = d + 1 == ranked.size() || ranked[d + 1].score != ranked[d].score;
    if (ends_tie) points.push_back({ranked[d].score, false_alarms / total, lesions == 0 ? kUndefined : hits / lesions});
  }
  return points;
}

double SensitivityAt(const std::vector<FrocPoint>& points, double rate) {
  double best = 0;
  for (const FrocPoint& point : points) {
    if (point.false_per_patient > rate + 1e-12) break;
    best = point.sensitivity;
  }
  return best;
}

// The rates' sensitivities, then their mean; NaN without reference lesions.
std::vector<double> SensitivitiesOf(const std::vector<FrocPoint>& points, bool has_lesions) {
  std::vector<double> values;
  for (const double rate : kFrocRates) values.push_back(has_lesions ? SensitivityAt(points, rate) : kUndefined);
  values.push_back(MeanOf(values));
  return values;
}

bool HasLesions(std::span<const FrocPatient> patients, Weights weights) {
  for (std::size_t p = 0; p < patients.size(); ++p) {
    if (weights[p] > 0 && patients[p].reference_lesions > 0) return true;
  }
  return false;
}

}  // namespace

Froc FrocOf(std::span<const FrocPatient> patients, const BootstrapOptions& bootstrap) {
  const std::vector<RankedDetection> ranked = RankDetections(patients);
  const std::vector<int> once(patients.size(), 1);
  Froc froc;
  froc.patients = static_cast<std::int64_t>(patients.size());
  froc.detections = static_cast<std::int64_t>(ranked.size());
  for (const FrocPatient& patient : patients) froc.reference_lesions += patient.reference_lesions;
  froc.points = PointsOf(ranked, patients, once);
  const std::vector<double> values = SensitivitiesOf(froc.points, froc.reference_lesions > 0);
  const std::vector<std::size_t> one_stratum(patients.size(), 0);
  const BootstrapDraws draws = DrawStratified(
      one_stratum, kRates + 1,
      [&](Weights weights, std::span<double> results) {
        const auto drawn = SensitivitiesOf(PointsOf(ranked, patients, weights), HasLesions(patients, weights));
        std::copy(drawn.begin(), drawn.end(), results.begin());
      },
      bootstrap);
  for (std::size_t r = 0; r < kRates; ++r) froc.rates.push_back({kFrocRates[r], values[r], draws.IntervalOf(r)});
  froc.mean_sensitivity = values[kRates];
  froc.mean_sensitivity_interval = draws.IntervalOf(kRates);
  return froc;
}

base::Json ToJson(const Froc& froc) {
  base::Json rates = base::Json::array();
  for (const FrocRate& rate : froc.rates) {
    rates.push_back({{"false_per_patient", rate.false_per_patient},
                     {"sensitivity", OrNull(rate.sensitivity)},
                     {"interval_95", ToJson(rate.interval)}});
  }
  base::Json thresholds = base::Json::array();
  base::Json false_per_patient = base::Json::array();
  base::Json sensitivities = base::Json::array();
  for (const FrocPoint& point : froc.points) {
    thresholds.push_back(point.threshold);
    false_per_patient.push_back(point.false_per_patient);
    sensitivities.push_back(OrNull(point.sensitivity));
  }
  return {{"patients", froc.patients},
          {"reference_lesions", froc.reference_lesions},
          {"detections", froc.detections},
          {"mean_sensitivity",
           {{"estimate", OrNull(froc.mean_sensitivity)}, {"interval_95", ToJson(froc.mean_sensitivity_interval)}}},
          {"sensitivity_at", rates},
          {"points",
           {{"threshold", thresholds}, {"false_per_patient", false_per_patient}, {"sensitivity", sensitivities}}}};
}

}  // namespace parotis::evaluate
