#include "evaluate/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "evaluate/classification.h"
#include "evaluate/json_values.h"
#include "evaluate/summary.h"

namespace parotis::evaluate {
namespace {

using base::ErrorKind;
using base::Json;
using base::Throw;

constexpr std::size_t kMostNamed = 10;

// Of `from`, those that `other` lacks, as a text; empty when there are none. Both are sorted by id.
std::string Missing(const std::vector<PatientResult>& from, const std::vector<PatientResult>& other) {
  std::vector<std::string> ids;
  for (const PatientResult& patient : from) {
    const bool there =
        std::any_of(other.begin(), other.end(), [&](const auto& o) { return o.patient_id == patient.patient_id; });
    if (!there) ids.push_back(patient.patient_id);
  }
  if (ids.empty()) return {};
  const std::string more =
      ids.size() > kMostNamed ? fmt::format(" and {} more", ids.size() - kMostNamed) : std::string();
  ids.resize(std::min(ids.size(), kMostNamed));
  return fmt::format("{}{}", fmt::join(ids, ", "), more);
}

void CheckSamePatients(const Evaluation& a, const std::vector<PatientResult>& first, const Evaluation& b,
                       const std::vector<PatientResult>& second) {
  if (a.classes != b.classes) {
    Throw(ErrorKind::kInput, fmt::format("{} and {} have different classes ({}; {}) and cannot be compared", a.name,
                                         b.name, fmt::join(a.classes, ", "), fmt::join(b.classes, ", ")));
  }
  const std::string not_in_second = Missing(first, second);
  const std::string not_in_first = Missing(second, first);
  if (!not_in_second.empty() || !not_in_first.empty()) {
    Throw(ErrorKind::kInput,
          fmt::format("{} and {} were not evaluated on the same patients{}{}; evaluate both on the same cases", a.name,
                      b.name, not_in_second.empty() ? "" : fmt::format("; only the first has {}", not_in_second),
                      not_in_first.empty() ? "" : fmt::format("; only the second has {}", not_in_first)));
  }
  for (std::size_t p = 0; p < first.size(); ++p) {
    if (first[p].truth == second[p].truth && first[p].case_ids == second[p].case_ids) continue;
    Throw(ErrorKind::kInput,
          fmt::format("patient {} has another truth or other cases in {} than in {}; evaluate both on the same dataset",
                      first[p].patient_id, a.name, b.name));
  }
}

void Count(PairedCounts& counts, bool first, bool second) {
  if (first && second) ++counts.both;
  if (first && !second) ++counts.only_first;
  if (!first && second) ++counts.only_second;
  if (!first && !second) ++counts.neither;
}

double BalancedAccuracy(const std::vector<PatientResult>& patients, std::span<const std::size_t> drawn,
                        const std::vector<std::string>& classes) {
  std::vector<Proportion> recall(classes.size());
  for (const std::size_t unit : drawn) {
    const PatientResult& patient = patients[unit];
    const auto place = std::find(classes.begin(), classes.end(), patient.truth);
    if (place == classes.end()) continue;
    Proportion& of_class = recall[static_cast<std::size_t>(place - classes.begin())];
    ++of_class.n;
    of_class.count += IsStrictlyCorrect(patient);
  }
  std::vector<double> estimates;
  for (const Proportion& of_class : recall) {
    if (of_class.n > 0) estimates.push_back(of_class.estimate());
  }
  return MeanOf(estimates);
}

void CompareBalancedAccuracy(Comparison& comparison, const std::vector<PatientResult>& first,
                             const std::vector<PatientResult>& second, const std::vector<std::string>& classes,
                             const BootstrapOptions& bootstrap) {
  const auto difference = [&](std::span<const std::size_t> drawn) {
    return BalancedAccuracy(first, drawn, classes) - BalancedAccuracy(second, drawn, classes);
  };
  std::vector<std::size_t> everyone(first.size());
  for (std::size_t unit = 0; unit < everyone.size(); ++unit) everyone[unit] = unit;
  comparison.balanced_accuracy_difference = difference(everyone);
  comparison.balanced_accuracy_interval = Bootstrap(first.size(), difference, bootstrap);
}

PairedMean CompareMeans(const std::vector<double>& first, const std::vector<double>& second,
                        const BootstrapOptions& bootstrap) {
  PairedMean mean;
  std::vector<double> in_first;
  std::vector<double> in_second;
  std::vector<double> differences;
  for (std::size_t p = 0; p < first.size(); ++p) {
    if (std::isnan(first[p]) || std::isnan(second[p])) {
      ++mean.left_out;
      continue;
    }
    in_first.push_back(first[p]);
    in_second.push_back(second[p]);
    differences.push_back(first[p] - second[p]);
  }
  mean.n = static_cast<std::int64_t>(differences.size());
  mean.first = MeanOf(in_first);
  mean.second = MeanOf(in_second);
  mean.difference = MeanOf(differences);
  mean.interval = BootstrapMean(differences, bootstrap);
  mean.wilcoxon_p = WilcoxonSignedRankP(differences);
  return mean;
}

// Of patients with a tumour, in the order of `patients`.
std::vector<double> DiceOfTumourPatients(const Evaluation& evaluation, const std::vector<PatientResult>& patients) {
  std::vector<PatientResult> with_tumour;
  std::copy_if(patients.begin(), patients.end(), std::back_inserter(with_tumour), HasTumour);
  return TumourDicePerPatient(evaluation, with_tumour);
}

Json ToJson(const PairedCounts& counts) {
  return {{"both", counts.both},
          {"only_first", counts.only_first},
          {"only_second", counts.only_second},
          {"neither", counts.neither}};
}

std::string Text(double value) { return std::isnan(value) ? std::string("n/a") : fmt::format("{:+.3f}", value); }
std::string Text(const Interval& interval) { return fmt::format("[{}, {}]", Text(interval.low), Text(interval.high)); }

}  // namespace

Comparison Compare(const Evaluation& first, const Evaluation& second, const BootstrapOptions& bootstrap) {
  const std::vector<PatientResult> a = PatientsOf(first);
  const std::vector<PatientResult> b = PatientsOf(second);
  CheckSamePatients(first, a, second, b);
  Comparison comparison;
  comparison.first_name = first.name;
  comparison.second_name = second.name;
  comparison.patients = static_cast<std::int64_t>(a.size());
  for (std::size_t p = 0; p < a.size(); ++p) {
    if (HasTumour(a[p])) {
      Count(comparison.strict, IsStrictlyCorrect(a[p]), IsStrictlyCorrect(b[p]));
    } else {
      Count(comparison.tumour_free, a[p].verdict.predicted == kNoTumourFound, b[p].verdict.predicted == kNoTumourFound);
    }
  }
  comparison.strict_interval = NewcombePairedInterval(comparison.strict, bootstrap.confidence);
  comparison.mcnemar_p = McNemarExactP(comparison.strict);
  CompareBalancedAccuracy(comparison, a, b, first.classes, bootstrap);
  comparison.tumour_dice = CompareMeans(DiceOfTumourPatients(first, a), DiceOfTumourPatients(second, b), bootstrap);
  return comparison;
}

Json ToJson(const Comparison& c) {
  const Proportion first{c.strict.both + c.strict.only_first, c.strict.n()};
  const Proportion second{c.strict.both + c.strict.only_second, c.strict.n()};
  const PairedMean& dice = c.tumour_dice;
  return {{"first", c.first_name},
          {"second", c.second_name},
          {"patients", c.patients},
          {"strict_accuracy",
           {{"n", c.strict.n()},
            {"first", evaluate::ToJson(first)},
            {"second", evaluate::ToJson(second)},
            {"difference", OrNull(c.strict.difference())},
            {"interval_95", evaluate::ToJson(c.strict_interval)},
            {"mcnemar_p", c.mcnemar_p},
            {"counts", ToJson(c.strict)}}},
          {"balanced_accuracy",
           {{"difference", OrNull(c.balanced_accuracy_difference)},
            {"interval_95", evaluate::ToJson(c.balanced_accuracy_interval)},
            {"n", c.strict.n()}}},
          {"tumour_dice",
           {{"n", dice.n},
            {"left_out", dice.left_out},
            {"first", OrNull(dice.first)},
            {"second", OrNull(dice.second)},
            {"difference", OrNull(dice.difference)},
            {"interval_95", evaluate::ToJson(dice.interval)},
            {"wilcoxon_p", dice.wilcoxon_p}}},
          {"tumour_free", {{"n", c.tumour_free.n()}, {"counts", ToJson(c.tumour_free)}}}};
}

std::string TextOf(const Comparison& c) {
  const PairedMean& dice = c.tumour_dice;
  std::string text = fmt::format("{} minus {}, {} patients\n", c.first_name, c.second_name, c.patients);
  text += fmt::format(
      "  strict accuracy    {} {} McNemar p {:.4f} ({} patients: {} only the first right, {} only the second)\n",
      Text(c.strict.difference()), Text(c.strict_interval), c.mcnemar_p, c.strict.n(), c.strict.only_first,
      c.strict.only_second);
  text += fmt::format("  balanced accuracy  {} {}\n", Text(c.balanced_accuracy_difference),
                      Text(c.balanced_accuracy_interval));
  text += fmt::format("  tumour Dice        {} {} Wilcoxon p {:.4f} ({} patients, {} left out)\n",
                      Text(dice.difference), Text(dice.interval), dice.wilcoxon_p, dice.n, dice.left_out);
  return text;
}

}  // namespace parotis::evaluate
