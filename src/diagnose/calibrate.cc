#include "diagnose/calibrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "diagnose/fusion.h"
#include "diagnose/lesions.h"
#include "diagnose/patient_rule.h"

namespace parotis::diagnose {
namespace {

constexpr std::size_t kFewestPatients = 20;
constexpr double kLowest = 0.25;
constexpr double kHighest = 16;
constexpr double kStep = 1.02;

double LossAt(double temperature, const std::vector<KnownPatient>& patients, const plan::DiagnosisPlan& rule) {
  double loss = 0;
  for (const KnownPatient& patient : patients) {
    std::vector<dataset::Lesion> lesions = patient.diagnosis.lesions;
    for (dataset::Lesion& lesion : lesions) {
      lesion.class_probabilities = lesion.network_probabilities;
      ApplyTemperature(lesion.class_probabilities, temperature);
    }
    const PatientClass decided = ClassOfPatient(lesions, patient.diagnosis.classes, rule);
    loss -= std::log(std::max(decided.class_probabilities[patient.truth], kSmallestProbability));
  }
  return loss / static_cast<double>(patients.size());
}

}  // namespace

Calibration FitTemperature(const std::vector<KnownPatient>& patients, const plan::DiagnosisPlan& rule) {
  if (patients.size() < kFewestPatients) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} patients with a tumour that was found are too few to calibrate on; give at least {}",
                            patients.size(), kFewestPatients));
  }
  Calibration best;
  best.patients = patients.size();
  best.loss_before = LossAt(rule.temperature, patients, rule);
  best.temperature = rule.temperature;
  best.loss_after = best.loss_before;
  const int steps = static_cast<int>(std::log(kHighest / kLowest) / std::log(kStep));
  for (int step = 0; step <= steps; ++step) {
    const double temperature = kLowest * std::pow(kStep, step);
    const double loss = LossAt(temperature, patients, rule);
    if (loss >= best.loss_after) continue;
    best.loss_after = loss;
    best.temperature = std::round(temperature * 100) / 100;
  }
  return best;
}

}  // namespace parotis::diagnose
