// Everything that the report says of complete cross-validations, as numbers and as the report's own words, with the
// patients behind every point. Nothing is computed here that the report does not compute.
#pragma once

#include "base/json.h"
#include "report/contrast_analysis.h"

namespace parotis::lab {

// Patients are named by their place in "patients", cross-validations by their place in "runs". A figure is {"value",
// "low", "high", "text"}: numbers that do not exist are null, "text" is what the report's table has. "left_out": what
// the study's reader could not use, and why.
base::Json ResultsOf(const report::StudyAnalysis& study);

// The parts. "tables": one cell for each column and run.
base::Json TablesOf(const report::StudyAnalysis& study);
base::Json PairsOf(const report::StudyAnalysis& study);

// The place of every patient in "patients", who are all that any run has tested.
class PatientPlaces {
 public:
  explicit PatientPlaces(const report::StudyAnalysis& study);
  std::size_t Of(const std::string& patient_id) const { return places_.at(patient_id); }
  const std::map<std::string, std::size_t>& all() const { return places_; }

 private:
  std::map<std::string, std::size_t> places_;
};
base::Json PatientsOf(const report::StudyAnalysis& study, const PatientPlaces& places);
// One for each run; a study of parts of the body has none.
base::Json RocOf(const report::StudyAnalysis& study, const PatientPlaces& places);
base::Json CalibrationOf(const report::StudyAnalysis& study, const PatientPlaces& places);

// A figure.
base::Json Figure(double value, const evaluate::Interval& interval, const report::Text& text);
base::Json Figure(double value, const evaluate::Interval& interval, int digits = 2);
base::Json Figure(const evaluate::Proportion& proportion);

}  // namespace parotis::lab
