#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "evaluate/fold_metrics.h"
#include "evaluate/variance.h"
#include "report/contrast_sections.h"
#include "report/html.h"

namespace parotis::report {
namespace {

std::string NameOf(const StudyAnalysis& study, const StudyPlace& at) {
  return study.variants.size() > 1 ? at.variant + ", " + at.contrast_set : at.contrast_set;
}

// Strict accuracy, or Dice where labels are no diagnoses, in every fold of every seed; empty when the folds are not
// known.
std::vector<evaluate::RunMetric> MetricsOf(const StudyAnalysis& study, const StudyPlace& place) {
  std::vector<evaluate::RunMetric> metrics;
  for (const AnalysedRun& one : study.all) {
    const StudyPlace& at = one.at();
    if (!at.IsOfMethod(place) || at.repeat != place.repeat) continue;
    for (const evaluate::FoldMetrics& fold : evaluate::MetricsByFold(one.run->evaluation)) {
      const double value = study.has_diagnoses() ? fold.strict_accuracy : fold.tumour_dice;
      if (std::isfinite(value)) metrics.push_back({static_cast<std::int64_t>(at.seed), fold.fold, value});
    }
  }
  return metrics;
}

// What stands in the columns of the first table.
std::vector<double> FiguresOf(const evaluate::Summary& summary) {
  if (summary.labels_are_diagnoses)
    return {summary.classification.strict_accuracy.estimate(), summary.classification.balanced_accuracy,
            summary.tumour.dice_when_present.mean};
  std::vector<double> dice;
  dice.reserve(summary.classes.size());
  for (const evaluate::LabelSummary& label : summary.classes) dice.push_back(label.dice.mean);
  return dice;
}

std::string MeanAndSd(const std::vector<double>& values) {
  if (values.size() < 2) return values.empty() ? "n/a" : Number(values[0], 3);
  return fmt::format("{}\u00A0±\u00A0{}", Number(evaluate::MeanOf(values), 3),
                     Number(evaluate::StandardDeviationOf(values), 3));
}

void AddComponents(Document& document, const StudyAnalysis& study) {
  Table table{fmt::format("{} in single folds: where its spread comes from.",
                          study.has_diagnoses() ? "Strict accuracy" : "Dice of all labels together"),
              {{"Run", Align::kLeft},
               {"Seeds"},
               {"Folds"},
               {"Mean"},
               {"SD across seeds, folds fixed"},
               {"SD across folds, seeds fixed"},
               {"Residual variance"}},
              {},
              {"Method of moments on the crossed table of seeds and folds (Searle, Casella and McCulloch 1992). The "
               "spread across folds holds the chance of which patients fell into them; folds share training patients, "
               "so it is no standard error of the mean."}};
  for (const AnalysedRun* method : study.methods) {
    const auto metrics = MetricsOf(study, method->at());
    try {
      if (metrics.empty()) continue;
      const evaluate::VarianceComponents c = evaluate::ComponentsOf(metrics);
      table.Add({NameOf(study, method->at()), std::to_string(c.seeds), std::to_string(c.folds), Number(c.mean, 3),
                 Number(c.sd_across_seeds, 3), Number(c.sd_across_folds, 3), Number(c.residual_variance, 4)});
    } catch (const base::Error&) {  // a fold without a tumour, or a seed that is not done: no unique answer
      continue;
    }
  }
  if (table.rows.empty()) {
    document.Say("Which fold each patient was held out in is not recorded, so the spread across folds is not known.");
  } else {
    document.Add(table);
  }
}

}  // namespace

void AddSpread(Document& document, const StudyAnalysis& study) {
  document.Section(kSpreadSection);
  Table table{"Whole cross-validations with other seeds and folds: mean ± standard deviation over them.",
              {{"Run", Align::kLeft}, {"Cross-validations"}},
              {},
              {}};
  AddFigureColumns(table, study, {"Strict accuracy", "Balanced accuracy", "Tumour Dice"});
  std::size_t most = 0;
  for (const AnalysedRun* method : study.methods) {
    std::vector<std::vector<double>> figures(table.columns.size() - 2);  // by column, then cross-validation
    for (const AnalysedRun& one : study.all) {
      if (!one.at().IsOfMethod(method->at())) continue;
      const std::vector<double> of_one = FiguresOf(one.summary);
      for (std::size_t f = 0; f < figures.size(); ++f) figures[f].push_back(of_one[f]);
    }
    most = std::max(most, figures[0].size());
    std::vector<Text> cells = {NameOf(study, method->at()), std::to_string(figures[0].size())};
    for (const std::vector<double>& values : figures) cells.emplace_back(MeanAndSd(values));
    table.Add(std::move(cells));
  }
  if (most > 1) {
    document.Add(table);
  } else {
    document.Say(
        "One seed and one division into folds: how much the figures would change with another seed is not known. The "
        "intervals above are over patients alone.");
  }
  AddComponents(document, study);
  AddTrainings(document, study);
}

}  // namespace parotis::report
