#include <fmt/format.h>

#include "evaluate/subgroups.h"
#include "report/contrast_sections.h"
#include "report/html.h"

namespace parotis::report {

void AddSubgroups(Document& document, const StudyAnalysis& study) {
  evaluate::Evaluation run = study.best->run->evaluation;
  run.subgroup_columns = study.input.subgroup_columns;
  const std::vector<evaluate::SubgroupTable> groups = evaluate::SubgroupsOf(run, study.input.bootstrap);
  if (groups.empty()) return;
  document.Section(kSubgroupsSection);
  Table table{fmt::format("Groups of patients, {}.", study.best->at().contrast_set),
              {{"Group", Align::kLeft}, {"Patients"}, {"Strict accuracy"}},
              {},
              {}};
  for (const std::string& name : study.classes) table.columns.push_back({"Sensitivity, " + Spaced(name)});
  table.columns.push_back({"Tumour Dice"});
  for (const evaluate::SubgroupTable& column : groups) {
    table.AddGroup(fmt::format("{}{}; do the groups differ? accuracy p {}, Holm {}; Dice p {}, Holm {}",
                               Spaced(column.column), column.is_median_split ? ", split at the median" : "",
                               PText(column.accuracy_p), PText(column.accuracy_p_holm), PText(column.dice_p),
                               PText(column.dice_p_holm)));
    for (const evaluate::Subgroup& group : column.groups) {
      std::vector<Text> cells = {
          group.is_tested ? Text(group.value) : Text(group.value + " (not tested)", Style::kSoft),
          std::to_string(group.patients), ProportionText(group.strict_accuracy)};
      for (const evaluate::Proportion& one : group.sensitivity) cells.push_back(ProportionText(one));
      cells.push_back(EstimateText(group.dice, group.dice_interval));
      table.Add(std::move(cells));
    }
  }
  table.notes = {
      fmt::format("Groups with fewer than {} patients with a tumour are listed and not tested. Accuracy: χ² by "
                  "permutation; Dice: Kruskal and Wallis. Subgroups of a small study find only large differences.",
                  evaluate::kFewestTested)};
  document.Add(table);
}

}  // namespace parotis::report
