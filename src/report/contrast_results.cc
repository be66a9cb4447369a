#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/cohort_report.h"
#include "report/contrast_sections.h"
#include "report/html.h"
#include "report/row_plots.h"

namespace parotis::report {
namespace {

Table SummaryTable(const StudyAnalysis& study) {
  Table table{"All classes together, by contrast set, with 95 % intervals.",
              {{"Contrast set", Align::kLeft},
               {"Patients with a tumour"},
               {"Strict accuracy"},
               {"Balanced accuracy"},
               {"Mean area under ROC"},
               {"Tumour found"},
               {"Tumour Dice"}},
              {},
              {}};
  for (const AnalysedRun* one : study.sets) {
    const evaluate::Summary& s = one->summary;
    const evaluate::Classification& c = s.classification;
    Text name = one == study.best ? Text(one->at().contrast_set, Style::kBold) : Text(one->at().contrast_set);
    table.Add({name, std::to_string(c.strict_accuracy.n), ProportionText(c.strict_accuracy),
               EstimateText(c.balanced_accuracy, c.balanced_accuracy_interval),
               EstimateText(s.discrimination.mean_auc, s.discrimination.mean_auc_interval),
               ProportionText(c.tumour_found), EstimateText(s.tumour.dice_when_present.mean, s.tumour_dice_interval)});
    if (const OracleFigure* oracle = study.OracleOf(one->at().contrast_set)) {
      table.Add({Text("oracle of this set", Style::kSoft), "", EstimateText(oracle->strict_accuracy, oracle->interval),
                 "", "", "", ""});
    }
  }
  if (study.input.published && study.input.published->strict_accuracy_range) {
    const auto& range = *study.input.published->strict_accuracy_range;
    table.Add({Text("published, derived", Style::kSoft), "",
               Text(fmt::format("{}\u00A0to\u00A0{}", Number(range[0], 2), Number(range[1], 2)), Style::kSoft), "", "",
               "", ""});
  }
  table.notes = {
      "Strict accuracy: the patient's class among all classes; no tumour found and indeterminate count as wrong. "
      "Wilson intervals; balanced accuracy by Zou and Donner, areas and Dice by bootstrap over patients. Dice: mean "
      "over patients with a tumour."};
  if (study.input.oracle) {
    table.notes.emplace_back(
        fmt::format("Oracle: Bayes' rule on the true drawn values of {} simulated tumours, instead of images. It never "
                    "misses a tumour. A set far above its oracle has found a leak.",
                    study.input.oracle->draws));
  }
  return table;
}

Table OneVersusRestTable(const StudyAnalysis& study) {
  Table table{"One class against all other tumours, per patient.",
              {{"Contrast set", Align::kLeft}, {"Accuracy"}, {"Sensitivity"}, {"Specificity"}, {"PPV"}, {"NPV"}},
              {},
              {"No tumour found counts as not this class. 95 % Wilson intervals."}};
  for (std::size_t c = 0; c < study.classes.size(); ++c) {
    table.AddGroup(Spaced(study.classes[c]));
    for (const AnalysedRun* one : study.sets) {
      const evaluate::OneVersusRest& figures = one->summary.classification.one_vs_rest.at(c);
      table.Add({one->at().contrast_set, ProportionText(figures.accuracy()), ProportionText(figures.sensitivity()),
                 ProportionText(figures.specificity()), ProportionText(figures.ppv()), ProportionText(figures.npv())});
    }
    if (!study.input.published || !study.input.published->one_vs_rest.contains(study.classes[c])) continue;
    const PublishedClass& other = study.input.published->one_vs_rest.at(study.classes[c]);
    const auto soft = [](double value) { return Text(Number(value, 2), Style::kSoft); };
    table.Add({Text("published", Style::kSoft), soft(other.accuracy), soft(other.sensitivity), soft(other.specificity),
               "", ""});
  }
  return table;
}

Figure StrictForest(const StudyAnalysis& study) {
  ForestInput forest;
  forest.axis.title = "strict accuracy, patients with a tumour";
  forest.alternative = "Strict accuracy by contrast set";
  for (const AnalysedRun* one : study.sets) {
    const evaluate::Proportion& strict = one->summary.classification.strict_accuracy;
    const evaluate::Interval interval = strict.interval();
    forest.rows.push_back({one->at().contrast_set, strict.estimate(), interval,
                           fmt::format("{} ({})", Number(strict.estimate(), 2), IntervalText(interval)), 0});
    if (const OracleFigure* oracle = study.OracleOf(one->at().contrast_set)) {
      forest.rows.push_back({"its oracle", oracle->strict_accuracy, oracle->interval,
                             fmt::format("{} ({})", Number(oracle->strict_accuracy, 2), IntervalText(oracle->interval)),
                             7});
    }
  }
  const double chance = 1.0 / static_cast<double>(std::max<std::size_t>(1, study.classes.size()));
  return {fmt::format("Strict accuracy with 95 % intervals. Equal guessing among the {} classes, with every tumour "
                      "found, would reach {} on average.",
                      study.classes.size(), Number(chance, 2)),
          {{ForestPlot(forest), ""}},
          1,
          {}};
}

}  // namespace

void AddResults(Document& document, const StudyAnalysis& study) {
  document.Section(kResultsSection);
  const PublishedFigures* published = study.input.published ? &*study.input.published : nullptr;
  document.Add(SummaryTable(study));
  if (study.sets.size() > 1) {
    document.Say(
        fmt::format("{} is shown large below because its strict accuracy is the highest. That was seen on the patients "
                    "it is tested on: the choice among {} sets makes its figures slightly too good, and only the "
                    "paired comparisons say which differences stand.",
                    study.best->at().contrast_set, study.sets.size()));
  }
  document.Add(StrictForest(study));
  document.Add(OneVersusRestTable(study));
  if (published != nullptr) {
    document.Warn(Text(ComparabilitySentence(study.input.origin, published->patients), Style::kBold));
    document.Say(Text("Published: " + published->citation, Style::kSoft));
  }
  const evaluate::Proportion& free = study.best->summary.classification.tumour_free_correct;
  if (free.n == 0) {
    document.Say(
        "No patient was without a tumour: how often one would be invented in a healthy patient is not known from this "
        "study.");
    return;
  }
  Table table{"Patients without a tumour.", {{"Contrast set", Align::kLeft}, {"None found"}}, {}, {}};
  for (const AnalysedRun* one : study.sets)
    table.Add({one->at().contrast_set, ProportionText(one->summary.classification.tumour_free_correct)});
  document.Add(table);
}

}  // namespace parotis::report
