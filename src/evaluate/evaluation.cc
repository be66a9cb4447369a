#include "evaluate/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "base/text.h"
#include "dataset/diagnosis_files.h"
#include "image/nifti.h"

namespace parotis::evaluate {
namespace {

using base::ErrorKind;
using base::Throw;
namespace fs = std::filesystem;

LabelResult Compare(const image::LabelVolume& reference, const image::LabelVolume& prediction, std::uint8_t label,
                    const Overlap& overlap, double tolerance_mm) {
  if (overlap.both_empty()) return {overlap, {kUndefined, kUndefined}};
  return {overlap, CompareSurfaces(reference, prediction, label, tolerance_mm)};
}

// The diagnosis on record, checked against the map: a swapped label must not pass for the truth.
std::string TruthOf(const CaseResult& result, const image::LabelVolume& reference,
                    const std::vector<std::string>& classes, const std::string& recorded) {
  const CaseVerdict map = VerdictOf(reference, classes);
  std::string shown = map.predicted == kNoTumourFound ? dataset::kTumourFree : map.predicted;
  if (recorded.empty()) return shown;
  if (recorded == dataset::kTumourFree) {
    if (shown == recorded) return recorded;
    Throw(ErrorKind::kInput,
          fmt::format("participants.tsv says {}, but the label map shows {}; correct one of them", recorded, shown));
  }
  const std::size_t c = dataset::PlaceOf(recorded, classes);
  if (c == classes.size()) {
    Throw(ErrorKind::kInput, fmt::format("participants.tsv says {}, which is none of the dataset's labels {}", recorded,
                                         fmt::join(classes, ", ")));
  }
  if (shown != dataset::kTumourFree && result.classes[c].overlap.reference() == 0) {
    Throw(ErrorKind::kInput,
          fmt::format("participants.tsv says {}, but the label map shows {}; correct one of them", recorded, shown));
  }
  return recorded;
}

std::string RecordedDiagnosis(const dataset::Dataset& dataset, const std::string& case_id) {
  const dataset::Participant* participant = dataset.FindParticipant(case_id);
  return participant == nullptr ? std::string() : participant->diagnosis;
}

std::optional<dataset::Diagnosis> FindDiagnosis(const fs::path& folder, const std::string& case_id) {
  if (!fs::exists(dataset::DiagnosisFile(folder, case_id))) return std::nullopt;
  return dataset::ReadDiagnosis(folder, case_id);
}

// Scored by the lesions' peaks. Absent without scores (files of version 0.1) or without the map of the lesions.
std::optional<std::vector<ScoredDetection>> DetectionsOf(const fs::path& folder, const dataset::Diagnosis& diagnosis,
                                                         const image::LabelVolume& reference,
                                                         const std::string& file_ending) {
  std::vector<ScoredDetection> detections;
  if (diagnosis.lesions.empty()) return detections;
  const fs::path map_file = dataset::LesionMapFile(folder, diagnosis.case_id, file_ending);
  if (!fs::exists(map_file)) return std::nullopt;
  const image::LabelVolume map = image::ReadNiftiLabels(map_file);
  if (!image::SameGrid(reference.geometry, map.geometry)) {
    Throw(ErrorKind::kInput, fmt::format("{} does not lie on the reference's grid; predict again", map_file.string()));
  }
  const LesionMatch match = MatchLesions(reference, map);
  for (const dataset::Lesion& lesion : diagnosis.lesions) {
    if (!(lesion.peak_score > 0)) return std::nullopt;
    detections.push_back({lesion.peak_score, match.true_ids.contains(lesion.id)});
  }
  return detections;
}

std::map<std::string, std::string> AttributesOf(const dataset::Dataset& dataset, const std::string& case_id,
                                                const std::vector<SubgroupColumn>& columns) {
  std::map<std::string, std::string> attributes;
  const dataset::Participant* participant = dataset.FindParticipant(case_id);
  if (participant == nullptr) return attributes;
  for (const SubgroupColumn& column : columns) {
    const auto found = participant->columns.find(column.name);
    attributes[column.name] = found == participant->columns.end() ? std::string() : found->second;
  }
  return attributes;
}

void CheckColumns(const dataset::Dataset& dataset, const std::vector<SubgroupColumn>& columns) {
  std::set<std::string> known;
  for (const dataset::Participant& participant : dataset.participants) {
    for (const auto& [name, value] : participant.columns) known.insert(name);
  }
  for (const SubgroupColumn& column : columns) {
    if (known.contains(column.name)) continue;
    Throw(ErrorKind::kInput,
          fmt::format("{} has no column {} to group by; it has {}", (dataset.folder / "participants.tsv").string(),
                      column.name, known.empty() ? std::string("none") : fmt::format("{}", fmt::join(known, ", "))));
  }
}

struct Evaluated {
  CaseResult result;
  std::string bundle_hash;
};

Evaluated EvaluateFiles(const dataset::Dataset& dataset, const EvaluationRequest& request, const std::string& case_id,
                        const std::vector<std::string>& classes) {
  const dataset::CaseFiles& files = dataset.Find(case_id);
  if (files.label.empty()) Throw(ErrorKind::kInput, "the dataset has no label map for this case");
  const fs::path prediction_file = request.predictions / (case_id + dataset.file_ending);
  if (!fs::exists(prediction_file)) Throw(ErrorKind::kInput, "there is no prediction for this case");
  const image::LabelVolume prediction = image::ReadNiftiLabels(prediction_file);
  Evaluated evaluated;
  const image::LabelVolume reference = image::ReadNiftiLabels(files.label);
  evaluated.result =
      EvaluateCase(reference, prediction, classes, RecordedDiagnosis(dataset, case_id), request.surface_tolerance_mm);
  CaseResult& result = evaluated.result;
  result.case_id = case_id;
  result.patient_id = dataset.PatientOf(case_id);
  result.prediction_file = prediction_file.string();
  result.reference_file = files.label.string();
  const auto fold = request.folds.find(case_id);
  if (fold != request.folds.end()) result.fold = fold->second;
  result.attributes = AttributesOf(dataset, case_id, request.subgroup_columns);
  if (const auto diagnosis = FindDiagnosis(request.predictions, case_id)) {
    std::vector<double> volumes_ml = std::move(result.verdict.class_volumes_ml);
    result.verdict = VerdictOf(*diagnosis, classes);
    result.verdict.class_volumes_ml = std::move(volumes_ml);
    result.detections = DetectionsOf(request.predictions, *diagnosis, reference, dataset.file_ending);
    evaluated.bundle_hash = diagnosis->bundle_hash;
  }
  return evaluated;
}

// The ids to evaluate, sorted. Files of the folder that belong to no case of the dataset are left out aloud.
std::vector<std::string> CasesToEvaluate(const dataset::Dataset& dataset, const EvaluationRequest& request,
                                         Evaluation& evaluation) {
  if (!request.case_ids.empty()) {
    const std::set<std::string> unique(request.case_ids.begin(), request.case_ids.end());
    return {unique.begin(), unique.end()};
  }
  std::set<std::string> known;
  std::set<std::string> labelled;
  for (const dataset::CaseFiles& files : dataset.cases) {
    known.insert(files.id);
    if (!files.label.empty()) labelled.insert(files.id);
  }
  std::vector<std::string> ids;
  for (const auto& entry : fs::directory_iterator(request.predictions)) {
    const std::string file = entry.path().filename().string();
    if (file.starts_with('.') || !file.ends_with(dataset.file_ending)) continue;
    const std::string id = file.substr(0, file.size() - dataset.file_ending.size());
    if (known.contains(id)) {
      ids.push_back(id);
      labelled.erase(id);
    } else {
      evaluation.left_out.push_back({id, "the dataset has no such case"});
    }
  }
  evaluation.cases_without_prediction = static_cast<std::int64_t>(labelled.size());
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::string DescriptionOf(const dataset::Dataset& dataset) {
  const base::Json json = base::ReadJson(dataset.folder / "dataset.json");
  const auto description = json.find("description");
  return description != json.end() && description->is_string() ? description->get<std::string>() : std::string();
}

Evaluation StartEvaluation(const dataset::Dataset& dataset, const EvaluationRequest& request) {
  if (!fs::is_directory(request.predictions)) {
    Throw(ErrorKind::kInput,
          fmt::format("{} is not a folder; name the one that `parotis predict` wrote", request.predictions.string()));
  }
  CheckColumns(dataset, request.subgroup_columns);
  Evaluation evaluation;
  evaluation.subgroup_columns = request.subgroup_columns;
  evaluation.name = request.name.empty() ? fs::weakly_canonical(request.predictions).filename().string() : request.name;
  evaluation.dataset_name = dataset.name;
  evaluation.dataset_description = DescriptionOf(dataset);
  evaluation.origin = OriginOf(evaluation.dataset_description);
  evaluation.classes.assign(dataset.label_names.begin() + 1, dataset.label_names.end());
  evaluation.surface_tolerance_mm = request.surface_tolerance_mm;
  return evaluation;
}

}  // namespace

CaseResult EvaluateCase(const image::LabelVolume& reference, const image::LabelVolume& prediction,
                        const std::vector<std::string>& classes, const std::string& truth,
                        double surface_tolerance_mm) {
  CaseResult result;
  const std::vector<Overlap> overlaps = OverlapPerLabel(reference, prediction, classes.size() + 1);
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const auto label = static_cast<std::uint8_t>(c + 1);
    result.classes.push_back(Compare(reference, prediction, label, overlaps[label], surface_tolerance_mm));
  }
  result.tumour = Compare(reference, prediction, 0, OverlapOfForeground(reference, prediction), surface_tolerance_mm);
  result.lesions = CountDetections(reference, prediction);
  result.voxel_ml = reference.geometry.voxel_volume_mm3() / 1000;
  result.truth = TruthOf(result, reference, classes, truth);
  result.verdict = VerdictOf(prediction, classes);
  return result;
}

Evaluation EvaluateFolder(const dataset::Dataset& dataset, const EvaluationRequest& request) {
  Evaluation evaluation = StartEvaluation(dataset, request);
  const std::vector<std::string> ids = CasesToEvaluate(dataset, request, evaluation);
  std::vector<std::optional<Evaluated>> results(ids.size());
  std::vector<std::string> failures(ids.size());
  base::Progress progress("evaluate", static_cast<std::int64_t>(ids.size()));
  base::ParallelFor(static_cast<std::int64_t>(ids.size()), request.threads, [&](std::int64_t i) {
    const auto at = static_cast<std::size_t>(i);
    try {
      results[at] = EvaluateFiles(dataset, request, ids[at], evaluation.classes);
    } catch (const base::Error& error) {
      failures[at] = error.what();
    }
    progress.Advance();
  });
  std::set<std::string> hashes;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (results[i]) {
      if (!results[i]->bundle_hash.empty()) hashes.insert(results[i]->bundle_hash);
      evaluation.cases.push_back(std::move(results[i]->result));
    } else {
      evaluation.left_out.push_back({ids[i], failures[i]});
    }
  }
  if (evaluation.cases.empty()) {
    Throw(ErrorKind::kInput,
          fmt::format("no prediction in {} could be evaluated{}", request.predictions.string(),
                      evaluation.left_out.empty()
                          ? fmt::format("; it holds no file CASE{}", dataset.file_ending)
                          : fmt::format("; {}: {}", evaluation.left_out[0].case_id, evaluation.left_out[0].reason)));
  }
  evaluation.bundle_hashes.assign(hashes.begin(), hashes.end());
  return evaluation;
}

