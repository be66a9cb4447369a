#include <fmt/format.h>

#include "report/contrast_sections.h"

namespace parotis::report {

void AddLimits(Document& document, const StudyAnalysis& study) {
  document.Section(kLimitsSection);
  Bullets limits;
  const auto say = [&](std::string text) { limits.items.emplace_back(std::move(text)); };
  if (study.is_synthetic()) {
    say("Synthetic patients follow the priors they were drawn from. Real patients differ in ways that nobody put into "
        "the priors; no figure of this page may be read as what the system would reach in a hospital.");
  }
  if (study.best != nullptr) {
    say(fmt::format(
        "{} patients{}: intervals are wide, and small differences are neither shown nor "
        "excluded. Where runs are compared, the table says what a study of this size could have found.",
        study.has_diagnoses() ? study.best->summary.classification.strict_accuracy.n : study.best->summary.patients,
        study.has_diagnoses() ? " with a tumour" : ""));
    say("Intervals are over patients, for the networks as they were trained. Networks of different folds share most of "
        "their training patients.");
    if (study.sets.size() > 1)
      say("The contrast set shown large was chosen for its accuracy on the patients it is shown on.");
    if (study.has_diagnoses() && study.best->summary.classification.tumour_free_correct.n == 0)
      say("No patient was without a tumour: how often one would be invented is not known.");
  }
  if (study.input.seeds.size() * static_cast<std::size_t>(study.input.repeats) == 1)
    say("One seed and one division into folds: what another one would change is not in any interval.");
  if (study.input.further_tests.empty())
    say("All patients come from one dataset. How the networks do elsewhere is not known.");
  if (!study.input.readers) say("No reader of images was compared with the networks on this page.");
  if (!study.is_synthetic()) say("What the reference standard rests on is not recorded in the dataset.");
  document.Add(std::move(limits));
}

}  // namespace parotis::report
