#include "dataset/histology.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/error.h"

namespace parotis::dataset {
namespace {

using base::ErrorKind;
using base::Found;

std::optional<std::size_t> FirstColumn(const base::CsvTable& table, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (const auto column = table.ColumnNamed(name)) return column;
  }
  return std::nullopt;
}

std::vector<std::size_t> AllColumns(const base::CsvTable& table, const std::vector<std::string>& names) {
  std::vector<std::size_t> columns;
  for (const std::string& name : names) {
    if (const auto column = table.ColumnNamed(name)) columns.push_back(*column);
  }
  return columns;
}

[[noreturn]] void RefuseColumns(const char* what, const std::vector<std::string>& wanted, const base::CsvTable& table) {
  base::Throw(ErrorKind::kInput,
              fmt::format("the table has no column for the {} ({}); it has {}: name the right one in the file of codes",
                          what, fmt::join(wanted, ", "), fmt::join(table.header, ", ")));
}

// "issuer:4711" is also 4711 when no other issuer has that number.
std::string Lookup(const std::map<std::string, std::string>& pseudonyms, const std::string& original) {
  if (const auto found = pseudonyms.find(original); found != pseudonyms.end()) return found->second;
  std::set<std::string> fitting;
  for (const auto& [known, pseudonym] : pseudonyms) {
    if (known.size() > original.size() && known.ends_with(":" + original)) fitting.insert(pseudonym);
  }
  return fitting.size() == 1 ? *fitting.begin() : std::string();
}

struct RowMeaning {
  std::optional<RecognisedHistology> histology;
  bool contradictory = false;
  bool silent = true;  // no cell says anything
};

class HistologyApplier {
 public:
  HistologyApplier(const base::CsvTable& table, const HistologyCodes& codes, const PseudonymMap& map,
                   const Dataset& dataset)
      : table_(table),
        codes_(codes),
        map_(map),
        patient_column_(FirstColumn(table, codes.patient_columns)),
        case_column_(FirstColumn(table, codes.case_columns)),
        diagnosis_columns_(AllColumns(table, codes.diagnosis_columns)) {
    if (!patient_column_ && !case_column_) RefuseColumns("patient", codes.patient_columns, table);
    if (diagnosis_columns_.empty()) RefuseColumns("diagnosis", codes.diagnosis_columns, table);
    CheckClasses(dataset);
    result_.participants = dataset.participants;
    if (result_.participants.empty()) {
      for (const CaseFiles& files : dataset.cases) result_.participants.push_back({files.id, files.id, "", {}});
    }
  }

  HistologyResult Apply() {
    for (const base::CsvRow& row : table_.rows) ReadRow(row);
    for (std::size_t p = 0; p < result_.participants.size(); ++p) Diagnose(p);
    return std::move(result_);
  }

 private:
  struct Statement {
    std::size_t line;
    RecognisedHistology histology;
  };

  void Say(const char* code, std::string message) { result_.findings.push_back(Found(code, std::move(message))); }

  void CheckClasses(const Dataset& dataset) const {
    for (const HistologyClass& each : codes_.classes) {
      const auto& labels = dataset.label_names;
      const bool known = each.name.empty() || each.name == kTumourFree ||
                         std::find(labels.begin() + 1, labels.end(), each.name) != labels.end();
      if (!known)
        base::Throw(
            ErrorKind::kUsage,
            fmt::format("the class \"{}\" is no label of the dataset, which has {}; name the classes in the file "
                        "of codes as its labels are named",
                        each.name, fmt::join(labels.begin() + 1, labels.end(), ", ")));
    }
  }

  std::string Cell(const base::CsvRow& row, const std::optional<std::size_t>& column) const {
    return column ? row.cells[*column] : std::string();
  }

  // The participants that the row speaks of.
  std::vector<std::size_t> CasesOf(const base::CsvRow& row) const {
    const std::string case_name = Cell(row, case_column_);
    const std::string patient = Cell(row, patient_column_);
    const std::string case_id = Lookup(map_.cases, case_name);
    const std::string patient_id = Lookup(map_.patients, patient);
    std::vector<std::size_t> cases;
    for (std::size_t p = 0; p < result_.participants.size(); ++p) {
      const Participant& each = result_.participants[p];
      const bool of_case = each.case_id == case_name || (!case_id.empty() && each.case_id == case_id);
      const bool of_patient = each.patient_id == patient || (!patient_id.empty() && each.patient_id == patient_id);
      if (case_name.empty() ? !patient.empty() && of_patient : of_case && (patient.empty() || of_patient))
        cases.push_back(p);
    }
    return cases;
  }

