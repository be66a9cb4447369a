// Two methods, each trained several times (other seeds, other folds) and tested on the same patients. What one training
// happened to do is not taken for what its method does: the difference is the mean over trainings, and its interval
// holds both what other patients and what other trainings would have changed.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "evaluate/bootstrap.h"
#include "evaluate/paired_measures.h"

namespace parotis::evaluate {

// First minus second. The standard error is sqrt(a + b): a, the bootstrapped variance of the mean difference when
// patients are drawn (the same for every training, each true class apart), b, the variance of the differences among
// trainings over their number. A part of it that is due to patients and trainings together stands in both: it is a
// little too large. Interval and p by Student's t with Satterthwaite's degrees of freedom (Biometrics Bull 1946;2:110):
// (a + b)² / (a² / (n − 1) + b² / (trainings − 1)).
struct ReplicatedMeasure {
  std::string name;                              // kStrictAccuracy …
  std::int64_t n = 0;                            // patients with a tumour for whom every run has it
  std::int64_t left_out = 0;                     // the other patients with a tumour
  std::vector<double> differences;               // [training]
  double first = 0, second = 0, difference = 0;  // means over trainings
  Interval over_patients;                        // bootstrap; the trainings as they are
  double sd_over_trainings = 0;                  // of the differences; NaN with one training
  double standard_error = 0;
  Interval interval;
  double p = 1;       // two-sided; with one training NaN, as is the interval
  double p_holm = 0;  // corrected by whoever knows the family; NaN outside it
};

struct ReplicatedComparison {
  std::string first_name, second_name;
  std::vector<ReplicatedMeasure> measures;

  const ReplicatedMeasure* Find(const std::string& measure) const;  // nullptr when the runs do not have it
};

// Which training of a method: the repeat, whose folds it has, and the seed.
struct Training {
  int repeat = 0;
  std::uint64_t seed = 0;

  auto operator<=>(const Training&) const = default;
};
using RunsByTraining = std::map<Training, RunView>;

struct PairedTrainings {
  std::vector<Training> trainings;
  std::vector<RunView> first, second;  // [training]
};
// The trainings that both methods have.
PairedTrainings PairTrainings(const RunsByTraining& first, const RunsByTraining& second);

// first[r] and second[r] belong together (same seed, same folds). Measures: strict and balanced accuracy, mean AUC and
// tumour Dice. Throws kUsage when there are not as many of each, kInput when the runs do not have the same patients,
// truths and classes.
ReplicatedComparison CompareReplicates(const std::vector<RunView>& first, const std::vector<RunView>& second,
                                       const BootstrapOptions& bootstrap);

// Holm over the main measures of all pairs: fills p_holm.
void CorrectTogether(std::vector<ReplicatedComparison>& pairs);

base::Json ToJson(const ReplicatedComparison& comparison);

}  // namespace parotis::evaluate
