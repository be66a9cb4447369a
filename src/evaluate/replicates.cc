#include "evaluate/replicates.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <functional>

#include "base/error.h"
#include "evaluate/classification.h"
#include "evaluate/comparison.h"
#include "evaluate/discrimination.h"
#include "evaluate/holm.h"
#include "evaluate/json_values.h"
#include "evaluate/weighted_means.h"

namespace parotis::evaluate {
namespace {

// A measure of one run, by how often each patient counts.
using Statistic = std::function<double(Weights)>;

// One measure of every run, over the patients for whom all of them have it.
struct Measured {
  std::string name;
  std::vector<std::size_t> truth;  // [patient], class
  std::int64_t left_out = 0;
  std::vector<Statistic> first, second;  // [training]
};

// Indices of the patients with a tumour, and their classes.
struct TumourPatients {
  std::vector<std::size_t> index, truth;
};

TumourPatients TumoursOf(const RunView& run) {
  TumourPatients tumours;
  for (std::size_t p = 0; p < run.patients.size(); ++p) {
    if (!HasTumour(run.patients[p])) continue;
    tumours.index.push_back(p);
    tumours.truth.push_back(dataset::PlaceOf(run.patients[p].truth, run.classes));
  }
  return tumours;
}

std::vector<double> CorrectOf(const RunView& run, const std::vector<std::size_t>& patients) {
  std::vector<double> correct;
  correct.reserve(patients.size());
  for (const std::size_t p : patients) correct.push_back(IsStrictlyCorrect(run.patients[p]) ? 1 : 0);
  return correct;
}

// The same measure of the first method's runs and of the second's.
template <typename MakeStatistic>
void Fill(Measured& measured, const std::vector<RunView>& first, const std::vector<RunView>& second,
          const MakeStatistic& make) {
  for (const RunView& run : first) measured.first.push_back(make(run));
  for (const RunView& run : second) measured.second.push_back(make(run));
}

Measured StrictAccuracy(const std::vector<RunView>& first, const std::vector<RunView>& second,
                        const TumourPatients& tumours) {
  Measured measured{kStrictAccuracy, tumours.truth, 0, {}, {}};
  Fill(measured, first, second, [&](const RunView& run) {
    return [correct = CorrectOf(run, tumours.index)](Weights weights) { return WeightedMean(correct, weights); };
  });
  return measured;
}

Measured BalancedAccuracy(const std::vector<RunView>& first, const std::vector<RunView>& second,
                          const TumourPatients& tumours) {
  Measured measured{kBalancedAccuracy, tumours.truth, 0, {}, {}};
  Fill(measured, first, second, [&](const RunView& run) {
    return [correct = CorrectOf(run, tumours.index), &truth = tumours.truth, classes = run.classes.size()](
               Weights weights) { return MeanOverClasses(correct, truth, classes, weights); };
  });
  return measured;
}

Measured MeanAuc(const std::vector<RunView>& first, const std::vector<RunView>& second, const TumourPatients& tumours) {
  std::vector<const std::vector<PatientResult>*> patients;
  for (const auto* runs : {&first, &second}) {
    for (const RunView& run : *runs) patients.push_back(&run.patients);
  }
  const std::vector<ScoreTable> tables = ScoresInCommon(patients, first[0].classes);
  Measured measured{kMeanAuc, tables[0].truth, 0, {}, {}};
  measured.left_out = static_cast<std::int64_t>(tumours.index.size() - tables[0].size());
  for (std::size_t r = 0; r < tables.size(); ++r) {
    auto& statistics = r < first.size() ? measured.first : measured.second;
    statistics.emplace_back([area = MultiClassAuc(tables[r])](Weights weights) { return area.Of(weights); });
  }
  return measured;
}

// Patients with a tumour for whom every run has a Dice.
TumourPatients WithDice(const std::vector<RunView>& first, const std::vector<RunView>& second,
                        const TumourPatients& tumours) {
  const auto has_none = [](const std::vector<RunView>& runs, std::size_t patient) {
    return std::any_of(runs.begin(), runs.end(), [&](const RunView& run) {
      return run.tumour_dice.empty() || std::isnan(run.tumour_dice[patient]);
    });
  };
  TumourPatients with;
  for (std::size_t p = 0; p < tumours.index.size(); ++p) {
    if (has_none(first, tumours.index[p]) || has_none(second, tumours.index[p])) continue;
    with.index.push_back(tumours.index[p]);
    with.truth.push_back(tumours.truth[p]);
  }
  return with;
}

Measured TumourDice(const std::vector<RunView>& first, const std::vector<RunView>& second,
                    const TumourPatients& tumours) {
  const TumourPatients with = WithDice(first, second, tumours);
  Measured measured{kTumourDice, with.truth, 0, {}, {}};
  measured.left_out = static_cast<std::int64_t>(tumours.index.size() - with.index.size());
  Fill(measured, first, second, [&](const RunView& run) {
    std::vector<double> dice;
    dice.reserve(with.index.size());
    for (const std::size_t p : with.index) dice.push_back(run.tumour_dice[p]);
    return [dice = std::move(dice)](Weights weights) { return WeightedMean(dice, weights); };
  });
  return measured;
}

double MeanUnder(const std::vector<Statistic>& runs, Weights weights) {
  double sum = 0;
  for (const Statistic& run : runs) sum += run(weights);
  return sum / static_cast<double>(runs.size());
}

// Fills standard error, interval and p from the two variances.
void Infer(ReplicatedMeasure& measure, double over_patients_se, double confidence) {
  const auto trainings = static_cast<double>(measure.differences.size());
  const double of_patients = over_patients_se * over_patients_se;
  const double of_trainings = measure.sd_over_trainings * measure.sd_over_trainings / trainings;
  measure.standard_error = std::sqrt(of_patients + of_trainings);
  if (std::isnan(measure.standard_error)) {
    measure.interval = {kUndefined, kUndefined};
    measure.p = kUndefined;
    return;
  }
  if (measure.standard_error == 0) {
    measure.interval = {measure.difference, measure.difference};
    measure.p = measure.difference == 0 ? 1 : kUndefined;
    return;
  }
  const double freedom =
      std::pow(of_patients + of_trainings, 2) /
      (of_patients * of_patients / static_cast<double>(measure.n - 1) + of_trainings * of_trainings / (trainings - 1));
  const boost::math::students_t t(freedom);
  const double half = boost::math::quantile(t, 0.5 + confidence / 2) * measure.standard_error;
  measure.interval = {measure.difference - half, measure.difference + half};
  measure.p = 2 * boost::math::cdf(boost::math::complement(t, std::abs(measure.difference) / measure.standard_error));
}

ReplicatedMeasure ResultOf(const Measured& measured, const BootstrapOptions& bootstrap) {
  ReplicatedMeasure result;
  result.name = measured.name;
  result.n = static_cast<std::int64_t>(measured.truth.size());
  result.left_out = measured.left_out;
  const std::vector<int> once(measured.truth.size(), 1);
  result.first = MeanUnder(measured.first, once);
  result.second = MeanUnder(measured.second, once);
  result.difference = result.first - result.second;
  for (std::size_t r = 0; r < measured.first.size(); ++r)
    result.differences.push_back(measured.first[r](once) - measured.second[r](once));
  result.sd_over_trainings = StandardDeviationOf(result.differences);
  const BootstrapDraws draws = DrawStratified(
      measured.truth, 1,
      [&](Weights weights, std::span<double> results) {
        results[0] = MeanUnder(measured.first, weights) - MeanUnder(measured.second, weights);
      },
      bootstrap);
  result.over_patients = draws.IntervalOf(0);
  result.p_holm = kUndefined;
  Infer(result, draws.StandardErrorOf(0), bootstrap.confidence);
  return result;
}

base::Json ToJson(const ReplicatedMeasure& m) {
  return {{"n", m.n},
          {"left_out", m.left_out},
          {"differences", m.differences},
          {"first", OrNull(m.first)},
          {"second", OrNull(m.second)},
          {"difference", OrNull(m.difference)},
          {"over_patients_95", ToJson(m.over_patients)},
          {"sd_over_trainings", OrNull(m.sd_over_trainings)},
          {"standard_error", OrNull(m.standard_error)},
          {"interval_95", ToJson(m.interval)},
          {"p", OrNull(m.p)},
          {"p_holm", OrNull(m.p_holm)}};
}

}  // namespace

const ReplicatedMeasure* ReplicatedComparison::Find(const std::string& measure) const {
  const auto found = std::find_if(measures.begin(), measures.end(), [&](const auto& m) { return m.name == measure; });
  return found == measures.end() ? nullptr : &*found;
}

PairedTrainings PairTrainings(const RunsByTraining& first, const RunsByTraining& second) {
  PairedTrainings paired;
  for (const auto& [training, run] : first) {
    const auto other = second.find(training);
    if (other == second.end()) continue;
    paired.trainings.push_back(training);
    paired.first.push_back(run);
    paired.second.push_back(other->second);
  }
  return paired;
}

ReplicatedComparison CompareReplicates(const std::vector<RunView>& first, const std::vector<RunView>& second,
                                       const BootstrapOptions& bootstrap) {
  if (first.empty() || first.size() != second.size())
    base::Throw(base::ErrorKind::kUsage, "two methods are compared over as many trainings of one as of the other");
  for (const auto* runs : {&first, &second}) {
    for (const RunView& run : *runs) CheckSamePatients(first[0], run);
  }
  ReplicatedComparison comparison{first[0].name, second[0].name, {}};
  const TumourPatients tumours = TumoursOf(first[0]);
  std::vector<Measured> all;
  if (first[0].labels_are_diagnoses) {
    all = {StrictAccuracy(first, second, tumours), BalancedAccuracy(first, second, tumours),
           MeanAuc(first, second, tumours)};
  }
  all.push_back(TumourDice(first, second, tumours));
  for (const Measured& measured : all) {
    if (!measured.truth.empty()) comparison.measures.push_back(ResultOf(measured, bootstrap));
  }
  return comparison;
}

void CorrectTogether(std::vector<ReplicatedComparison>& pairs) {
  std::vector<ReplicatedMeasure*> family;
  std::vector<double> p_values;
  for (ReplicatedComparison& pair : pairs) {
    for (ReplicatedMeasure& measure : pair.measures) {
      if (std::find(MainMeasures().begin(), MainMeasures().end(), measure.name) == MainMeasures().end()) continue;
      family.push_back(&measure);
      p_values.push_back(measure.p);
    }
  }
  const std::vector<double> corrected = HolmAdjusted(p_values);
  for (std::size_t h = 0; h < family.size(); ++h) family[h]->p_holm = corrected[h];
}

base::Json ToJson(const ReplicatedComparison& comparison) {
  base::Json json = {{"first", comparison.first_name}, {"second", comparison.second_name}};
  for (const ReplicatedMeasure& measure : comparison.measures) json[measure.name] = ToJson(measure);
  return json;
}

}  // namespace parotis::evaluate
