#include "lab/case_images.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/number.h"
#include "dataset/diagnosis.h"
#include "image/nifti.h"
#include "view/view_files.h"
#include "view/view_volumes.h"

namespace parotis::lab {
namespace {

namespace fs = std::filesystem;
using base::Json;
using experiment::Task;

constexpr std::size_t kMostKept = 24;
constexpr const char* kReference = "reference";
constexpr const char* kPredicted = "task-";  // and its number

void WriteCase(const fs::path& folder, const dataset::Case& examination) {
  Json channels = Json::array();
  for (std::size_t c = 0; c < examination.channels.size(); ++c) {
    const std::string& name = examination.channel_names[c];
    Json channel = view::WriteChannel(folder, c, name, examination.channels[c]);
    channel["in_model"] = true;
    channel["series_description"] = "";
    channels.push_back(std::move(channel));
  }
  if (examination.truth) image::WriteNifti(folder / view::FileOf(kReference), *examination.truth);
  base::WriteJson(folder / view::kManifest, view::ViewOf(examination.grid, std::move(channels), kReference, nullptr));
}

// Those that the case has; a dataset may lack some.
std::vector<std::string> ChannelsOf(const dataset::Dataset& dataset, const std::string& case_id) {
  const dataset::CaseFiles& files = dataset.Find(case_id);
  std::vector<std::string> names;
  for (std::size_t c = 0; c < files.channels.size(); ++c)
    if (!files.channels[c].empty()) names.push_back(dataset.channel_names[c]);
  return names;
}

const Task* RunOf(const std::vector<Task>& tasks, const report::StudyPlace& at, int fold) {
  for (const Task& task : tasks) {
    const bool is_run = task.kind == experiment::TaskKind::kRun && task.folds.size() == 1 && task.folds[0] == fold;
    if (is_run && report::StudyPlace{task.variant, task.contrast_set, task.repeat, task.seed} == at) return &task;
  }
  return nullptr;
}

// The lesions with their numbers; without a decision rule the labels.
std::optional<fs::path> PredictionIn(const fs::path& run, const std::string& case_id) {
  for (const fs::path& file :
       {run / "predictions" / "lesions" / (case_id + ".nii.gz"), run / "predictions" / (case_id + ".nii.gz")}) {
    if (fs::is_regular_file(file)) return file;
  }
  return std::nullopt;
}

Json LesionsIn(const fs::path& run, const std::string& case_id) {
  Json lesions = Json::array();
  const fs::path file = run / "predictions" / (case_id + ".diagnosis.json");
  if (!fs::is_regular_file(file)) return lesions;
  const dataset::Diagnosis diagnosis = dataset::DiagnosisFromJson(base::ReadJson(file), file.string());
  for (const dataset::Lesion& lesion : diagnosis.lesions) {
    lesions.push_back({{"id", lesion.id},
                       {"volume_ml", lesion.volume_ml},
                       {"long_axis_mm", lesion.long_axis_mm},
                       {"slice", lesion.slice},
                       {"peak_score", lesion.peak_score}});
  }
  return lesions;
}

// One whose lesions cannot be read is outlined all the same: one damaged file must not hide a patient.
Json PredictionOf(std::size_t run, const Task& task, const fs::path& folder, const std::string& case_id) {
  Json prediction = {{"run", run},
                     {"volume", fmt::format("{}{}", kPredicted, task.index)},
                     {"lesions", Json::array()},
                     {"problem", ""}};
  try {
    prediction["lesions"] = LesionsIn(folder, case_id);
  } catch (const base::Error& error) {
    prediction["problem"] = error.message();
  }
  return prediction;
}

}  // namespace

CaseImages::CaseImages(dataset::Dataset dataset, fs::path runs)
    : dataset_(std::move(dataset)), runs_(std::move(runs)), scratch_(fs::temp_directory_path()) {}

bool CaseImages::Has(const std::string& case_id) const {
  return std::any_of(dataset_.cases.begin(), dataset_.cases.end(), [&](const auto& one) { return one.id == case_id; });
}

fs::path CaseImages::Made(const std::string& case_id) {
  const std::lock_guard lock(mutex_);
  // The name of a file of ours: no id of somebody's dataset becomes a path here.
  const fs::path folder = scratch() / base::HashOf(case_id).substr(0, 32);
  if (!fs::exists(folder / view::kManifest)) {
    base::CreateFolder(folder);
    WriteCase(folder, dataset::LoadCase(dataset_, case_id, ChannelsOf(dataset_, case_id)));
  }
  kept_.remove(case_id);
  kept_.push_front(case_id);
  if (kept_.size() > kMostKept) {
    fs::remove_all(scratch() / base::HashOf(kept_.back()).substr(0, 32));
    kept_.pop_back();
  }
  return folder;
}

Json CaseImages::Describe(const std::string& case_id, const report::ContrastStudyInput& study,
                          const std::vector<Task>& tasks) {
  const fs::path folder = Made(case_id);
  Json predictions = Json::array();
  for (std::size_t r = 0; r < study.cross_validations.size(); ++r) {
    const report::CrossValidation& whole = study.cross_validations[r];
    for (const evaluate::CaseResult& one : whole.evaluation.cases) {
      if (one.case_id != case_id) continue;
      const Task* run = RunOf(tasks, whole.at, one.fold);
      if (run == nullptr || !PredictionIn(runs_ / run->folder, case_id)) continue;
      predictions.push_back(PredictionOf(r, *run, runs_ / run->folder, case_id));
    }
  }
  return {{"case", case_id},
          {"has_reference", fs::exists(folder / view::FileOf(kReference))},
          {"view", base::ReadJson(folder / view::kManifest)},
          {"predictions", std::move(predictions)}};
}

std::optional<fs::path> CaseImages::Find(const std::string& case_id, const std::string& volume,
                                         const std::vector<Task>& tasks) {
  if (volume.starts_with(kPredicted)) {
    const auto index = base::NumberFrom<std::size_t>(volume.substr(std::string_view(kPredicted).size()));
    if (!index || *index >= tasks.size()) return std::nullopt;
    return PredictionIn(runs_ / tasks[*index].folder, case_id);
  }
  const fs::path folder = Made(case_id);
  const Json manifest = base::ReadJson(folder / view::kManifest);
  bool is_named = volume == kReference;
  for (const Json& channel : manifest.at("channels")) is_named = is_named || channel.at("volume") == volume;
  const fs::path file = folder / view::FileOf(volume);
  return is_named && fs::exists(file) ? std::optional(file) : std::nullopt;
}

}  // namespace parotis::lab
