// What the report of a contrast study is made from: contrast sets × folds × seeds, evaluated on the same patients.
// Whoever reads the study's folder fills the structs; what a study does not have stays empty and is left out.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "dataset/participants.h"
#include "evaluate/bootstrap.h"
#include "evaluate/evaluation.h"
#include "evaluate/readers.h"
#include "plan/plan.h"
#include "report/document.h"
#include "report/hardest_patients.h"
#include "report/published_figures.h"

namespace parotis::report {

// Which cross-validation.
struct StudyPlace {
  std::string variant, contrast_set;
  int repeat = 0;
  std::uint64_t seed = 1;
  bool operator==(const StudyPlace&) const = default;
  // The same variant on the same contrast set: another training of it at the most.
  bool IsOfMethod(const StudyPlace& other) const {
    return variant == other.variant && contrast_set == other.contrast_set;
  }
};

// The folds of one cross-validation joined: every patient once.
struct CrossValidation {
  StudyPlace at;
  evaluate::Evaluation evaluation;
};

// How far one is.
struct Progress {
  StudyPlace at;
  std::size_t networks = 0, networks_done = 0;
  std::size_t folds = 0, folds_done = 0;
};

// One final model on patients of another dataset.
struct FurtherTest {
  StudyPlace at;
  std::string test;
  evaluate::Evaluation evaluation;
};

struct LogPoint {
  double iteration = 0;
  double loss = std::numeric_limits<double>::quiet_NaN();  // NaN: not in this line of the log
  double soft_dice = std::numeric_limits<double>::quiet_NaN();
};
struct TrainingLog {
  StudyPlace at;
  std::vector<LogPoint> points;
};

// How the decision rule of a run was chosen (decision.json).
struct RuleChoice {
  StudyPlace at;
  int fold = 0;
  base::Json record;
};

// What a reader of the drawn values could reach (`parotis simulate --oracle N --json`).
struct OracleFigure {
  std::string name;  // a contrast set's, where they agree
  double strict_accuracy = 0;
  evaluate::Interval interval;
  std::vector<double> recall;  // per class of `OracleFigures::classes`
};
struct OracleFigures {
  std::int64_t draws = 0;
  std::vector<std::string> classes;
  std::vector<OracleFigure> rows;
};
// Of that command's JSON; throws kInput.
OracleFigures OracleFromJson(const base::Json& json, const std::string& name);

struct UnfinishedTask {
  std::string what, reason;
};

struct Variant {
  std::string name;
  base::Json difference;  // of its plan from the study's: a merge patch; empty: none
  std::string from;       // weights it started from; "": fresh ones
};

struct ContrastStudyInput {
  std::string name, date;
  std::string dataset_name, dataset_description;
  evaluate::Origin origin = evaluate::Origin::kUnknown;
  std::string study_json;                                                       // what was asked for; "": not known
  std::vector<std::string> commands;                                            // that make it again, in order
  std::vector<std::pair<std::string, std::string>> made;                        // "Plan, SHA-256" → …, in that order
  std::vector<std::pair<std::string, std::vector<std::string>>> contrast_sets;  // name → channels
  bool is_nested = false;                                                       // selection of the decision rule
  int folds = 0, repeats = 1;
  std::vector<std::uint64_t> seeds;
  std::string folds_from;          // "": made by a seed; else what they were taken from
  std::optional<plan::Plan> plan;  // the first variant's
  std::vector<Variant> variants;
  std::vector<dataset::Participant> participants;  // of the dataset
  std::vector<std::string> cases_in_no_fold;       // neither trained on nor tested
  std::size_t cases_never_tested = 0;              // trained on alone
  std::vector<Progress> progress;                  // of every cross-validation
  std::vector<CrossValidation>
      cross_validations;  // complete ones, the first variant's sets first, in the study's order
  std::vector<FurtherTest> further_tests;
  std::vector<TrainingLog> logs;
  std::vector<RuleChoice> rules;
  std::vector<UnfinishedTask> failed;
  std::optional<PublishedFigures> published;
  std::optional<OracleFigures> oracle;
  std::function<std::vector<evaluate::Reader>(const evaluate::Evaluation&)> readers;  // empty: none
  // Pictures of a patient's images with the outlines of reference and prediction; asked for the hardest ones of the set
  // shown large. Empty function, or empty list: none.
  std::function<std::vector<Panel>(const StudyPlace&, const HardPatient&)> pictures;
  std::vector<evaluate::SubgroupColumn> subgroup_columns;  // which the evaluations' cases have
  evaluate::BootstrapOptions bootstrap = {};
};

// Columns of participants.tsv, as `simulate` and `import` write them, that describe a patient or a scan: what the
// cohort's table begins with, and what patients are grouped by.
std::vector<std::string> KnownCharacteristicColumns();

// Also of a study of which nothing is complete: the page then says how far it is.
Document StudyDocument(const ContrastStudyInput& input);

}  // namespace parotis::report
