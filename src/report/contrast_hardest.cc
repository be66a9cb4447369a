#include <fmt/format.h>

#include <cmath>

#include "report/contrast_sections.h"
#include "report/html.h"

namespace parotis::report {
namespace {

constexpr std::size_t kHardest = 6;

std::string Probabilities(const HardPatient& patient, const std::vector<std::string>& classes) {
  if (patient.probabilities.empty()) return "none given";
  std::string text;
  for (std::size_t c = 0; c < classes.size(); ++c)
    text += fmt::format("{}{}\u00A0{}", c == 0 ? "" : ", ", Spaced(classes[c]), Number(patient.probabilities[c], 2));
  return text;
}

Table LossTable(const StudyAnalysis& study, const std::vector<HardPatient>& hardest) {
  Table table{fmt::format("The {} patients with the largest loss, {}; missed tumours first.", hardest.size(),
                          study.best->at().contrast_set),
              {{"Patient", Align::kLeft},
               {"Truth", Align::kLeft},
               {"Said", Align::kLeft},
               {"Probabilities", Align::kLeft},
               {"−ln p of the truth"},
               {"Tumour Dice"}},
              {},
              {}};
  for (const HardPatient& patient : hardest) {
    const bool is_right = patient.said == patient.truth;
    table.Add({patient.patient_id, Spaced(patient.truth),
               Text(Spaced(patient.said), is_right ? Style::kPlain : Style::kBold),
               Probabilities(patient, study.classes), std::isinf(patient.loss) ? "∞" : Number(patient.loss, 2),
               Number(patient.dice, 2)});
  }
  return table;
}

Table DiceTable(const StudyAnalysis& study, const std::vector<HardPatient>& hardest) {
  Table table{fmt::format("The {} patients with the lowest Dice, {}; all labels together.", hardest.size(),
                          study.best->at().contrast_set),
              {{"Patient", Align::kLeft}, {"Dice"}},
              {},
              {}};
  for (const HardPatient& patient : hardest) table.Add({patient.patient_id, Number(patient.dice, 2)});
  return table;
}

std::string CaptionOf(const StudyAnalysis& study, const HardPatient& patient) {
  constexpr const char* kOutlines = "blue outline: reference, yellow: prediction.";
  if (!study.has_diagnoses()) {
    return fmt::format("{}: Dice {}. The slice with most of the labels; {}", patient.patient_id,
                       Number(patient.dice, 2), kOutlines);
  }
  return fmt::format("{}: {}, said: {}. The slice with most of the largest reference lesion; {}", patient.patient_id,
                     Spaced(patient.truth), Spaced(patient.said), kOutlines);
}

}  // namespace

void AddHardest(Document& document, const StudyAnalysis& study) {
  document.Section(kHardestSection);
  const std::vector<HardPatient> hardest = HardestPatients(study.best->run->evaluation, kHardest);
  if (hardest.empty()) {
    document.Say(study.has_diagnoses() ? "No patient has a tumour." : "No case shows a label.");
    return;
  }
  document.Add(study.has_diagnoses() ? LossTable(study, hardest) : DiceTable(study, hardest));
  bool has_pictures = false;
  for (const HardPatient& patient : hardest) {
    std::vector<Panel> panels;
    if (study.input.pictures) panels = study.input.pictures(study.best->at(), patient);
    if (panels.empty()) continue;
    has_pictures = true;
    document.Add(Figure{CaptionOf(study, patient), std::move(panels), 3, {}});
  }
  if (!has_pictures) document.Say("The images are not at hand, so there are no pictures of these patients.");
}

}  // namespace parotis::report
