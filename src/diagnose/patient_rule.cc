#include "diagnose/patient_rule.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace parotis::diagnose {
namespace {

struct Decision {
  const dataset::Lesion* lesion = nullptr;
  std::size_t label = 0;
  double threshold = 0;
};

Decision FindDecisive(const std::vector<dataset::Lesion>& lesions, const std::vector<std::string>& classes,
                      const plan::DiagnosisPlan& rule) {
  Decision decision;
  for (const auto& [name, threshold] : rule.decisive_classes) {
    const std::size_t label = dataset::PlaceOf(name, classes);
    if (label == classes.size()) {
      base::Throw(base::ErrorKind::kInput,
                  fmt::format("diagnosis.decisive_classes names \"{}\", which the model cannot predict; it knows {}",
                              name, fmt::join(classes, ", ")));
    }
    for (const dataset::Lesion& lesion : lesions) {
      const double probability = lesion.class_probabilities[label];
      if (probability < threshold) continue;
      if (decision.lesion != nullptr && probability <= decision.lesion->class_probabilities[decision.label]) continue;
      decision = {&lesion, label, threshold};
    }
  }
  return decision;
}

std::vector<double> VolumeWeightedMean(const std::vector<dataset::Lesion>& lesions, std::size_t classes) {
  std::vector<double> mean(classes, 0);
  double total_ml = 0;
  for (const dataset::Lesion& lesion : lesions) total_ml += lesion.volume_ml;
  for (const dataset::Lesion& lesion : lesions) {
    for (std::size_t c = 0; c < classes; ++c) mean[c] += lesion.class_probabilities[c] * lesion.volume_ml / total_ml;
  }
  return mean;
}

std::size_t LikeliestBut(std::vector<double> probabilities, std::size_t withheld) {
  probabilities[withheld] = -1;
  return LikeliestClass(probabilities);
}

std::string HowMany(std::size_t lesions) {
  return lesions == 1 ? std::string("the one lesion found")
                      : fmt::format("the {} lesions found, weighted by volume", lesions);
}

}  // namespace

bool HasOperatingPoint(const std::string& class_name, const plan::DiagnosisPlan& rule) {
  return rule.choose.operating_specificity > 0 && class_name == rule.choose.operating_class &&
         rule.decisive_classes.contains(class_name);
}

std::size_t LikeliestClass(const std::vector<double>& probabilities) {
  return static_cast<std::size_t>(std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin());
}

PatientClass ClassOfPatient(const std::vector<dataset::Lesion>& lesions, const std::vector<std::string>& classes,
                            const plan::DiagnosisPlan& rule) {
  PatientClass patient;
  if (const Decision decision = FindDecisive(lesions, classes, rule); decision.lesion != nullptr) {
    patient.verdict = dataset::Verdict::kClass;
    patient.class_probabilities = decision.lesion->class_probabilities;
    patient.class_name = classes[decision.label];
    patient.reason = fmt::format(
        "Lesion {} decides: its probability of {} is {:.2f} and reaches the deciding threshold of {:.2f}.",
        decision.lesion->id, patient.class_name, patient.class_probabilities[decision.label], decision.threshold);
    return patient;
  }
  patient.class_probabilities = VolumeWeightedMean(lesions, classes.size());
  const std::size_t likeliest = LikeliestClass(patient.class_probabilities);
  const bool is_withheld = classes.size() > 1 && HasOperatingPoint(classes[likeliest], rule);
  const std::size_t best = is_withheld ? LikeliestBut(patient.class_probabilities, likeliest) : likeliest;
  const double probability = patient.class_probabilities[best];
  if (probability < rule.min_class_probability) {
    patient.verdict = dataset::Verdict::kIndeterminate;
    patient.reason = fmt::format(
        "A tumour was found, but its class is open: {} is likeliest with {:.2f} in {}, below the required {:.2f}.",
        classes[best], probability, HowMany(lesions.size()), rule.min_class_probability);
    return patient;
  }
  patient.verdict = dataset::Verdict::kClass;
  patient.class_name = classes[best];
  patient.reason =
      is_withheld ? fmt::format(
                        "{} decides with probability {:.2f} in {}: {}, though likelier with {:.2f}, stays below its "
                        "operating point of {:.2f}.",
                        classes[best], probability, HowMany(lesions.size()), classes[likeliest],
                        patient.class_probabilities[likeliest], rule.decisive_classes.at(classes[likeliest]))
                  : fmt::format("{} is the likeliest class with probability {:.2f} in {}.", classes[best], probability,
                                HowMany(lesions.size()));
  return patient;
}

}  // namespace parotis::diagnose
