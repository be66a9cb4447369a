#include <fmt/format.h>

#include "base/build_info.h"
#include "report/contrast_sections.h"
#include "report/html.h"

namespace parotis::report {
namespace {

std::size_t PatientCount(const StudyAnalysis& study) {
  if (study.best != nullptr) return static_cast<std::size_t>(study.best->summary.patients);
  std::set<std::string> patients;
  for (const dataset::Participant& one : study.input.participants) patients.insert(one.patient_id);
  return patients.size();
}

std::vector<std::string> ClassesOf(const StudyAnalysis& study) {
  if (!study.classes.empty() || !study.input.plan || study.input.plan->labels.empty()) return study.classes;
  return {study.input.plan->labels.begin() + 1, study.input.plan->labels.end()};
}

Table PlanTable(const StudyAnalysis& study) {
  Table table{fmt::format("What the plan says{}, part by part.",
                          study.input.variants.size() > 1 ? " of " + study.input.variants[0].name : ""),
              {{"Part", Align::kLeft}, {"Settings", Align::kLeft}},
              {},
              {"Named as in plan.json; configs/plan.json explains every key."}};
  const base::Json plan = plan::ToJson(*study.input.plan);
  for (const char* part :
       {"preparation", "network", "batch", "augmentation", "loss", "optimiser", "training", "inference", "diagnosis"})
    table.Add({part, SettingsOf(plan.at(part))});
  for (const plan::ChannelPlan& channel : study.input.plan->channels) {
    base::Json settings = {{"name", channel.name}};
    for (const base::Json& one : plan.at("channels"))
      if (one.value("name", "") == channel.name) settings = one;
    settings.erase("name");
    table.Add({"channel " + channel.name, SettingsOf(settings)});
  }
  return table;
}

void AddDesign(Document& document, const StudyAnalysis& study) {
  const ContrastStudyInput& input = study.input;
  std::string seeds;
  for (const std::uint64_t seed : input.seeds) seeds += (seeds.empty() ? "" : ", ") + std::to_string(seed);
  const std::string divisions =
      input.repeats == 1 ? "One division into folds" : fmt::format("{} divisions into folds", input.repeats);
  const std::string where =
      input.folds_from.empty() ? ", diagnoses spread evenly over them" : ", taken from " + input.folds_from;
  document.Say(
      fmt::format("{}{}: no patient is on both sides, and the folds are the same for every contrast set, "
                  "variant and seed, so that comparisons are paired. {} with {} {}.",
                  input.folds == 1 ? "One split into patients to train on and patients to test on"
                                   : fmt::format("Cross-validation with {} folds", input.folds),
                  where, divisions, input.seeds.size() == 1 ? "seed" : "seeds", seeds));
  document.Say(
      input.is_nested
          ? fmt::format(
                "Selection nested: each network is trained without two folds. A fold is tested with the ensemble of "
                "the {} networks that have not seen it, the mean of their probabilities; the numbers of the decision "
                "rule are chosen on the other folds, each judged by a network that has not seen it.",
                input.folds - 1)
          : "Selection fixed: each network is trained without one fold and tested on it alone, with the decision rule "
            "that the plan says. Nothing is chosen by looking at results, and there is no ensemble.");
  document.Say(fmt::format(
      "The final model of a cross-validation joins all of its networks, with {}. It has met every patient of the "
      "dataset: only others can test it.",
      input.is_nested ? "a rule chosen on every patient once, as judged by the ensemble that they were tested with"
                      : "the plan's rule"));
  document.Say(
      "Before a fold is tested, the identities of the patients behind its networks and its rule are held against the "
      "fold's own; one patient in both ends the run. Nothing of a held-out fold is looked at while a network is "
      "trained.");
}

Table SetsTable(const StudyAnalysis& study) {
  Table table{"The contrast sets.", {{"Contrast set", Align::kLeft}, {"Channels", Align::kLeft}}, {}, {}};
  for (const auto& [name, channels] : study.input.contrast_sets) table.Add({name, Listed(channels)});
  return table;
}

void AddProgress(Document& document, const StudyAnalysis& study) {
  Table table{"How far each cross-validation is. Only complete ones have figures on this page.",
              {{"Variant", Align::kLeft},
               {"Contrast set", Align::kLeft},
               {"Repeat"},
               {"Seed"},
               {"Networks trained"},
               {"Folds tested"}},
              {},
              {}};
  bool is_complete = true;
  for (const Progress& one : study.input.progress) {
    is_complete = is_complete && one.folds_done == one.folds;
    table.Add({one.at.variant, one.at.contrast_set, std::to_string(one.at.repeat), std::to_string(one.at.seed),
               fmt::format("{} of {}", one.networks_done, one.networks),
               fmt::format("{} of {}", one.folds_done, one.folds)});
  }
  if (is_complete) return;
  document.Subsection("What is not done yet");
  document.Warn("The study is not finished.");
  document.Add(std::move(table));
}

void AddFailures(Document& document, const StudyAnalysis& study) {
  if (study.input.failed.empty()) return;
  document.Warn(fmt::format("{} failed; what depends on them is not on this page.",
                            Plural(study.input.failed.size(), "task", "tasks")));
  Bullets failed;
  for (const UnfinishedTask& task : study.input.failed)
    failed.items.push_back(Text(task.what, Style::kCode).Add(": " + task.reason));
  document.Add(std::move(failed));
}

}  // namespace

void AddOpening(Document& document, const StudyAnalysis& study) {
  std::vector<std::string> sets;
  sets.reserve(study.input.contrast_sets.size());
  for (const auto& [name, channels] : study.input.contrast_sets) sets.push_back(name);
  const std::size_t variants = study.input.variants.size();
  const std::string labels = Listed(ClassesOf(study));
  Text what = fmt::format(
      "A {} of {} ({}){} for {}, in {} ", study.input.folds == 1 ? "comparison" : "cross-validated comparison",
      Plural(sets.size(), "contrast set", "contrast sets"), Listed(sets),
      variants > 1 ? fmt::format(" and {} ways of training", variants) : "",
      study.has_diagnoses() ? fmt::format("finding tumours and telling {} apart", labels) : "outlining " + labels,
      PatientCount(study));
  if (study.is_synthetic()) {
    what.Bold("SYNTHETIC patients");
    what.Add(
        ", drawn and computed from published priors: its figures describe a simulation, not clinical performance.");
    document.Warn(std::move(what));
  } else {
    document.Say(what.Add("patients; the dataset does not say that they are synthetic."));
  }
  document.Say(Text(base::kResearchUseOnly, Style::kBold));
  if (study.best == nullptr || !study.has_diagnoses()) return;
  const evaluate::Proportion& strict = study.best->summary.classification.strict_accuracy;
  document.Say(Text("Highest strict accuracy: ")
                   .Bold(study.best->at().contrast_set)
                   .Add(fmt::format(", {} ({}), {} of {} patients with a tumour.", Number(strict.estimate(), 2),
                                    IntervalText(strict.interval()), strict.count, strict.n)));
}

void AddMade(Document& document, const StudyAnalysis& study) {
  document.Section(kMadeSection);
  AddDesign(document, study);
  if (!study.input.commands.empty()) {
    std::string commands;
    for (const std::string& command : study.input.commands) commands += (commands.empty() ? "" : "\n") + command;
    document.Add(Code{commands});
  }
  if (!study.input.study_json.empty()) {
    document.Say("What was asked for (study.json):");
    document.Add(Code{study.input.study_json});
  }
  Table table{"Provenance.", {{"What", Align::kLeft}, {"Value", Align::kLeft}}, {}, {}};
  for (const auto& [what, value] : study.input.made) table.Add({what, Text(value, Style::kCode)});
  table.Add({"Page written by", Text("parotis " + base::BuildId(), Style::kCode)});
  document.Add(std::move(table));
  document.Add(SetsTable(study));
  if (study.input.plan) document.Add(PlanTable(study));
  AddProgress(document, study);
  AddFailures(document, study);
}

}  // namespace parotis::report
