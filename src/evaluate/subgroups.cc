#include "evaluate/subgroups.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/number.h"
#include "evaluate/classification.h"
#include "evaluate/holm.h"
#include "evaluate/summary.h"

namespace parotis::evaluate {
namespace {

// A patient and the group he belongs to.
struct Member {
  const PatientResult* patient = nullptr;
  double dice = 0;
  std::string value;  // as recorded
};

bool IsValue(const std::string& value) { return value != kNotRecorded && value != kSeveralValues; }

std::vector<Member> MembersOf(const Evaluation& evaluation, const std::vector<PatientResult>& patients,
                              const std::vector<double>& dice, const std::string& column) {
  std::map<std::string, std::string> of_patient;
  for (const CaseResult& result : evaluation.cases) {
    const auto found = result.attributes.find(column);
    const std::string value =
        found == result.attributes.end() || found->second.empty() ? std::string(kNotRecorded) : found->second;
    const auto [place, is_new] = of_patient.emplace(result.patient_id, value);
    if (!is_new && place->second != value) place->second = kSeveralValues;
  }
  std::vector<Member> members;
  members.reserve(patients.size());
  for (std::size_t p = 0; p < patients.size(); ++p)
    members.push_back({&patients[p], dice[p], of_patient.at(patients[p].patient_id)});
  return members;
}

// Empty when a value is no number.
std::vector<double> NumbersOf(const std::vector<Member>& members) {
  std::vector<std::string> values;
  values.reserve(members.size());
  for (const Member& member : members) values.push_back(IsValue(member.value) ? member.value : "");
  return base::FiniteNumbersFrom(values);
}

void ChooseEdges(SubgroupTable& table, const SubgroupColumn& column, const std::vector<Member>& members) {
  const std::vector<double> numbers = NumbersOf(members);
  table.edges = column.edges;
  if (!column.edges.empty() && numbers.empty()) {
    base::Throw(base::ErrorKind::kInput, fmt::format("the column {} holds values that are no numbers; bins with edges "
                                                     "need numbers",
                                                     column.name));
  }
  const std::set<double> distinct(numbers.begin(), numbers.end());
  if (column.edges.empty() && distinct.size() > kMostDistinctNumbers) {
    table.edges = {PercentileOf(numbers, 0.5)};
    table.is_median_split = true;
  }
}

// The group's place and name.
std::pair<std::size_t, std::string> BinOf(double number, const std::vector<double>& edges) {
  const auto above = static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), number) - edges.begin());
  if (above == 0) return {0, fmt::format("< {:g}", edges[0])};
  if (above == edges.size()) return {above, fmt::format("≥ {:g}", edges.back())};
  return {above, fmt::format("{:g} to < {:g}", edges[above - 1], edges[above])};
}

// Groups in order: bins or sorted values, then what is not recorded.
std::vector<std::pair<std::string, std::vector<Member>>> GroupsOf(const std::vector<Member>& members,
                                                                  const std::vector<double>& edges) {
  std::map<std::pair<std::size_t, std::string>, std::vector<Member>> groups;
  for (const Member& member : members) {
    const std::size_t last = edges.size() + 1;
    if (!IsValue(member.value)) {
      groups[{last, member.value}].push_back(member);
    } else if (edges.empty()) {
      groups[{0, member.value}].push_back(member);
    } else {
      groups[BinOf(*base::FiniteNumberFrom(member.value), edges)].push_back(member);
    }
  }
  std::vector<std::pair<std::string, std::vector<Member>>> list;
  list.reserve(groups.size());
  for (auto& [key, group] : groups) list.emplace_back(key.second, std::move(group));
  return list;
}

