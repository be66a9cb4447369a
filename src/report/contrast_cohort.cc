#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "base/number.h"
#include "report/contrast_sections.h"
#include "report/html.h"

namespace parotis::report {
namespace {

using dataset::Participant;

constexpr const char* kNotRecorded = "not recorded";

// One participant of each patient: the first case's.
std::vector<const Participant*> PatientsOf(const std::vector<Participant>& cases) {
  std::set<std::string> seen;
  std::vector<const Participant*> patients;
  for (const Participant& one : cases) {
    if (seen.insert(one.patient_id).second) patients.push_back(&one);
  }
  return patients;
}

std::string ValueOf(const Participant& participant, const std::string& column) {
  const auto found = participant.columns.find(column);
  return found == participant.columns.end() ? "" : found->second;
}

// Every number of the column; the whole column counts as words when one value is no number.
std::vector<double> NumbersOf(const std::vector<const Participant*>& patients, const std::string& column) {
  std::vector<std::string> values;
  for (const Participant* patient : patients) values.push_back(ValueOf(*patient, column));
  return base::FiniteNumbersFrom(values);
}

std::string MedianAndRange(std::vector<double> numbers, int digits) {
  if (numbers.empty()) return kNotRecorded;
  const auto [low, high] = std::minmax_element(numbers.begin(), numbers.end());
  return fmt::format("{} ({}\u00A0to\u00A0{})", Number(evaluate::PercentileOf(numbers, 0.5), digits),
                     Number(*low, digits), Number(*high, digits));
}

std::string CountsOf(const std::vector<const Participant*>& patients, const std::string& column) {
  std::map<std::string, int> counts;
  int missing = 0;
  for (const Participant* patient : patients) {
    const std::string value = ValueOf(*patient, column);
    value.empty() ? ++missing : ++counts[value];
  }
  if (counts.empty()) return kNotRecorded;
  std::string text;
  for (const auto& [value, count] : counts)
    text += fmt::format("{}{}:\u00A0{}", text.empty() ? "" : ", ", value, count);
  return missing == 0 ? text : text + fmt::format(", not recorded:\u00A0{}", missing);
}

struct Characteristic {
  std::string column;
  std::string name;
  bool is_number;
  int digits;
};
// Columns as `simulate` and `import` write them; one that no patient has is left out.
const std::vector<Characteristic>& KnownCharacteristics() {
  static const std::vector<Characteristic> known = {{"sex", "Sex", false, 0},
                                                    {"age_years", "Age, years", true, 0},
                                                    {"size_mm", "Largest lesion, mm", true, 0},
                                                    {"n_lesions", "Lesions", false, 0},
                                                    {"side", "Side", false, 0},
                                                    {"field_tesla", "Field strength, T", false, 0},
                                                    {"vendor", "Vendor", false, 0},
                                                    {"manufacturer", "Vendor", false, 0},
                                                    {"centre", "Site", false, 0}};
  return known;
}

using Group = std::vector<const Participant*>;

// More different words than these are names or remarks, not characteristics.
constexpr std::size_t kMostWords = 10;

int DigitsFor(const std::vector<double>& numbers) {
  double largest = 0;
  for (const double number : numbers) largest = std::max(largest, std::abs(number));
  return largest < 2 ? 2 : largest < 20 ? 1 : 0;
}

// Those of KnownCharacteristics() that anybody has, then every other column of the table by its own name: numbers, or a
// few words.
std::vector<Characteristic> CharacteristicsOf(const Group& everyone) {
  std::vector<Characteristic> all;
  std::set<std::string> columns, known;
  for (const Participant* patient : everyone)
    for (const auto& [column, value] : patient->columns)
      if (!value.empty()) columns.insert(column);
  for (const Characteristic& one : KnownCharacteristics()) {
    known.insert(one.column);
    if (columns.contains(one.column)) all.push_back(one);
  }
  for (const std::string& column : columns) {
    if (known.contains(column)) continue;
    std::set<std::string> values;
    for (const Participant* patient : everyone) values.insert(ValueOf(*patient, column));
    const std::vector<double> numbers = NumbersOf(everyone, column);
    if (numbers.empty() && values.size() > kMostWords) continue;
    all.push_back({column, column, !numbers.empty() && values.size() > kMostWords / 2, DigitsFor(numbers)});
  }
  return all;
}

// The patients by diagnosis, in the classes' order, those without one last; then all of them.
std::vector<std::pair<std::string, Group>> GroupsOf(const StudyAnalysis& study) {
  std::vector<std::string> order = study.classes;
  if (order.empty() && study.input.plan) order = study.input.plan->labels;
  order.insert(order.end(), {dataset::kTumourFree, ""});
  const Group everyone = PatientsOf(study.input.participants);
  std::vector<std::pair<std::string, Group>> groups;
  for (const std::string& diagnosis : order) {
    Group group;
    for (const Participant* patient : everyone)
      if (patient->diagnosis == diagnosis) group.push_back(patient);
    if (!group.empty()) groups.emplace_back(diagnosis.empty() ? "diagnosis not recorded" : diagnosis, group);
  }
  groups.emplace_back("all", everyone);
  return groups;
}

Table CohortTable(const StudyAnalysis& study) {
  const auto groups = GroupsOf(study);
  Table table{"The patients, by diagnosis: number, or median and range.", {{"", Align::kLeft}}, {}, {}};
  std::vector<Text> counts = {"Patients"};
  for (const auto& [name, group] : groups) {
    table.columns.push_back({Spaced(name)});
    counts.emplace_back(std::to_string(group.size()), Style::kBold);
  }
  table.Add(std::move(counts));
  bool own_names = false;
  for (const Characteristic& what : CharacteristicsOf(groups.back().second)) {
    if (what.name == what.column && !std::exchange(own_names, true))
      table.AddGroup("Further columns of participants.tsv, by their own names");
    std::vector<Text> cells = {what.name};
    for (const auto& [name, group] : groups) {
      cells.emplace_back(what.is_number ? MedianAndRange(NumbersOf(group, what.column), what.digits)
                                        : CountsOf(group, what.column));
    }
    table.Add(std::move(cells));
  }
  return table;
}

void AddDataset(Bullets& flow, const ContrastStudyInput& input) {
  if (input.participants.empty()) return;
  flow.items.emplace_back(fmt::format("In the dataset: {} of {}.", Plural(input.participants.size(), "case", "cases"),
                                      Plural(PatientsOf(input.participants).size(), "patient", "patients")));
  if (input.cases_never_tested > 0) {
    flow.items.emplace_back(
        fmt::format("Trained on and never tested: {}.", Plural(input.cases_never_tested, "case", "cases")));
  }
  if (input.cases_in_no_fold.empty()) return;
  std::string names;
  for (std::size_t c = 0; c < std::min<std::size_t>(20, input.cases_in_no_fold.size()); ++c)
    names += (c == 0 ? "" : ", ") + input.cases_in_no_fold[c];
  flow.items.emplace_back(fmt::format("Without a reference segmentation, or in no fold: {} ({}{}).",
                                      Plural(input.cases_in_no_fold.size(), "case", "cases"), names,
                                      input.cases_in_no_fold.size() > 20 ? ", …" : ""));
}

void AddEvaluated(Bullets& flow, const StudyAnalysis& study) {
  const evaluate::Evaluation& evaluation = study.best->run->evaluation;
  flow.items.emplace_back(
      fmt::format("Evaluated: {} of {}, each once, held out from the training of what judged it.",
                  Plural(evaluation.cases.size(), "case", "cases"),
                  Plural(static_cast<std::size_t>(study.best->summary.patients), "patient", "patients")));
  bool is_anyone_left_out = false;
  for (const AnalysedRun* one : study.sets) {
    for (const evaluate::LeftOut& left : one->run->evaluation.left_out) {
      is_anyone_left_out = true;
      flow.items.push_back(
          Text("Left out of " + one->at().contrast_set + ": ").Bold(left.case_id).Add(", " + left.reason));
    }
  }
  if (!is_anyone_left_out) flow.items.emplace_back("Left out at evaluation: none.");
}

void AddFlow(Document& document, const StudyAnalysis& study) {
  Bullets flow;
  AddDataset(flow, study.input);
  if (study.best != nullptr) AddEvaluated(flow, study);
  if (flow.items.empty()) return;
  document.Subsection("From the dataset to the figures");
  document.Add(std::move(flow));
}

}  // namespace

void AddPatients(Document& document, const StudyAnalysis& study) {
  document.Section(kPatientsSection);
  if (study.is_synthetic()) {
    document.Say(
        "Every patient is synthetic: anatomy, tumours and images were drawn and computed from published priors. No "
        "person was examined. Sex, age, size and scanner are drawn values.");
  }
  if (!study.input.dataset_name.empty()) {
    document.Say(Text("Dataset ")
                     .Bold(study.input.dataset_name)
                     .Add(", which says of itself: ")
                     .Soft(study.input.dataset_description.empty() ? "nothing" : study.input.dataset_description));
  }
  if (study.input.participants.empty()) {
    document.Say(
        "The dataset was not at hand when this page was written, or has no participants.tsv: sex, age, lesion size and "
        "scanner are not known here.");
  } else {
    document.Add(CohortTable(study));
  }
  AddFlow(document, study);
}

std::vector<std::string> KnownCharacteristicColumns() {
  std::vector<std::string> columns;
  for (const Characteristic& one : KnownCharacteristics()) columns.push_back(one.column);
  return columns;
}

}  // namespace parotis::report
