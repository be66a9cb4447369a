// The figures behind the report of a contrast study, computed once.
#pragma once

#include <string>
#include <vector>

#include "evaluate/comparison.h"
#include "evaluate/summary.h"
#include "report/contrast_study.h"

namespace parotis::report {

struct AnalysedRun {
  const CrossValidation* run = nullptr;
  evaluate::Summary summary;

  const StudyPlace& at() const { return run->at; }
};

struct StudyAnalysis {
  const ContrastStudyInput& input;
  std::vector<std::string> classes = {};
  std::vector<AnalysedRun> all = {};
  std::vector<const AnalysedRun*> methods = {};  // every variant's contrast sets, of the first repeat and seed
  std::vector<const AnalysedRun*> sets = {};     // of them, the first variant's
  // Of them, by strict accuracy, then balanced accuracy; where labels are no diagnoses by Dice. Null: nothing is
  // complete.
  const AnalysedRun* best = nullptr;
  std::vector<std::string> variants = {};    // in the order of the study
  evaluate::ComparisonSet comparisons = {};  // of every two of `sets`
  std::string why_no_comparison;             // one sentence, or ""

  bool has_diagnoses() const { return best == nullptr || best->summary.labels_are_diagnoses; }
  bool is_synthetic() const { return input.origin == evaluate::Origin::kSynthetic; }
  // In the first repeat and seed; null when it is not complete.
  const AnalysedRun* Find(const std::string& variant, const std::string& set) const;
  // Null when there is none of this contrast set.
  const OracleFigure* OracleOf(const std::string& set) const;
};

StudyAnalysis Analyse(const ContrastStudyInput& input);

// Numbers as they stand in tables: the estimate bold, its interval beside it.
Text EstimateText(double estimate, const evaluate::Interval& interval, int digits = 2);
Text ProportionText(const evaluate::Proportion& proportion);  // with count/n; "n/a" without patients
std::string IntervalText(const evaluate::Interval& interval, int digits = 2);
std::string PText(double p);  // "0.034", "< 0.001", "n/a"
std::string Plural(std::size_t count, const std::string& one, const std::string& many);
// "widths 16, 32, 64; norm instance": settings from a plan, as they stand there.
std::string SettingsOf(const base::Json& value);
// "a, b and c", names from files for people.
std::string Listed(const std::vector<std::string>& names);

}  // namespace parotis::report
