// Any number of runs on the same patients, in pairs. Predictions are pooled over folds, one for each patient, and
// patients are what is drawn and counted: intervals and tests hold for the models as they were trained. Where the folds
// are known, fold-wise means with a corrected t test stand beside (evaluate/variance.h).
#pragma once

#include <string>
#include <vector>

#include "evaluate/bootstrap.h"
#include "evaluate/evaluation.h"
#include "evaluate/paired_measures.h"

namespace parotis::evaluate {

struct Comparison {
  std::string first_name;
  std::string second_name;
  std::int64_t patients = 0;
  PairedCounts strict;       // patients with a tumour: class correct in both, in one, in none
  PairedCounts tumour_free;  // patients without one: none found in both, in one, in none
  std::vector<PairedMeasure> measures;

  const PairedMeasure* Find(const std::string& measure) const;  // nullptr when the runs do not have it
};

struct CompareOptions {
  BootstrapOptions bootstrap;
  bool all_pairs = false;             // otherwise the first run with each other
  std::vector<std::string> measures;  // whose p are corrected and called a test's; empty: all of them
};

// One p of the family over which Holm's correction was made (evaluate/holm.h).
struct Hypothesis {
  std::size_t pair = 0;
  std::string measure;
  double p = 1;
  double p_holm = 1;
};

struct ComparisonSet {
  std::vector<Comparison> pairs;
  std::vector<Hypothesis> family;  // every test that was asked for and has a p
  std::int64_t folds = 0;          // known of all patients; 0: not known
  std::string why_no_folds;        // when 0
};

// Throws kInput when the runs do not have the same patients, truths and classes (the message lists who is missing
// where), and kUsage when a measure is none of theirs.
ComparisonSet CompareRuns(const std::vector<Evaluation>& runs, const CompareOptions& options = {});
// Of two runs alone: the family is their measures.
Comparison Compare(const Evaluation& first, const Evaluation& second, const BootstrapOptions& bootstrap = {});

RunView ViewOf(const Evaluation& evaluation);
// Without folds and without correction. Throws kInput as above.
Comparison CompareViews(const RunView& first, const RunView& second, const BootstrapOptions& bootstrap);
// Holm over every p of the measures asked for (empty: all), where pairs have them: fills p_holm and returns the family.
std::vector<Hypothesis> CorrectTogether(std::vector<Comparison>& pairs, const std::vector<std::string>& measures);
// Throws kInput as above.
void CheckSamePatients(const RunView& first, const RunView& second);

base::Json ToJson(const PairedMeasure& measure);
base::Json ToJson(const Comparison& comparison);
base::Json ToJson(const ComparisonSet& set);  // members "comparisons", "family", "over_folds"
std::string TextOf(const Comparison& comparison);
std::string TextOf(const ComparisonSet& set);

}  // namespace parotis::evaluate