bool LabelsAreDiagnoses(const Evaluation& evaluation) {
  std::size_t labelled = 0, with_several = 0;
  for (const CaseResult& result : evaluation.cases) {
    const auto shown = std::count_if(result.classes.begin(), result.classes.end(),
                                     [](const LabelResult& label) { return label.overlap.reference() > 0; });
    labelled += shown > 0;
    with_several += shown > 1;
  }
  const bool always_the_same = evaluation.classes.size() == 1 && labelled == evaluation.cases.size();
  return 2 * with_several <= labelled && !always_the_same;
}

std::vector<PatientResult> PatientsOf(const Evaluation& evaluation) {
  std::map<std::string, std::vector<const CaseResult*>> by_patient;
  for (const CaseResult& result : evaluation.cases) by_patient[result.patient_id].push_back(&result);
  std::vector<PatientResult> patients;
  for (const auto& [patient_id, cases] : by_patient) {
    PatientResult patient{patient_id, {}, cases[0]->truth, {}};
    std::vector<CaseVerdict> verdicts;
    for (const CaseResult* result : cases) {
      if (result->truth != patient.truth) {
        Throw(ErrorKind::kInput,
              fmt::format("patient {} has the diagnosis {} in case {} and {} in case {}; a patient has one", patient_id,
                          patient.truth, cases[0]->case_id, result->truth, result->case_id));
      }
      patient.case_ids.push_back(result->case_id);
      verdicts.push_back(result->verdict);
    }
    patient.verdict = JoinVerdicts(verdicts, evaluation.classes);
    patients.push_back(std::move(patient));
  }
  return patients;
}

Origin OriginOf(const std::string& description) {
  const std::string lower = base::AsciiLower(description);
  const bool is_synthetic =
      lower.find("synthetic") != std::string::npos || lower.find("simulated") != std::string::npos;
  return is_synthetic ? Origin::kSynthetic : Origin::kUnknown;
}

}  // namespace parotis::evaluate
