#include "report/contrast_study.h"

#include <fmt/format.h>

#include <array>

#include "base/build_info.h"
#include "report/contrast_sections.h"

namespace parotis::report {
namespace {

void AddFigures(Document& document, const StudyAnalysis& study) {
  if (study.best == nullptr) {
    document.Section(kResultsSection);
    document.Say(
        "No cross-validation is complete yet, so this page has no results. Figures of single folds are left out: each "
        "is of a few patients, and contrast sets would not be compared on the same ones.");
    AddTraining(document, study);
    return;
  }
  if (!study.has_diagnoses()) {
    AddParts(document, study);
    AddPaired(document, study);
    AddTraining(document, study);
    AddVariants(document, study);
    AddSpread(document, study);
    AddFurther(document, study);
    AddHardest(document, study);
    return;
  }
  AddResults(document, study);
  AddPaired(document, study);
  AddCurves(document, study);
  AddSegmentation(document, study);
  AddTraining(document, study);
  AddVariants(document, study);
  AddSpread(document, study);
  AddSubgroups(document, study);
  AddFurther(document, study);
  AddReaders(document, study);
  AddHardest(document, study);
  AddRule(document, study);
}

}  // namespace

OracleFigures OracleFromJson(const base::Json& json, const std::string& name) {
  base::JsonObject object(json, name);
  OracleFigures oracle;
  object.ReadRequired("draws", oracle.draws);
  object.ReadRequired("classes", oracle.classes);
  base::JsonObject rows = object.Object("oracle");
  for (const auto& [set, ignored] : json.at("oracle").items()) {
    base::JsonObject row = rows.Object(set);
    const auto interval = row.Get<std::array<double, 2>>("interval_95");
    oracle.rows.push_back(
        {set, row.Get<double>("strict_accuracy"), {interval[0], interval[1]}, row.Get<std::vector<double>>("recall")});
  }
  return oracle;
}

Document StudyDocument(const ContrastStudyInput& input) {
  const StudyAnalysis study = Analyse(input);
  Document document;
  document.title = "Contrast study: " + input.name;
  document.subtitle = input.date + " · parotis " + base::BuildId();
  document.running_title = document.title + (study.is_synthetic() ? " (synthetic patients)" : "");
  AddOpening(document, study);
  AddMade(document, study);
  AddPatients(document, study);
  AddFigures(document, study);
  AddChecklists(document, study);
  AddLimits(document, study);
  return document;
}

}  // namespace parotis::report
