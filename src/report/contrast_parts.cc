#include "report/contrast_sections.h"
#include "report/html.h"
#include "report/row_plots.h"

namespace parotis::report {

void AddFigureColumns(Table& table, const StudyAnalysis& study, const std::vector<std::string>& of_diagnoses) {
  if (study.has_diagnoses()) {
    for (const std::string& title : of_diagnoses) table.columns.push_back({title});
    return;
  }
  for (const std::string& label : study.classes) table.columns.push_back({"Dice, " + Spaced(label)});
}

std::vector<Text> DiceOfLabels(const evaluate::Summary& summary) {
  std::vector<Text> cells;
  cells.reserve(summary.classes.size());
  for (const evaluate::LabelSummary& label : summary.classes)
    cells.push_back(EstimateText(label.dice.mean, label.dice_interval, 3));
  return cells;
}

void AddParts(Document& document, const StudyAnalysis& study) {
  document.Section(kResultsSection);
  document.Say(evaluate::kPartsSentence);
  Table table{"Each label against its reference, per case.",
              {{"Contrast set", Align::kLeft},
               {"Cases"},
               {"In neither map"},
               {"Dice, mean"},
               {"Dice, median"},
               {"NSD, mean"},
               {"HD95, median, mm"},
               {"Missed"},
               {"Invented"}},
              {},
              {"A label in neither map has no Dice and is left out; one in one map only has Dice 0 and no distances. "
               "Intervals: 95 %, bootstrap over patients."}};
  std::vector<ChartGroup> groups;
  for (std::size_t c = 0; c < study.classes.size(); ++c) {
    table.AddGroup(Spaced(study.classes[c]));
    for (const AnalysedRun* one : study.sets) {
      const evaluate::LabelSummary& label = one->summary.classes.at(c);
      table.Add({one->at().contrast_set, std::to_string(label.dice.n), std::to_string(label.dice.undefined),
                 EstimateText(label.dice.mean, label.dice_interval, 3), Number(label.dice.median, 3),
                 Number(label.nsd.mean, 3), Number(label.hd95_mm.median, 1), std::to_string(label.missed),
                 std::to_string(label.invented)});
    }
    groups.push_back({Spaced(study.classes[c]), {}});
    for (const evaluate::CaseResult& result : study.best->run->evaluation.cases)
      groups.back().values.push_back(evaluate::DiceOf(result.classes[c].overlap));
  }
  document.Add(Figure{study.best->at().contrast_set + ": Dice of each label, every case; box: quartiles, line: median.",
                      {{DotPlot(groups, "Dice"), ""}},
                      1,
                      {}});
  document.Add(std::move(table));
}

}  // namespace parotis::report
