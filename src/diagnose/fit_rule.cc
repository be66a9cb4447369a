#include "diagnose/fit_rule.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <tuple>

#include "base/error.h"
#include "diagnose/fit_classes.h"
#include "diagnose/fusion.h"
#include "diagnose/patient_rule.h"

namespace parotis::diagnose {
namespace {

using plan::DiagnosisPlan;

constexpr double kSmallestCandidate_ml = 0.02;
constexpr std::array kPeaks = {0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999};
constexpr std::array kVolumes_ml = {0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0};
constexpr std::size_t kReliabilityBins = 5;

struct Detections {
  std::int64_t found = 0, false_ones = 0;
};

Detections DetectionsUnder(const std::vector<JudgedPatient>& patients, const DiagnosisPlan& rule) {
  Detections detections;
  for (const JudgedPatient& patient : patients) {
    for (std::size_t i = 0; i < patient.diagnosis.lesions.size(); ++i) {
      const dataset::Lesion& lesion = patient.diagnosis.lesions[i];
      if (!IsKept(lesion.volume_ml, lesion.peak_score, rule)) continue;
      ++(patient.is_true.at(i) ? detections.found : detections.false_ones);
    }
  }
  return detections;
}

// Most true lesions within the allowed number of false ones; of equal choices the one with fewest false ones.
void ChooseThresholds(const std::vector<JudgedPatient>& patients, DiagnosisPlan& rule, base::Json& record) {
  const double allowed = rule.choose.false_findings_per_patient * static_cast<double>(patients.size());
  if (allowed == 0) return;
  DiagnosisPlan best = rule;
  Detections reached{-1, 0};
  for (const double peak : kPeaks) {
    for (const double volume_ml : kVolumes_ml) {
      DiagnosisPlan candidate = rule;
      candidate.min_peak_probability = peak;
      candidate.min_volume_ml = volume_ml;
      const Detections detections = DetectionsUnder(patients, candidate);
      const bool within = static_cast<double>(detections.false_ones) <= allowed;
      const bool better = detections.found > reached.found ||
                          (detections.found == reached.found && detections.false_ones < reached.false_ones);
      if (!within || !better) continue;
      best = candidate;
      reached = detections;
    }
  }
  if (reached.found < 0) {
    record["thresholds"] = "no choice keeps to the number of false findings; the plan's own stay";
    return;
  }
  rule = best;
  const auto reference =
      std::accumulate(patients.begin(), patients.end(), std::int64_t{0},
                      [](std::int64_t sum, const JudgedPatient& patient) { return sum + patient.reference_lesions; });
  record["thresholds"] = {{"min_volume_ml", rule.min_volume_ml}, {"min_peak_probability", rule.min_peak_probability},
                          {"patients", patients.size()},         {"reference_lesions", reference},
                          {"true_findings", reached.found},      {"false_findings", reached.false_ones}};
}

enum class Lesions { kTrue, kKept };

// The patients with a tumour and at least one lesion of that kind that the rule keeps; the largest one leads.
std::vector<KnownPatient> PatientsWith(Lesions kind, const std::vector<JudgedPatient>& patients,
                                       const DiagnosisPlan& rule) {
  std::vector<KnownPatient> known;
  for (const JudgedPatient& patient : patients) {
    const auto& classes = patient.diagnosis.classes;
    const std::size_t truth = dataset::PlaceOf(patient.truth, classes);
    if (truth == classes.size()) continue;
    KnownPatient entry{patient.diagnosis, truth};
    entry.diagnosis.lesions.clear();
    for (std::size_t i = 0; i < patient.diagnosis.lesions.size(); ++i) {
      const dataset::Lesion& lesion = patient.diagnosis.lesions[i];
      if ((kind == Lesions::kKept || patient.is_true.at(i)) && IsKept(lesion.volume_ml, lesion.peak_score, rule))
        entry.diagnosis.lesions.push_back(lesion);
    }
    if (!entry.diagnosis.lesions.empty()) known.push_back(std::move(entry));
  }
  std::stable_sort(known.begin(), known.end(), [](const KnownPatient& a, const KnownPatient& b) {
    return std::tie(a.truth, a.diagnosis.case_id) < std::tie(b.truth, b.diagnosis.case_id);
  });
  return known;
}

double HighestProbability(const dataset::Diagnosis& diagnosis, std::size_t label, const DiagnosisPlan& rule) {
  double highest = 0;
  for (const dataset::Lesion& lesion : diagnosis.lesions)
    highest = std::max(highest, ClassProbabilities(lesion, diagnosis, rule)[label]);
  return highest;
}

// The smallest threshold that leaves the wanted share of the other tumours below it: halfway to the next score.
// `met`: with all lesions that the rule keeps; a false one may be called what a threshold is for, too.
void ChooseOperatingPoint(const std::vector<KnownPatient>& met, const UnseenFusions& unseen, DiagnosisPlan& rule,
                          base::Json& record) {
  if (rule.choose.operating_specificity == 0) return;
  const auto& classes = met.at(0).diagnosis.classes;
  const std::size_t label = dataset::PlaceOf(rule.choose.operating_class, classes);
  std::vector<double> others, all;
  std::vector<double> of_label;
  for (const KnownPatient& patient : met) {
    all.push_back(HighestProbability(patient.diagnosis, label, unseen.RuleFor(patient.diagnosis, rule)));
    (patient.truth == label ? of_label : others).push_back(all.back());
  }
  if (others.empty() || of_label.empty()) return;
  std::sort(others.begin(), others.end());
  std::sort(all.begin(), all.end());
  const auto below = static_cast<std::size_t>(
      std::ceil(rule.choose.operating_specificity * static_cast<double>(others.size()) - 1e-9));
  const double last_below = others[std::clamp<std::size_t>(below, 1, others.size()) - 1];
  const auto next = std::upper_bound(all.begin(), all.end(), last_below);
  const double threshold = next == all.end() ? 1 : (last_below + *next) / 2;
  rule.decisive_classes = {{rule.choose.operating_class, threshold}};
  const auto found = std::count_if(of_label.begin(), of_label.end(), [&](double p) { return p >= threshold; });
  record["operating_point"] = {{"class", rule.choose.operating_class},
                               {"specificity", rule.choose.operating_specificity},
                               {"threshold", threshold},
                               {"patients_with", of_label.size()},
                               {"patients_without", others.size()},
                               {"found", found}};
}

// What `min_class_probability` is held against: the likeliest class, or the one named in its place.
double SurenessOf(const dataset::Diagnosis& diagnosis, const DiagnosisPlan& rule) {
  const std::string& likeliest = diagnosis.classes[LikeliestClass(diagnosis.class_probabilities)];
  const std::string& counts = HasOperatingPoint(likeliest, rule) ? diagnosis.class_name : likeliest;
  return diagnosis.class_probabilities[dataset::PlaceOf(counts, diagnosis.classes)];
}

void ChooseAbstention(const std::vector<KnownPatient>& met, const UnseenFusions& unseen, DiagnosisPlan& rule,
                      base::Json& record) {
  if (rule.choose.coverage == 1) return;
  rule.min_class_probability = 0;
  std::vector<double> sure;
  for (const KnownPatient& patient : met) {
    dataset::Diagnosis diagnosis = patient.diagnosis;
    Decide(diagnosis, unseen.RuleFor(diagnosis, rule));
    sure.push_back(SurenessOf(diagnosis, rule));
  }
  std::sort(sure.begin(), sure.end(), std::greater<>());
  const auto kept = static_cast<std::size_t>(std::ceil(rule.choose.coverage * static_cast<double>(sure.size()) - 1e-9));
  rule.min_class_probability = sure[std::clamp<std::size_t>(kept, 1, sure.size()) - 1];
  record["abstention"] = {{"coverage", rule.choose.coverage},
                          {"min_class_probability", rule.min_class_probability},
                          {"patients", sure.size()}};
}

// `unseen` keeps a fusion from judging whom it was fitted on.
base::Json ReliabilityOf(const std::vector<KnownPatient>& met, const UnseenFusions& unseen, const DiagnosisPlan& rule) {
  struct Bin {
    double predicted = 0;
    std::int64_t observed = 0, n = 0;
  };
  const auto& classes = met.at(0).diagnosis.classes;
  std::vector<std::array<Bin, kReliabilityBins>> bins(classes.size());
  for (const KnownPatient& patient : met) {
    dataset::Diagnosis diagnosis = patient.diagnosis;
    Decide(diagnosis, unseen.RuleFor(diagnosis, rule));
    for (std::size_t label = 0; label < classes.size(); ++label) {
      const double probability = diagnosis.class_probabilities[label];
      Bin& bin = bins[label][std::min(kReliabilityBins - 1, static_cast<std::size_t>(probability * kReliabilityBins))];
      bin.predicted += probability;
      bin.observed += patient.truth == label ? 1 : 0;
      ++bin.n;
    }
  }
  base::Json curves = base::Json::object();
  for (std::size_t label = 0; label < classes.size(); ++label) {
    base::Json points = base::Json::array();
    for (const Bin& bin : bins[label]) {
      if (bin.n == 0) continue;
      const auto n = static_cast<double>(bin.n);
      points.push_back(
          {{"predicted", bin.predicted / n}, {"observed", static_cast<double>(bin.observed) / n}, {"n", bin.n}});
    }
    curves[classes[label]] = points;
  }
  return {{"patients", met.size()}, {"classes", curves}};
}

}  // namespace

DiagnosisPlan CandidateRule(const DiagnosisPlan& rule) {
  DiagnosisPlan candidates = rule;
  candidates.min_volume_ml = std::min(rule.min_volume_ml, kSmallestCandidate_ml);
  candidates.min_peak_probability = 0;
  candidates.temperature = 1;
  candidates.fusion = {};
  candidates.min_class_probability = 0;
  return candidates;
}

FittedRule FitRule(const std::vector<JudgedPatient>& patients, const DiagnosisPlan& rule,
                   const std::vector<std::string>& channels) {
  FittedRule fitted{rule, base::Json::object()};
  ChooseThresholds(patients, fitted.rule, fitted.record);
  const UnseenFusions unseen =
      FitClasses(PatientsWith(Lesions::kTrue, patients, fitted.rule), fitted.rule, channels, fitted.record);
  const std::vector<KnownPatient> met = PatientsWith(Lesions::kKept, patients, fitted.rule);
  ChooseOperatingPoint(met, unseen, fitted.rule, fitted.record);
  ChooseAbstention(met, unseen, fitted.rule, fitted.record);
  fitted.record["reliability"] = ReliabilityOf(met, unseen, fitted.rule);
  return fitted;
}

base::Json ReliabilityOf(const std::vector<JudgedPatient>& patients, const DiagnosisPlan& rule) {
  const std::vector<KnownPatient> met = PatientsWith(Lesions::kKept, patients, rule);
  if (met.empty()) {
    base::Throw(base::ErrorKind::kInput,
                "in no patient with a tumour was a lesion found: there is nothing to judge probabilities by");
  }
  return ReliabilityOf(met, {}, rule);
}

}  // namespace parotis::diagnose
