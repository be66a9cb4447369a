#include "lab/case_images.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/number.h"
#include "dataset/diagnosis.h"
#include "image/nifti.h"
#include "view/channel_scale.h"
#include "view/view_files.h"

namespace parotis::lab {
namespace {

namespace fs = std::filesystem;
using base::Json;
using experiment::Task;

constexpr std::size_t kMostKept = 24;
constexpr const char* kReference = "reference";
constexpr const char* kPredicted = "task-";  // and its number

fs::path MakeScratch() {
  std::string name = (fs::temp_directory_path() / "parotis-browse-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    base::Throw(base::ErrorKind::kIo, name + " cannot be made; check space and permissions, or set TMPDIR");
  return name;
}

void WriteCase(const fs::path& folder, const dataset::Case& examination) {
  Json channels = Json::array();
  for (std::size_t c = 0; c < examination.channels.size(); ++c) {
    const std::string& name = examination.channel_names[c];
    const view::ChannelScale scale = view::ScaleOf(name, examination.channels[c]);
    const std::string volume = fmt::format("channel-{}", c);
    const fs::path file = folder / view::FileOf(volume);
    image::WriteNiftiInSteps(file, examination.channels[c], scale.step, image::Whole::kInt16);
    channels.push_back({{"name", name},
                        {"title", name},
                        {"unit", scale.unit},
                        {"window", scale.window},
                        {"in_model", true},
                        {"quantity", dataset::IsQuantity(name)},
                        {"volume", volume},
                        {"before", nullptr},
                        {"bytes", fs::file_size(file)},
                        {"series_description", ""}});
  }
  if (examination.truth) image::WriteNifti(folder / view::FileOf(kReference), *examination.truth);
  const image::Geometry& grid = examination.grid;
  base::WriteJson(folder / view::kManifest, {{"size", grid.size},
                                             {"spacing_mm", grid.spacing_mm},
                                             {"slice_axis", image::SliceAxis(grid.spacing_mm)},
                                             {"channels", channels},
                                             {"lesions", kReference},
                                             {"probability", nullptr}});
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

}  // namespace

CaseImages::CaseImages(dataset::Dataset dataset, fs::path runs)
    : dataset_(std::move(dataset)), runs_(std::move(runs)), scratch_(MakeScratch()) {}

CaseImages::~CaseImages() {
  std::error_code ignored;
  fs::remove_all(scratch_, ignored);
}

bool CaseImages::Has(const std::string& case_id) const {
  return std::any_of(dataset_.cases.begin(), dataset_.cases.end(), [&](const auto& one) { return one.id == case_id; });
}

fs::path CaseImages::Made(const std::string& case_id) {
  const std::lock_guard lock(mutex_);
  // The name of a file of ours: no id of somebody's dataset becomes a path here.
  const fs::path folder = scratch_ / base::HashOf(case_id).substr(0, 32);
  if (!fs::exists(folder / view::kManifest)) {
    base::CreateFolder(folder);
    WriteCase(folder, dataset::LoadCase(dataset_, case_id, ChannelsOf(dataset_, case_id)));
  }
  kept_.remove(case_id);
  kept_.push_front(case_id);
  if (kept_.size() > kMostKept) {
    fs::remove_all(scratch_ / base::HashOf(kept_.back()).substr(0, 32));
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
      predictions.push_back({{"run", r},
                             {"volume", fmt::format("{}{}", kPredicted, run->index)},
                             {"lesions", LesionsIn(runs_ / run->folder, case_id)}});
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
