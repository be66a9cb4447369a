// One measure of two runs on the same patients: both values, their difference (first minus second) with its interval, a
// test, and what a study of this size could have shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evaluate/bootstrap.h"
#include "evaluate/patient.h"
#include "evaluate/power.h"
#include "evaluate/variance.h"

namespace parotis::evaluate {

// A run seen from its patients, by id; the same patients in the same order for all runs that are compared.
struct RunView {
  std::string name;
  std::vector<std::string> classes;
  std::vector<PatientResult> patients;
  std::vector<double> tumour_dice;   // [patient], NaN where there is none; empty: the run has no label maps (readers)
  bool labels_are_diagnoses = true;  // else Dice is all there is to compare
};

struct PairedMeasure {
  std::string name;  // kStrictAccuracy …
  bool lower_is_better = false;
  std::int64_t n = 0;         // patients with a tumour on whom both runs have it
  std::int64_t left_out = 0;  // other patients with a tumour
  std::string left_out_reason;
  double first = 0, second = 0, difference = 0;
  Interval interval;
  std::string interval_method;
  Interval bootstrap;  // of the difference; patients drawn, each true class apart
  std::string test;
  double p = 1;       // two-sided; NaN where the test says nothing
  double p_holm = 0;  // corrected over the family that was asked for; NaN outside it
  Detectable detectable;
  std::optional<CorrectedResampled> over_folds;  // of the fold-wise differences, where folds are known
};

inline constexpr const char* kStrictAccuracy = "strict_accuracy";
inline constexpr const char* kBalancedAccuracy = "balanced_accuracy";
inline constexpr const char* kMeanAuc = "mean_auc";
inline constexpr const char* kAucPrefix = "auc:";  // auc:CLASS
inline constexpr const char* kBrier = "brier";
inline constexpr const char* kTumourDice = "tumour_dice";

// Strict accuracy, mean AUC and tumour Dice: the measures of a study whose p are corrected together. They were fixed
// before any study was run; the others are shown beside them.
const std::vector<std::string>& MainMeasures();
std::vector<std::string> MainMeasuresOf(const RunView& run);  // of them, those that it has

// Every measure that both runs have, in the order above.
std::vector<PairedMeasure> MeasurePairs(const RunView& first, const RunView& second, const BootstrapOptions& bootstrap);

// Patients with a tumour: class right in both, in one, in none; patients without one: none found in both, in one, in
// none.
PairedCounts StrictCounts(const RunView& first, const RunView& second);
PairedCounts TumourFreeCounts(const RunView& first, const RunView& second);

// The values of every measure's difference alone, by name; for folds.
std::vector<std::pair<std::string, double>> MeasureDifferences(const RunView& first, const RunView& second);

}  // namespace parotis::evaluate
