#include "dataset/relabel.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/progress.h"
#include "dataset/case_files.h"
#include "dataset/dataset_json.h"
#include "image/nifti.h"

namespace parotis::dataset {
namespace {

std::uint8_t ValueOf(const std::string& name, const std::vector<std::string>& label_names) {
  const auto found = std::find(label_names.begin(), label_names.end(), name);
  return static_cast<std::uint8_t>(found - label_names.begin());
}

bool IsLabel(const std::string& name, const std::vector<std::string>& label_names) {
  return std::find(label_names.begin() + 1, label_names.end(), name) != label_names.end();
}

}  // namespace

std::vector<std::string> LabelsByClass(const Dataset& dataset, const std::string& label,
                                       const std::vector<std::string>& classes) {
  if (!IsLabel(label, dataset.label_names))
    base::Throw(base::ErrorKind::kUsage, fmt::format("\"{}\" is no label of the dataset, which has {}", label,
                                                     fmt::join(dataset.label_names, ", ")));
  std::vector<std::string> names = {dataset.label_names.front()};
  names.insert(names.end(), classes.begin(), classes.end());
  for (const std::string& name : dataset.label_names) {
    if (name != label && !IsLabel(name, names) && name != names.front()) names.push_back(name);
  }
  if (!IsLabel(label, names)) names.push_back(label);
  return names;
}

void RelabelByDiagnosis(const Dataset& dataset, const std::string& label, const std::vector<std::string>& label_names,
                        const std::vector<Participant>& participants) {
  std::map<std::string, std::string> diagnoses;
  for (const Participant& each : participants) diagnoses[each.case_id] = each.diagnosis;
  base::FilesTogether together(dataset.folder);
  base::Progress progress("relabelling", static_cast<std::int64_t>(dataset.cases.size()));
  std::int64_t training_cases = 0;
  bool kept = false;
  for (const CaseFiles& files : dataset.cases) {
    progress.Advance();
    training_cases += files.test ? 0 : 1;
    if (files.label.empty()) continue;
    image::LabelVolume mask = ReadTruth(files.label);
    CheckLabelValues(mask, files.label, dataset.label_names.size());
    const std::string& diagnosis = diagnoses[files.id];
    std::vector<std::uint8_t> value_of;
    for (const std::string& name : dataset.label_names)
      value_of.push_back(ValueOf(name == label && IsLabel(diagnosis, label_names) ? diagnosis : name, label_names));
    for (std::uint8_t& voxel : mask.voxels) {
      voxel = value_of[voxel];
      kept = kept || label_names[voxel] == label;
    }
    const std::filesystem::path name = files.label.parent_path().filename() / files.label.filename();
    image::WriteNifti(together.For(name.string()), mask);
  }
  Dataset renamed = dataset;
  renamed.label_names = label_names;
  if (!kept && label_names.back() == label) renamed.label_names.pop_back();
  const base::Json before = base::ReadJson(dataset.folder / "dataset.json");
  WriteParticipants(together.For("participants.tsv"), participants);
  WriteDatasetJson(together.For("dataset.json"), renamed, before.value("description", std::string()), training_cases);
  together.Commit();
}

}  // namespace parotis::dataset
