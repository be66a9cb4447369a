#include "evaluate/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.h"
#include "evaluate/classification.h"
#include "evaluate/holm.h"
#include "evaluate/summary.h"

namespace parotis::evaluate {
namespace {

using base::ErrorKind;
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

// [patient] its fold in every run, in the order of a view; empty, with the reason, where folds are not known.
struct Folds {
  std::vector<int> of_patient;
  std::int64_t count = 0;
  std::string why_not;
};

Folds FoldsOf(const Evaluation& evaluation) {
  std::map<std::string, std::set<int>> by_patient;
  std::set<int> all;
  for (const CaseResult& result : evaluation.cases) {
    by_patient[result.patient_id].insert(result.fold);
    all.insert(result.fold);
  }
  Folds folds;
  if (all.contains(kNoFold)) {
    folds.why_not =
        fmt::format("{} does not say in which fold each case was predicted; evaluate with --splits", evaluation.name);
    return folds;
  }
  for (const auto& [patient, of_patient] : by_patient) {
    if (of_patient.size() > 1) {
      folds.of_patient.clear();
      folds.why_not = fmt::format("patient {} of {} was predicted in several folds", patient, evaluation.name);
      return folds;
    }
    folds.of_patient.push_back(*of_patient.begin());
  }
  folds.count = static_cast<std::int64_t>(all.size());
  if (folds.count < 2) folds.why_not = fmt::format("{} has one fold", evaluation.name);
  return folds;
}

Folds CommonFolds(const std::vector<Evaluation>& runs) {
  Folds common = FoldsOf(runs.front());
  for (std::size_t r = 1; r < runs.size() && common.why_not.empty(); ++r) {
    Folds other = FoldsOf(runs[r]);
    if (!other.why_not.empty()) return other;
    if (other.of_patient != common.of_patient)
      common.why_not = fmt::format("{} and {} have different folds", runs.front().name, runs[r].name);
  }
  return common;
}

RunView OnlyFold(const RunView& view, const std::vector<int>& fold_of_patient, int fold) {
  RunView part{view.name, view.classes, {}, {}, view.labels_are_diagnoses};
  for (std::size_t p = 0; p < view.patients.size(); ++p) {
    if (fold_of_patient[p] != fold) continue;
    part.patients.push_back(view.patients[p]);
    part.tumour_dice.push_back(view.tumour_dice[p]);
  }
  return part;
}

// Mean over folds of tested patients over patients trained on (all others).
double TestShare(const std::vector<int>& fold_of_patient, const std::set<int>& folds) {
  std::vector<double> shares;
  for (const int fold : folds) {
    const auto tested = static_cast<double>(std::count(fold_of_patient.begin(), fold_of_patient.end(), fold));
    shares.push_back(tested / (static_cast<double>(fold_of_patient.size()) - tested));
  }
  return MeanOf(shares);
}

void AddFoldwise(Comparison& comparison, const RunView& first, const RunView& second, const Folds& folds) {
  const std::set<int> names(folds.of_patient.begin(), folds.of_patient.end());
  std::map<std::string, std::vector<double>> differences;
  for (const int fold : names) {
    const RunView a = OnlyFold(first, folds.of_patient, fold);
    const RunView b = OnlyFold(second, folds.of_patient, fold);
    for (const auto& [measure, difference] : MeasureDifferences(a, b)) differences[measure].push_back(difference);
  }
  for (PairedMeasure& measure : comparison.measures) {
    const std::vector<double>& of_folds = differences[measure.name];
    const bool in_every_fold = of_folds.size() == names.size() &&
                               std::none_of(of_folds.begin(), of_folds.end(), [](double d) { return std::isnan(d); });
    if (in_every_fold) measure.over_folds = CorrectedResampledT(of_folds, TestShare(folds.of_patient, names));
  }
}

void CheckMeasures(const std::vector<Comparison>& pairs, const std::vector<std::string>& asked) {
  std::set<std::string> known;
  for (const Comparison& pair : pairs) {
    for (const PairedMeasure& measure : pair.measures) known.insert(measure.name);
  }
  for (const std::string& name : asked) {
    if (known.contains(name)) continue;
    Throw(ErrorKind::kUsage,
          fmt::format("these runs have no measure \"{}\"; they have {}", name, fmt::join(known, ", ")));
  }
}

}  // namespace

const PairedMeasure* Comparison::Find(const std::string& measure) const {
  const auto found =
      std::find_if(measures.begin(), measures.end(), [&](const PairedMeasure& m) { return m.name == measure; });
  return found == measures.end() ? nullptr : &*found;
}

RunView ViewOf(const Evaluation& evaluation) {
  RunView view{evaluation.name, evaluation.classes, PatientsOf(evaluation), {}, LabelsAreDiagnoses(evaluation)};
  view.tumour_dice = TumourDicePerPatient(evaluation, view.patients);
  return view;
}

void CheckSamePatients(const RunView& a, const RunView& b) {
  if (a.classes != b.classes) {
    Throw(ErrorKind::kInput, fmt::format("{} and {} have different classes ({}; {}) and cannot be compared", a.name,
                                         b.name, fmt::join(a.classes, ", "), fmt::join(b.classes, ", ")));
  }
  const std::string not_in_second = Missing(a.patients, b.patients);
  const std::string not_in_first = Missing(b.patients, a.patients);
  if (!not_in_second.empty() || !not_in_first.empty()) {
    Throw(ErrorKind::kInput,
          fmt::format("{} and {} were not evaluated on the same patients{}{}; evaluate both on the same cases", a.name,
                      b.name, not_in_second.empty() ? "" : fmt::format("; only the first has {}", not_in_second),
                      not_in_first.empty() ? "" : fmt::format("; only the second has {}", not_in_first)));
  }
  for (std::size_t p = 0; p < a.patients.size(); ++p) {
    if (a.patients[p].truth == b.patients[p].truth && a.patients[p].case_ids == b.patients[p].case_ids) continue;
    Throw(ErrorKind::kInput,
          fmt::format("patient {} has another truth or other cases in {} than in {}; evaluate both on the same dataset",
                      a.patients[p].patient_id, a.name, b.name));
  }
}

Comparison CompareViews(const RunView& first, const RunView& second, const BootstrapOptions& bootstrap) {
  CheckSamePatients(first, second);
  Comparison comparison;
  comparison.first_name = first.name;
  comparison.second_name = second.name;
  comparison.patients = static_cast<std::int64_t>(first.patients.size());
  comparison.strict = StrictCounts(first, second);
  comparison.tumour_free = TumourFreeCounts(first, second);
  comparison.measures = MeasurePairs(first, second, bootstrap);
  return comparison;
}

std::vector<Hypothesis> CorrectTogether(std::vector<Comparison>& pairs, const std::vector<std::string>& measures) {
  std::vector<Hypothesis> family;
  std::vector<PairedMeasure*> members;
  std::vector<double> p_values;
  for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
    for (PairedMeasure& measure : pairs[pair].measures) {
      const bool is_asked =
          measures.empty() || std::find(measures.begin(), measures.end(), measure.name) != measures.end();
      if (!is_asked || std::isnan(measure.p)) continue;
      members.push_back(&measure);
      p_values.push_back(measure.p);
      family.push_back({pair, measure.name, measure.p, 1});
    }
  }
  const std::vector<double> adjusted = HolmAdjusted(p_values);
  for (std::size_t h = 0; h < members.size(); ++h) members[h]->p_holm = family[h].p_holm = adjusted[h];
  return family;
}

ComparisonSet CompareRuns(const std::vector<Evaluation>& runs, const CompareOptions& options) {
  std::vector<RunView> views;
  for (const Evaluation& run : runs) views.push_back(ViewOf(run));
  for (std::size_t r = 1; r < views.size(); ++r) CheckSamePatients(views[0], views[r]);
  const Folds folds = CommonFolds(runs);
  ComparisonSet set;
  set.folds = folds.why_not.empty() ? folds.count : 0;
  set.why_no_folds = folds.why_not;
  for (std::size_t a = 0; a < (options.all_pairs ? views.size() : 1); ++a) {
    for (std::size_t b = a + 1; b < views.size(); ++b) {
      set.pairs.push_back(CompareViews(views[a], views[b], options.bootstrap));
      if (folds.why_not.empty()) AddFoldwise(set.pairs.back(), views[a], views[b], folds);
    }
  }
  CheckMeasures(set.pairs, options.measures);
  set.family = CorrectTogether(set.pairs, options.measures);
  return set;
}

Comparison Compare(const Evaluation& first, const Evaluation& second, const BootstrapOptions& bootstrap) {
  return CompareRuns({first, second}, {bootstrap, false, {}}).pairs.front();
}

}  // namespace parotis::evaluate
