// The synthetic cohort held against what it was drawn from: what was realised in the images beside each prior, for
// every class.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audit/lesion_measurement.h"
#include "base/json.h"
#include "phantom/cohort.h"
#include "phantom/oracle.h"

namespace parotis::audit {

struct PatientRow {
  phantom::Patient patient;
  physics::Protocol protocol;
  std::optional<LesionMeasurement> measured;
  std::optional<LesionDistortion> distortion;
};

struct MeasureOptions {
  bool distortion = false;                  // the field map of every patient, too
  int threads = 0;                          // 0: all
  std::function<void()> advance = nullptr;  // called from any thread when a patient is done
};
// Patients 0 … count − 1 of a seed.
std::vector<PatientRow> MeasureCohort(const phantom::Priors& priors, const phantom::Mix& mix, std::uint64_t seed,
                                      std::int64_t count, const MeasureOptions& options);

struct MeanSd {
  double mean = 0;
  double sd = 0;
};

// One quantity of one class.
struct Realised {
  std::string tumour;             // the class
  MeanSd target;                  // of the priors
  MeanSd drawn;                   // of the lesions' own numbers
  MeanSd measured;                // in the images
  std::vector<double> values;     // measured, one of each patient
  std::int64_t not_measured = 0;  // lesions too small for a voxel that is wholly solid
};

struct QuantityAudit {
  std::string key, name, unit;
  int digits = 0;
  std::vector<Realised> classes;
  std::vector<phantom::PairAuc> auc;  // of the measured values
};

// A share among patients of a class, beside its prior.
struct ShareAudit {
  std::string tumour, name;
  double prior = 0;
  std::int64_t count = 0, n = 0;
};

struct CohortAudit {
  std::int64_t patients = 0;
  std::uint64_t seed = 0;
  std::vector<QuantityAudit> quantities;  // adc_um2_s first
  std::vector<ShareAudit> shares;
  std::vector<double> shift_mm;           // of echo-planar images at the lesion, each patient
  std::vector<double> snr_b0, snr_b1000;  // as drawn, of an average tumour
  std::int64_t unusable = 0, at_3t = 0;
  phantom::Oracle oracle;
};

CohortAudit Audit(const phantom::Priors& priors, const phantom::Mix& mix, std::uint64_t seed,
                  const std::vector<PatientRow>& rows, std::int64_t oracle_draws);
base::Json ToJson(const CohortAudit& audit);

// Mean and standard deviation of a quantity over a class's subtypes, by their weights.
MeanSd TargetOf(const phantom::TumourPriors& tumour,
                const std::function<MeanSd(const phantom::LesionPriors&)>& of_subtype);

}  // namespace parotis::audit
