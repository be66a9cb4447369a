// Readings from a table. Declared in evaluate/readers.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "dataset/participants.h"
#include "evaluate/readers.h"

namespace parotis::evaluate {
namespace {

using base::ErrorKind;
using base::Throw;

constexpr double kSumTolerance = 0.02;  // of probabilities that people wrote with two digits

// Where the columns are; npos-like absence is nullopt.
struct Columns {
  std::size_t reader = 0;
  std::size_t class_name = 0;
  std::optional<std::size_t> case_id, participant_id, confidence;
  std::vector<std::size_t> probabilities;  // per class; empty when there are none
};

// What the run knows of who can be read.
struct Roster {
  std::map<std::string, std::string> patient_of_case;
  std::map<std::string, PatientResult> patients;
  std::vector<std::string> classes;
};

Roster RosterOf(const Evaluation& run) {
  Roster roster;
  roster.classes = run.classes;
  for (const CaseResult& result : run.cases) roster.patient_of_case[result.case_id] = result.patient_id;
  for (PatientResult& patient : PatientsOf(run)) {
    patient.verdict = {};
    roster.patients[patient.patient_id] = patient;
  }
  return roster;
}

Columns ColumnsOf(const base::CsvTable& table, const std::string& file, const std::vector<std::string>& classes) {
  const auto require = [&](const char* name) {
    const auto column = table.ColumnNamed(name);
    if (!column) {
      Throw(ErrorKind::kInput,
            fmt::format("{}, line 1: the column {} is missing; a table of readings has reader, class "
                        "and case_id or participant_id",
                        file, name));
    }
    return *column;
  };
  Columns columns;
  columns.reader = require("reader");
  columns.class_name = require("class");
  columns.case_id = table.ColumnNamed("case_id");
  columns.participant_id = table.ColumnNamed("participant_id");
  columns.confidence = table.ColumnNamed("confidence");
  if (!columns.case_id && !columns.participant_id) require("case_id");
  for (const std::string& name : classes) {
    if (const auto column = table.ColumnNamed(name)) columns.probabilities.push_back(*column);
  }
  if (!columns.probabilities.empty() && columns.probabilities.size() != classes.size()) {
    Throw(ErrorKind::kInput,
          fmt::format("{}, line 1: probabilities need a column for each of {}", file, fmt::join(classes, ", ")));
  }
  if (!columns.probabilities.empty() && columns.confidence) {
    Throw(ErrorKind::kInput,
          file + ", line 1: confidence and a probability for each class say the same twice; keep one");
  }
  return columns;
}

double ProbabilityIn(const std::string& cell, const std::string& where) {
  const auto value = base::NumberFrom<double>(cell);
  if (value && *value >= 0 && *value <= 1) return *value;
  Throw(ErrorKind::kInput, fmt::format("{}: \"{}\" is no probability; write a number from 0 to 1", where, cell));
}

std::string PredictedIn(const std::string& cell, const Roster& roster, const std::string& where) {
  if (std::find(roster.classes.begin(), roster.classes.end(), cell) != roster.classes.end()) return cell;
  const std::string lower = base::AsciiLower(cell);
  if (lower == kNoTumourFound || lower == dataset::kTumourFree) return kNoTumourFound;
  if (lower == kIndeterminate) return kIndeterminate;
  Throw(ErrorKind::kInput, fmt::format("{}: the class \"{}\" is none of {}, {}, {}", where, cell,
                                       fmt::join(roster.classes, ", "), kNoTumourFound, kIndeterminate));
}

std::vector<double> ProbabilitiesIn(const base::CsvRow& row, const Columns& columns, const std::string& predicted,
                                    const Roster& roster, const std::string& where) {
  const bool names_class = predicted != kNoTumourFound && predicted != kIndeterminate;
  std::vector<double> probabilities;
  if (columns.confidence && names_class && !row.cells[*columns.confidence].empty()) {
    const double confidence = ProbabilityIn(row.cells[*columns.confidence], where);
    const double others = (1 - confidence) / std::max(1.0, static_cast<double>(roster.classes.size()) - 1);
    for (const std::string& name : roster.classes) probabilities.push_back(name == predicted ? confidence : others);
  }
  double sum = 0;
  for (const std::size_t column : columns.probabilities) {
    if (row.cells[column].empty()) return {};
    probabilities.push_back(ProbabilityIn(row.cells[column], where));
    sum += probabilities.back();
  }
  if (columns.probabilities.empty()) return probabilities;
  if (predicted == kNoTumourFound) return {};
  if (std::abs(sum - 1) > kSumTolerance)
    Throw(ErrorKind::kInput, fmt::format("{}: the probabilities sum to {:g}, not to 1", where, sum));
  return probabilities;
}

std::string PatientIn(const base::CsvRow& row, const Columns& columns, const Roster& roster, const std::string& where) {
  std::string patient;
  if (columns.participant_id) {
    patient = row.cells[*columns.participant_id];
    if (!roster.patients.contains(patient))
      Throw(ErrorKind::kInput, fmt::format("{}: the run has no patient \"{}\"", where, patient));
  }
  if (!columns.case_id) return patient;
  const std::string& case_id = row.cells[*columns.case_id];
  const auto found = roster.patient_of_case.find(case_id);
  if (found == roster.patient_of_case.end())
    Throw(ErrorKind::kInput, fmt::format("{}: the run has no case \"{}\"", where, case_id));
  if (columns.participant_id && found->second != patient) {
    Throw(ErrorKind::kInput,
          fmt::format("{}: the case {} is of patient {}, not of {}", where, case_id, found->second, patient));
  }
  return found->second;
}

// Verdicts of one reader by patient, and what was read already.
struct Readings {
  std::map<std::string, std::vector<CaseVerdict>> verdicts;
  std::set<std::string> keys;
};

}  // namespace

std::vector<Reader> ReadersOf(const base::CsvTable& table, const std::string& file, const Evaluation& run) {
  const Roster roster = RosterOf(run);
  const Columns columns = ColumnsOf(table, file, run.classes);
  std::map<std::string, Readings> by_reader;
  for (const base::CsvRow& row : table.rows) {
    const std::string where = fmt::format("{}, line {}", file, row.line);
    const std::string& name = row.cells[columns.reader];
    if (name.empty()) Throw(ErrorKind::kInput, where + ": the reader is missing; write who has read the case");
    const std::string patient = PatientIn(row, columns, roster, where);
    const std::string key = columns.case_id ? row.cells[*columns.case_id] : patient;
    Readings& readings = by_reader[name];
    if (!readings.keys.insert(key).second)
      Throw(ErrorKind::kInput, fmt::format("{}: {} has read {} already; keep one reading", where, name, key));
    CaseVerdict verdict;
    verdict.predicted = PredictedIn(row.cells[columns.class_name], roster, where);
    verdict.class_probabilities = ProbabilitiesIn(row, columns, verdict.predicted, roster, where);
    verdict.from_diagnosis = columns.confidence || !columns.probabilities.empty();
    readings.verdicts[patient].push_back(std::move(verdict));
  }
  std::vector<Reader> readers;
  for (const auto& [name, readings] : by_reader) {
    readers.push_back({name, {}});
    for (const auto& [id, verdicts] : readings.verdicts) {
      readers.back().patients.push_back(roster.patients.at(id));
      readers.back().patients.back().verdict = JoinVerdicts(verdicts, run.classes);
    }
  }
  if (readers.empty()) Throw(ErrorKind::kInput, file + " holds no reading");
  return readers;
}

std::vector<Reader> ReadReaders(const std::filesystem::path& file, const Evaluation& run) {
  return ReadersOf(base::ReadCsv(file), file.string(), run);
}

}  // namespace parotis::evaluate
