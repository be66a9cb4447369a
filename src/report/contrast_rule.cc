#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/contrast_sections.h"

namespace parotis::report {
namespace {

// Every number of a rule, by its path.
void Flatten(const base::Json& json, const std::string& path, std::map<std::string, std::vector<double>>& numbers) {
  for (const auto& [key, value] : json.items()) {
    if (value.is_object()) Flatten(value, path + key + ".", numbers);
    if (value.is_number()) numbers[path + key].push_back(value.get<double>());
  }
}

std::string RangeText(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return *low == *high ? fmt::format("{:.3g}", *low) : fmt::format("{:.3g} to {:.3g}", *low, *high);
}

Table RuleTable(const std::vector<const RuleChoice*>& rules, const std::string& set) {
  Table table{fmt::format("Numbers of the decision rule, {}: smallest to largest over its folds.", set),
              {{"Number", Align::kLeft}, {"Over the folds"}},
              {},
              {"docs/diagnosis-rule.md says what each of them does."}};
  std::map<std::string, std::vector<double>> numbers;
  for (const RuleChoice* rule : rules) {
    if (rule->record.contains("rule")) Flatten(rule->record.at("rule"), "", numbers);
  }
  for (const auto& [name, values] : numbers) table.Add({Text(name, Style::kCode), RangeText(values)});
  return table;
}

Table ChoiceTable(const std::vector<const RuleChoice*>& rules) {
  Table table{"On whom each fold's rule was chosen.",
              {{"Tested fold"}, {"Patients of the other folds"}, {"What became of it", Align::kLeft}},
              {},
              {}};
  for (const RuleChoice* rule : rules) {
    const std::string kept = rule->record.value("kept_because", "");
    const auto patients = rule->record.value("patients", std::int64_t{0});
    table.Add({std::to_string(rule->fold), std::to_string(patients),
               kept.empty() ? "chosen" : "the plan's own rule stayed: " + kept});
  }
  return table;
}

}  // namespace

void AddRule(Document& document, const StudyAnalysis& study) {
  std::vector<const RuleChoice*> rules;
  for (const RuleChoice& rule : study.input.rules) {
    if (rule.at == study.best->at()) rules.push_back(&rule);
  }
  if (rules.empty()) return;
  document.Section(kRuleSection);
  if (study.input.is_nested) {
    document.Say(
        "Nested: in every fold the numbers of the rule were chosen on the other folds, from what networks said about "
        "patients whom they had not seen; nothing of the tested fold touched the choice.");
    document.Add(ChoiceTable(rules));
  } else {
    document.Say("The plan's rule was used in every fold. Nothing was chosen by looking at results.");
  }
  document.Add(RuleTable(rules, study.best->at().contrast_set));
}

}  // namespace parotis::report
