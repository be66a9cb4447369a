// A run of predictions held against the truth of a dataset: everything measured, case by case and patient by patient.
// Figures over all of them are made by evaluate/summary.h, so that a file keeps what was measured and nothing twice.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dataset/dataset.h"
#include "evaluate/detection.h"
#include "evaluate/overlap.h"
#include "evaluate/patient.h"
#include "evaluate/statistics.h"
#include "evaluate/surface.h"

namespace parotis::evaluate {

struct LabelResult {
  Overlap overlap;
  SurfaceAgreement surface;
};

inline constexpr int kNoFold = -1;

struct CaseResult {
  std::string case_id;
  std::string patient_id;
  std::string prediction_file;
  std::string reference_file;
  std::vector<LabelResult> classes;  // [c]: label c + 1 against everything else
  LabelResult tumour;                // any class against the background
  DetectionCounts lesions;
  double voxel_ml = 0;
  std::string truth;  // a class or dataset::kTumourFree
  CaseVerdict verdict;
  int fold = kNoFold;  // of the cross-validation, in which the case was held out
  // The lesions of the diagnosis, scored by their peak; absent without a diagnosis that scores its lesions.
  std::optional<std::vector<ScoredDetection>> detections;
  std::map<std::string, std::string> attributes;  // of participants.tsv, the subgroups' columns alone

  double reference_ml() const { return static_cast<double>(tumour.overlap.reference()) * voxel_ml; }
  double predicted_ml() const { return static_cast<double>(tumour.overlap.predicted()) * voxel_ml; }
};

struct LeftOut {
  std::string case_id;
  std::string reason;
};

// Where the patients come from, as far as the dataset says so.
enum class Origin { kUnknown, kSynthetic };

// A column of participants.tsv to group patients by; see evaluate/subgroups.h.
struct SubgroupColumn {
  std::string name;
  std::vector<double> edges;  // of bins, rising; empty: values as recorded, or numbers split at their median
};

struct Evaluation {
  std::string name;  // of the run; shown in comparisons
  std::string dataset_name;
  std::string dataset_description;
  Origin origin = Origin::kUnknown;
  std::vector<std::string> classes;        // labels without the background
  std::vector<std::string> bundle_hashes;  // of the models behind the diagnoses; sorted
  double surface_tolerance_mm = kSurfaceTolerance_mm;
  ProportionInterval proportion_interval = ProportionInterval::kWilson;
  std::vector<SubgroupColumn> subgroup_columns;
  std::vector<CaseResult> cases;  // by case id
  std::vector<LeftOut> left_out;
  std::int64_t cases_without_prediction = 0;  // of the dataset's labelled cases, when nobody said which to evaluate
};

// One case. `truth`: the patient's diagnosis; when empty, the reference's class of largest volume. Throws kInput when
// the maps do not belong together or the diagnosis is a class that a non-empty reference does not show.
CaseResult EvaluateCase(const image::LabelVolume& reference, const image::LabelVolume& prediction,
                        const std::vector<std::string>& classes, const std::string& truth,
                        double surface_tolerance_mm = kSurfaceTolerance_mm);

struct EvaluationRequest {
  // {case}.nii.gz, and where the diagnosis rule was run {case}.diagnosis.json and lesions/{case}.nii.gz
  std::filesystem::path predictions;
  std::vector<std::string> case_ids;  // which to evaluate; empty: every prediction found
  std::string name;                   // "": the predictions' folder
  double surface_tolerance_mm = kSurfaceTolerance_mm;
  int threads = 0;
  std::map<std::string, int> folds = {};  // by case, where they are known
  std::vector<SubgroupColumn> subgroup_columns = {};
};

// In parallel with progress. A case that cannot be evaluated is left out with its reason, and the others go on. Throws
// kInput when nothing can be evaluated, or participants.tsv lacks a subgroup's column.
Evaluation EvaluateFolder(const dataset::Dataset& dataset, const EvaluationRequest& request);

// Whether labels are diagnoses, as those of tumours are, or parts of the body: false when more than half of the cases
// that show a label show several, or when there is one label and every case shows it. Of parts there is no class to be
// right about: only overlap, surfaces and volumes are summarised and compared.
bool LabelsAreDiagnoses(const Evaluation& evaluation);

// The cases of each patient joined (evaluate/patient.h), by patient id. Throws kInput when a patient's cases have
// different truths.
std::vector<PatientResult> PatientsOf(const Evaluation& evaluation);

// kSynthetic when the description calls its patients synthetic or simulated.
Origin OriginOf(const std::string& description);

// Reads what evaluate/summary.h's DocumentOf writes; strict, and figures that can be made anew are made anew.
Evaluation EvaluationFromJson(const base::Json& json, const std::string& name);
// A file, or a folder that holds evaluation.json.
Evaluation ReadEvaluation(const std::filesystem::path& path);

}  // namespace parotis::evaluate
