#include "report/hardest_patients.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "evaluate/classification.h"

namespace parotis::report {
namespace {

using evaluate::CaseResult;
using evaluate::PatientResult;

double LossOf(const PatientResult& patient, const std::vector<std::string>& classes) {
  const evaluate::CaseVerdict& verdict = patient.verdict;
  if (verdict.predicted == evaluate::kNoTumourFound) return std::numeric_limits<double>::infinity();
  const std::size_t index = dataset::PlaceOf(patient.truth, classes);
  if (index < verdict.class_probabilities.size()) return -std::log(verdict.class_probabilities[index]);
  return verdict.predicted == patient.truth ? 0 : std::log(2.0);
}

HardPatient HardPatientOf(const PatientResult& patient, const std::map<std::string, const CaseResult*>& cases,
                          const std::vector<std::string>& classes) {
  HardPatient hard;
  hard.patient_id = patient.patient_id;
  hard.truth = patient.truth;
  hard.said = patient.verdict.predicted;
  hard.probabilities = patient.verdict.class_probabilities;
  hard.loss = LossOf(patient, classes);
  hard.dice = std::nan("");
  const CaseResult* largest = cases.at(patient.case_ids.at(0));
  for (const std::string& id : patient.case_ids) {
    const CaseResult* one = cases.at(id);
    if (one->reference_ml() > largest->reference_ml()) largest = one;
    hard.dice = std::fmin(hard.dice, evaluate::DiceOf(one->tumour.overlap));  // ignores NaN
  }
  hard.case_id = largest->case_id;
  hard.fold = largest->fold;
  return hard;
}

}  // namespace

std::vector<HardPatient> HardestPatients(const evaluate::Evaluation& evaluation, std::size_t count) {
  std::map<std::string, const CaseResult*> cases;
  for (const CaseResult& one : evaluation.cases) cases[one.case_id] = &one;
  std::vector<HardPatient> all;
  for (const PatientResult& patient : evaluate::PatientsOf(evaluation))
    if (evaluate::HasTumour(patient)) all.push_back(HardPatientOf(patient, cases, evaluation.classes));
  if (!evaluate::LabelsAreDiagnoses(evaluation))
    for (HardPatient& patient : all) patient.loss = 0;
  std::stable_sort(all.begin(), all.end(), [](const HardPatient& one, const HardPatient& other) {
    if (one.loss != other.loss) return one.loss > other.loss;
    return (std::isnan(one.dice) ? 2 : one.dice) < (std::isnan(other.dice) ? 2 : other.dice);
  });
  if (all.size() > count) all.resize(count);
  return all;
}

}  // namespace parotis::report
