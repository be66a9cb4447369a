#include <fmt/format.h>

#include "report/contrast_pairs.h"
#include "report/contrast_sections.h"

namespace parotis::report {
namespace {

// What is shown first of a measure; `name` as in a sentence.
struct Shown {
  const char* measure;
  const char* name;
};

// Says nothing where folds are not known.
Table FoldTable(const std::vector<evaluate::Comparison>& pairs, const Shown& shown) {
  Table table{fmt::format("A second answer: the mean of the fold-wise differences of {}.", shown.name),
              {{"Difference", Align::kLeft}, {"Folds"}, {"Mean, 95 % interval"}, {"p"}},
              {},
              {"Corrected resampled t test (Nadeau and Bengio 2003), which allows for folds sharing training patients: "
               "it tries to contain what another training set would have changed, and is wide. Not part of Holm's "
               "family."}};
  for (const evaluate::Comparison& pair : pairs) {
    const evaluate::PairedMeasure* measure = pair.Find(shown.measure);
    if (measure == nullptr || !measure->over_folds) continue;
    const evaluate::CorrectedResampled& folds = *measure->over_folds;
    table.Add(
        {PairName(pair), std::to_string(folds.folds), EstimateText(folds.mean, folds.interval, 3), PText(folds.p)});
  }
  return table;
}

}  // namespace

void AddPaired(Document& document, const StudyAnalysis& study) {
  document.Section(kPairedSection);
  const std::vector<evaluate::Comparison>& pairs = study.comparisons.pairs;
  if (!study.why_no_comparison.empty()) document.Warn(study.why_no_comparison);
  if (pairs.empty()) {
    if (study.why_no_comparison.empty()) document.Say("One contrast set is complete: there is nothing to compare.");
    return;
  }
  const Shown shown = study.has_diagnoses() ? Shown{evaluate::kStrictAccuracy, "strict accuracy"}
                                            : Shown{evaluate::kTumourDice, "Dice"};
  document.Add(Figure{fmt::format("Differences of {}, first minus second, with 95 % intervals.", shown.name),
                      {{PairForest(pairs, shown.measure, fmt::format("difference of {}", shown.name)), ""}},
                      1,
                      {}});
  document.Add(PairTable(pairs, "Every two contrast sets.", study.comparisons.family.size()));
  if (study.comparisons.folds == 0) return;
  Table folds = FoldTable(pairs, shown);
  if (!folds.rows.empty()) document.Add(std::move(folds));
}

}  // namespace parotis::report