  RowMeaning MeaningOf(const base::CsvRow& row) const {
    RowMeaning meaning;
    for (const std::size_t column : diagnosis_columns_) {
      if (row.cells[column].empty()) continue;
      meaning.silent = false;
      const auto recognised = Recognise(row.cells[column], codes_);
      if (!recognised) continue;
      meaning.contradictory = meaning.contradictory || recognised->contradictory ||
                              (meaning.histology && meaning.histology->class_name != recognised->class_name);
      if (!meaning.histology) meaning.histology = recognised;
    }
    return meaning;
  }

  void ReadRow(const base::CsvRow& row) {
    const std::vector<std::size_t> cases = CasesOf(row);
    if (cases.empty())
      return Say("histology_patient_unknown",
                 fmt::format("line {} speaks of a patient or case that the dataset does not hold", row.line));
    const RowMeaning meaning = MeaningOf(row);
    for (const std::size_t p : cases) spoken_of_.insert(p);
    if (meaning.silent) return Say("histology_missing", fmt::format("line {} gives no histology", row.line));
    if (!meaning.histology)
      return Say("histology_code_unknown",
                 fmt::format("line {}: no cell of {} holds a code or phrase of the file of codes", row.line,
                             fmt::join(codes_.diagnosis_columns, ", ")));
    for (const std::size_t p : cases) {
      if (meaning.contradictory) contradictory_[p] = row.line;
      statements_[p].push_back({row.line, *meaning.histology});
    }
  }

  void Diagnose(std::size_t p) {
    Participant& participant = result_.participants[p];
    const auto found = statements_.find(p);
    if (found == statements_.end()) {
      if (!spoken_of_.contains(p))
        Say("histology_missing", fmt::format("case {} has no row in the table", participant.case_id));
      return;
    }
    const Statement& first = found->second.front();
    for (const Statement& other : found->second) {
      if (other.histology.class_name == first.histology.class_name) continue;
      return Say("histology_contradictory", fmt::format("case {}: lines {} and {} contradict each other",
                                                        participant.case_id, first.line, other.line));
    }
    if (const auto line = contradictory_.find(p); line != contradictory_.end())
      return Say("histology_contradictory",
                 fmt::format("case {}: line {} contradicts itself", participant.case_id, line->second));
    const std::string& name = first.histology.class_name;
    if (name.empty())
      return Say("histology_without_class", fmt::format("case {}: line {} is {}, which belongs to no class",
                                                        participant.case_id, first.line, first.histology.code));
    if (!participant.diagnosis.empty() && participant.diagnosis != name)
      return Say("histology_contradictory", fmt::format("case {}: line {} says {}, participants.tsv says {}",
                                                        participant.case_id, first.line, name, participant.diagnosis));
    participant.diagnosis = name;
    participant.columns["histology_code"] = first.histology.code;
    ++result_.diagnosed;
  }

  const base::CsvTable& table_;
  const HistologyCodes& codes_;
  const PseudonymMap& map_;
  std::optional<std::size_t> patient_column_, case_column_;
  std::vector<std::size_t> diagnosis_columns_;
  HistologyResult result_;
  std::map<std::size_t, std::vector<Statement>> statements_;
  std::map<std::size_t, std::size_t> contradictory_;  // participant → line
  std::set<std::size_t> spoken_of_;
};

}  // namespace

PseudonymMap ReadPseudonymMap(const std::filesystem::path& path) {
  const base::CsvTable table = base::ReadCsv(path);
  const auto kind = table.ColumnNamed("kind");
  const auto pseudonym = table.ColumnNamed("pseudonym");
  const auto original = table.ColumnNamed("original");
  if (!kind || !pseudonym || !original)
    base::Throw(
        ErrorKind::kInput,
        fmt::format("{} is no map of pseudonyms: it needs the columns kind, pseudonym and original; name the file "
                    "that import wrote beside its key",
                    path.string()));
  PseudonymMap map;
  for (const base::CsvRow& row : table.rows) {
    if (row.cells[*kind] == "patient") map.patients[row.cells[*original]] = row.cells[*pseudonym];
    if (row.cells[*kind] == "case") map.cases[row.cells[*original]] = row.cells[*pseudonym];
  }
  return map;
}

HistologyResult ApplyHistology(const base::CsvTable& table, const HistologyCodes& codes, const PseudonymMap& map,
                               const Dataset& dataset) {
  return HistologyApplier(table, codes, map, dataset).Apply();
}

}  // namespace parotis::dataset
