#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "report/contrast_pairs.h"
#include "report/contrast_sections.h"

namespace parotis::report {
namespace {

std::vector<std::string> SetsOf(const StudyAnalysis& study) {
  std::vector<std::string> sets;
  for (const AnalysedRun& one : study.all) {
    const std::string& set = one.at().contrast_set;
    if (std::find(sets.begin(), sets.end(), set) == sets.end()) sets.push_back(set);
  }
  return sets;
}

void DescribeVariants(Document& document, const StudyAnalysis& study) {
  Table table{"What tells the variants apart.",
              {{"Variant", Align::kLeft}, {"Its plan differs by", Align::kLeft}, {"Starts from", Align::kLeft}},
              {},
              {}};
  for (const Variant& variant : study.input.variants) {
    table.Add({variant.name, variant.difference.empty() ? "nothing" : SettingsOf(variant.difference),
               variant.from.empty() ? "fresh weights" : variant.from});
  }
  document.Add(std::move(table));
}

std::vector<Text> FiguresOf(const evaluate::Summary& s) {
  if (!s.labels_are_diagnoses) return DiceOfLabels(s);
  return {ProportionText(s.classification.strict_accuracy),
          EstimateText(s.classification.balanced_accuracy, s.classification.balanced_accuracy_interval),
          EstimateText(s.discrimination.mean_auc, s.discrimination.mean_auc_interval),
          EstimateText(s.tumour.dice_when_present.mean, s.tumour_dice_interval)};
}

Table FiguresTable(const StudyAnalysis& study, const std::vector<std::string>& sets) {
  Table table{"Variants by contrast set, with 95 % intervals.", {{"Variant", Align::kLeft}}, {}, {}};
  AddFigureColumns(table, study, {"Strict accuracy", "Balanced accuracy", "Mean area under ROC", "Tumour Dice"});
  for (const std::string& set : sets) {
    table.AddGroup(set);
    for (const std::string& variant : study.variants) {
      const AnalysedRun* one = study.Find(variant, set);
      if (one == nullptr) continue;
      std::vector<Text> cells = FiguresOf(one->summary);
      cells.insert(cells.begin(), variant);
      table.Add(std::move(cells));
    }
  }
  return table;
}

// The folds are the same for all variants: patients are paired. One that cannot be compared says why.
std::vector<evaluate::Comparison> AgainstTheFirst(Document& document, const StudyAnalysis& study,
                                                  const std::vector<std::string>& sets) {
  std::vector<evaluate::Comparison> pairs;
  for (const std::string& set : sets) {
    const AnalysedRun* first = study.Find(study.variants[0], set);
    for (std::size_t v = 1; first != nullptr && v < study.variants.size(); ++v) {
      const AnalysedRun* other = study.Find(study.variants[v], set);
      if (other == nullptr) continue;
      const evaluate::RunView one = evaluate::ViewOf(other->run->evaluation),
                              two = evaluate::ViewOf(first->run->evaluation);
      try {
        evaluate::CheckSamePatients(one, two);
        pairs.push_back(evaluate::CompareViews(one, two, study.input.bootstrap));
        pairs.back().first_name = set + ": " + study.variants[v];
        pairs.back().second_name = study.variants[0];
      } catch (const base::Error& error) {
        document.Warn(fmt::format("{}, {} cannot be compared with {}: {}", set, study.variants[v], study.variants[0],
                                  error.message()));
      }
    }
  }
  return pairs;
}

}  // namespace

void AddVariants(Document& document, const StudyAnalysis& study) {
  if (study.variants.size() < 2) return;
  const std::vector<std::string> sets = SetsOf(study);
  document.Section(kVariantsSection);
  DescribeVariants(document, study);
  document.Add(FiguresTable(study, sets));
  std::vector<evaluate::Comparison> pairs = AgainstTheFirst(document, study, sets);
  if (pairs.empty()) return;
  const auto family = evaluate::CorrectTogether(pairs, evaluate::MainMeasures());
  document.Add(PairTable(pairs, fmt::format("Each variant against {}, on the same patients.", study.variants[0]),
                         family.size()));
}

}  // namespace parotis::report
