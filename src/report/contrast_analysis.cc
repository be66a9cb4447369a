#include "report/contrast_analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "report/html.h"

namespace parotis::report {
namespace {

bool IsBetter(const AnalysedRun& one, const AnalysedRun& other) {
  const auto& a = one.summary.classification;
  const auto& b = other.summary.classification;
  if (!one.summary.labels_are_diagnoses)
    return one.summary.tumour.dice_when_present.mean > other.summary.tumour.dice_when_present.mean;
  const double first = a.strict_accuracy.estimate(), second = b.strict_accuracy.estimate();
  return first != second ? first > second : a.balanced_accuracy > b.balanced_accuracy;
}

void ChooseSets(StudyAnalysis& study) {
  const StudyPlace& first = study.all[0].at();
  for (const AnalysedRun& one : study.all) {
    const StudyPlace& at = one.at();
    if (std::find(study.variants.begin(), study.variants.end(), at.variant) == study.variants.end())
      study.variants.push_back(at.variant);
    if (at.repeat != first.repeat || at.seed != first.seed) continue;
    study.methods.push_back(&one);
    if (at.variant == first.variant) study.sets.push_back(&one);
  }
  study.best = *std::max_element(study.sets.begin(), study.sets.end(),
                                 [](const auto* one, const auto* other) { return IsBetter(*other, *one); });
}

void CompareSets(StudyAnalysis& study) {
  if (study.sets.size() < 2) return;
  std::vector<evaluate::Evaluation> runs;
  for (const AnalysedRun* one : study.sets) {
    runs.push_back(one->run->evaluation);
    runs.back().name = one->at().contrast_set;
  }
  try {
    study.comparisons =
        evaluate::CompareRuns(runs, {study.input.bootstrap, true, evaluate::MainMeasuresOf(evaluate::ViewOf(runs[0]))});
  } catch (const base::Error& error) {
    study.why_no_comparison = "The contrast sets cannot be compared in pairs: " + error.message();
  }
}

}  // namespace

StudyAnalysis Analyse(const ContrastStudyInput& input) {
  StudyAnalysis study{.input = input, .why_no_comparison = ""};
  if (input.cross_validations.empty()) return study;
  study.classes = input.cross_validations[0].evaluation.classes;
  for (const CrossValidation& run : input.cross_validations)
    study.all.push_back({&run, evaluate::Summarise(run.evaluation, input.bootstrap)});
  ChooseSets(study);
  CompareSets(study);
  return study;
}

const AnalysedRun* StudyAnalysis::Find(const std::string& variant, const std::string& set) const {
  if (all.empty()) return nullptr;
  const StudyPlace wanted{variant, set, all[0].at().repeat, all[0].at().seed};
  const auto found = std::find_if(all.begin(), all.end(), [&](const AnalysedRun& one) { return one.at() == wanted; });
  return found == all.end() ? nullptr : &*found;
}

const OracleFigure* StudyAnalysis::OracleOf(const std::string& set) const {
  if (!input.oracle) return nullptr;
  const auto found = std::find_if(input.oracle->rows.begin(), input.oracle->rows.end(),
                                  [&](const OracleFigure& row) { return row.name == set; });
  return found == input.oracle->rows.end() ? nullptr : &*found;
}

std::string IntervalText(const evaluate::Interval& interval, int digits) {
  if (!std::isfinite(interval.low) || !std::isfinite(interval.high)) return "n/a";
  return fmt::format("{}\u00A0to\u00A0{}", Number(interval.low, digits), Number(interval.high, digits));
}

Text EstimateText(double estimate, const evaluate::Interval& interval, int digits) {
  if (!std::isfinite(estimate)) return "n/a";
  return Text(Number(estimate, digits), Style::kBold).Soft(" " + IntervalText(interval, digits));
}

Text ProportionText(const evaluate::Proportion& proportion) {
  if (proportion.n == 0) return "n/a";
  return EstimateText(proportion.estimate(), proportion.interval())
      .Soft(fmt::format(" ({}/{})", proportion.count, proportion.n));
}

std::string PText(double p) {
  if (!std::isfinite(p)) return "n/a";
  return p < 0.001 ? "<\u00A00.001" : Number(p, 3);
}

std::string Plural(std::size_t count, const std::string& one, const std::string& many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string Listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t n = 0; n < names.size(); ++n)
    text += (n == 0 ? "" : n + 1 == names.size() ? " and " : ", ") + Spaced(names[n]);
  return text;
}

std::string SettingsOf(const base::Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().empty() ? "none" : value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_number_float()) return fmt::format("{:.6g}", value.get<double>());
  if (!value.is_structured()) return value.dump();
  std::string text;
  for (const auto& [key, member] : value.items()) {
    const std::string inner = SettingsOf(member);
    const bool is_group = member.is_object();
    const std::string named = value.is_array() ? inner : Spaced(key) + " " + (is_group ? "(" + inner + ")" : inner);
    text += (text.empty() ? "" : value.is_array() ? ", " : "; ") + named;
  }
  return text.empty() ? "none" : text;
}

}  // namespace parotis::report