Subgroup Summarised(const std::string& value, const std::vector<Member>& members, const Evaluation& evaluation,
                    const BootstrapOptions& bootstrap) {
  Subgroup group;
  group.value = value;
  group.patients = static_cast<std::int64_t>(members.size());
  group.strict_accuracy.method = evaluation.proportion_interval;
  group.sensitivity.assign(evaluation.classes.size(), Proportion{0, 0, evaluation.proportion_interval});
  std::vector<double> dice;
  for (const Member& member : members) {
    if (!HasTumour(*member.patient)) continue;
    Proportion& of_class = group.sensitivity[dataset::PlaceOf(member.patient->truth, evaluation.classes)];
    for (Proportion* proportion : {&group.strict_accuracy, &of_class}) {
      ++proportion->n;
      proportion->count += IsStrictlyCorrect(*member.patient) ? 1 : 0;
    }
    if (!std::isnan(member.dice)) dice.push_back(member.dice);
  }
  group.dice_n = static_cast<std::int64_t>(dice.size());
  group.dice = MeanOf(dice);
  group.dice_interval = BootstrapMean(dice, bootstrap);
  group.is_tested = IsValue(value) && group.strict_accuracy.n >= kFewestTested;
  return group;
}

void Test(SubgroupTable& table, const std::vector<std::pair<std::string, std::vector<Member>>>& groups,
          const BootstrapOptions& bootstrap) {
  std::vector<int> correct;
  std::vector<std::size_t> group_of_correct;
  std::vector<double> dice;
  std::vector<std::size_t> group_of_dice;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (!table.groups[g].is_tested) continue;
    for (const Member& member : groups[g].second) {
      if (!HasTumour(*member.patient)) continue;
      correct.push_back(IsStrictlyCorrect(*member.patient) ? 1 : 0);
      group_of_correct.push_back(g);
      if (std::isnan(member.dice)) continue;
      dice.push_back(member.dice);
      group_of_dice.push_back(g);
    }
  }
  table.accuracy_p = ChiSquaredPermutationP(correct, group_of_correct, groups.size(), bootstrap);
  table.dice_p = KruskalWallisP(dice, group_of_dice, groups.size());
}

void Correct(std::vector<SubgroupTable>& tables) {
  std::vector<double> p_values;
  for (const SubgroupTable& table : tables) {
    p_values.push_back(table.accuracy_p);
    p_values.push_back(table.dice_p);
  }
  const std::vector<double> adjusted = HolmAdjusted(p_values);
  for (std::size_t t = 0; t < tables.size(); ++t) {
    tables[t].accuracy_p_holm = adjusted[2 * t];
    tables[t].dice_p_holm = adjusted[2 * t + 1];
  }
}

}  // namespace

std::vector<SubgroupTable> SubgroupsOf(const Evaluation& evaluation, const BootstrapOptions& bootstrap) {
  const std::vector<PatientResult> patients = PatientsOf(evaluation);
  const std::vector<double> dice = TumourDicePerPatient(evaluation, patients);
  std::vector<SubgroupTable> tables;
  for (const SubgroupColumn& column : evaluation.subgroup_columns) {
    const std::vector<Member> members = MembersOf(evaluation, patients, dice, column.name);
    SubgroupTable table;
    table.column = column.name;
    ChooseEdges(table, column, members);
    const auto groups = GroupsOf(members, table.edges);
    for (const auto& [value, group] : groups) table.groups.push_back(Summarised(value, group, evaluation, bootstrap));
    Test(table, groups, bootstrap);
    tables.push_back(std::move(table));
  }
  Correct(tables);
  return tables;
}

SubgroupColumn ParseSubgroupColumn(const std::string& text) {
  SubgroupColumn column{text.substr(0, text.find('=')), {}};
  const auto refuse = [&] {
    base::Throw(base::ErrorKind::kUsage,
                fmt::format("\"{}\" is no column to group by; write a column's name, or age_years=40/60 with the edges "
                            "of its bins, rising",
                            text));
  };
  if (column.name.empty()) refuse();
  if (column.name.size() == text.size()) return column;
  std::string rest = text.substr(column.name.size() + 1);
  while (true) {
    const std::size_t end = rest.find('/');
    const auto edge = base::FiniteNumberFrom(rest.substr(0, end));
    if (!edge || (!column.edges.empty() && *edge <= column.edges.back())) refuse();
    column.edges.push_back(*edge);
    if (end == std::string::npos) return column;
    rest.erase(0, end + 1);
  }
}

}  // namespace parotis::evaluate
