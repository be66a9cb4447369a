#include <fmt/format.h>

#include <algorithm>

#include "evaluate/replicates.h"
#include "report/contrast_pairs.h"
#include "report/contrast_sections.h"
#include "report/html.h"

namespace parotis::report {
namespace {

// Of the method that has the variant and the contrast set.
evaluate::RunsByTraining RunsOf(const StudyAnalysis& study, const StudyPlace& method) {
  evaluate::RunsByTraining runs;
  for (const AnalysedRun& one : study.all) {
    const StudyPlace& at = one.at();
    if (at.IsOfMethod(method)) runs[{at.repeat, at.seed}] = evaluate::ViewOf(one.run->evaluation);
  }
  return runs;
}

void Compare(const StudyAnalysis& study, const StudyPlace& first, const StudyPlace& second, const std::string& name,
             const std::string& other_name, std::vector<evaluate::ReplicatedComparison>& pairs) {
  const evaluate::PairedTrainings trainings = evaluate::PairTrainings(RunsOf(study, first), RunsOf(study, second));
  if (trainings.first.size() < 2) return;
  pairs.push_back(evaluate::CompareReplicates(trainings.first, trainings.second, study.input.bootstrap));
  pairs.back().first_name = name;
  pairs.back().second_name = other_name;
}

// The first variant's contrast sets in pairs, and on each of them the variants against the first.
std::vector<evaluate::ReplicatedComparison> PairsOf(const StudyAnalysis& study) {
  std::vector<evaluate::ReplicatedComparison> pairs;
  for (std::size_t a = 0; a < study.sets.size(); ++a) {
    const StudyPlace& at = study.sets[a]->at();
    for (std::size_t b = a + 1; b < study.sets.size(); ++b) {
      const StudyPlace& other = study.sets[b]->at();
      Compare(study, at, other, at.contrast_set, other.contrast_set, pairs);
    }
    for (std::size_t v = 1; v < study.variants.size(); ++v) {
      Compare(study, {study.variants[v], at.contrast_set, 0, 0}, at, at.contrast_set + ": " + study.variants[v],
              at.variant, pairs);
    }
  }
  return pairs;
}

}  // namespace

void AddTrainings(Document& document, const StudyAnalysis& study) {
  std::vector<evaluate::ReplicatedComparison> pairs = PairsOf(study);
  if (pairs.empty()) return;
  evaluate::CorrectTogether(pairs);
  Table table{
      "Differences as means over several trainings.",
      {{"Difference", Align::kLeft},
       {"Trainings"},
       {"Patients"},
       {"Difference, 95 % interval"},
       {"Over patients alone"},
       {"SD over trainings"},
       {"p"},
       {"p, Holm"}},
      {},
      {"Each training of one against the training of the other with the same seed and folds. The interval holds "
       "what other patients and what other trainings would have changed (Satterthwaite); with two or three "
       "trainings it is wide, because what they do is known badly. Holm's correction is over this table."}};
  for (const std::string& name : evaluate::MainMeasures()) {
    if (!AnyHas(pairs, name)) continue;
    table.AddGroup(MeasureTitle(name));
    for (const evaluate::ReplicatedComparison& pair : pairs) {
      const evaluate::ReplicatedMeasure* m = pair.Find(name);
      if (m == nullptr) continue;
      table.Add({pair.first_name + "\u00A0− " + pair.second_name, std::to_string(m->differences.size()),
                 std::to_string(m->n), EstimateText(m->difference, m->interval, 3), IntervalText(m->over_patients, 3),
                 Number(m->sd_over_trainings, 3), PText(m->p), PText(m->p_holm)});
    }
  }
  document.Add(std::move(table));
}

}  // namespace parotis::report
