#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <system_error>

#include "base/error.h"
#include "base/files.h"
#include "dataset/dataset.h"
#include "dataset/dataset_json.h"
#include "image/nifti.h"

namespace parotis::dataset {
namespace {

using base::ErrorKind;
using base::Throw;
namespace fs = std::filesystem;

void CheckAgainstDataset(const Case& examination, const Dataset& dataset) {
  for (const std::string& channel : examination.channel_names) {
    if (std::find(dataset.channel_names.begin(), dataset.channel_names.end(), channel) == dataset.channel_names.end()) {
      Throw(ErrorKind::kInput, fmt::format("case {} has the channel {}, which the dataset does not; it has {}",
                                           examination.id, channel, fmt::join(dataset.channel_names, ", ")));
    }
  }
  if (!examination.truth) return;
  const auto& labels = examination.truth->voxels;
  const auto largest = std::max_element(labels.begin(), labels.end());
  if (largest != labels.end() && *largest >= dataset.label_names.size()) {
    Throw(ErrorKind::kInput, fmt::format("case {} holds the label {}, but the dataset's labels end at {}",
                                         examination.id, *largest, dataset.label_names.size() - 1));
  }
}

// The files of one case; they go again unless Keep is called.
class CaseOnDisk {
 public:
  CaseOnDisk() = default;
  ~CaseOnDisk() {
    std::error_code ignored;
    for (const fs::path& file : files_) fs::remove(file, ignored);
  }
  CaseOnDisk(const CaseOnDisk&) = delete;
  CaseOnDisk& operator=(const CaseOnDisk&) = delete;

  template <class T>
  void Write(const fs::path& file, const image::Image<T>& image) {
    image::WriteNifti(file, image);
    files_.push_back(file);
  }
  void Keep() { files_.clear(); }

 private:
  std::vector<fs::path> files_;
};

}  // namespace

struct DatasetWriter::Guard {
  std::mutex mutex;
  std::set<std::string> case_ids;  // of the cases written or being written
  std::int64_t training_cases = 0;
};

DatasetWriter::DatasetWriter(fs::path folder, std::string name, std::vector<std::string> channel_names,
                             std::vector<std::string> label_names, std::string description, Existing existing)
    : description_(std::move(description)), guard_(std::make_shared<Guard>()) {
  CheckNames(channel_names, label_names, folder.string());
  for (const char* taken : {"dataset.json", "imagesTr", "labelsTr", "imagesTs", "participants.tsv"}) {
    if (existing == Existing::kRefuse && fs::exists(folder / taken)) {
      Throw(ErrorKind::kUsage,
            fmt::format("{} already holds a dataset or a part of one ({}); choose another folder or remove it",
                        folder.string(), taken));
    }
  }
  dataset_.folder = std::move(folder);
  dataset_.name = std::move(name);
  dataset_.channel_names = std::move(channel_names);
  dataset_.label_names = std::move(label_names);
  base::CreateFolder(dataset_.folder / "imagesTr");
  base::CreateFolder(dataset_.folder / "labelsTr");
}

void DatasetWriter::AddWritten(const Participant& participant) {
  const std::lock_guard lock(guard_->mutex);
  guard_->case_ids.insert(participant.case_id);
  participants_[participant.case_id] = participant;
  if (fs::exists(dataset_.folder / "labelsTr" / (participant.case_id + dataset_.file_ending))) ++guard_->training_cases;
}

void DatasetWriter::Add(const Case& examination, const Participant& participant) {
  CheckCaseId(examination.id);
  CheckCase(examination);
  CheckAgainstDataset(examination, dataset_);
  if (participant.case_id != examination.id || participant.patient_id.empty()) {
    Throw(ErrorKind::kInput,
          fmt::format("case {} comes with the participant of case \"{}\", patient \"{}\"; both must be given",
                      examination.id, participant.case_id, participant.patient_id));
  }
  {
    const std::lock_guard lock(guard_->mutex);
    if (!guard_->case_ids.insert(examination.id).second) {
      Throw(ErrorKind::kInput, fmt::format("{} already has a case {}; give this one another id",
                                           dataset_.folder.string(), examination.id));
    }
  }
  try {
    CaseOnDisk files;
    // As nnU-Net wants it: what has no truth cannot be trained on.
    const char* const images = examination.truth ? "imagesTr" : "imagesTs";
    for (std::size_t c = 0; c < dataset_.channel_names.size(); ++c) {
      const image::Volume* volume = examination.Find(dataset_.channel_names[c]);
      if (volume == nullptr) continue;
      files.Write(dataset_.folder / images / fmt::format("{}_{:04}{}", examination.id, c, dataset_.file_ending),
                  *volume);
    }
    if (examination.truth)
      files.Write(dataset_.folder / "labelsTr" / (examination.id + dataset_.file_ending), *examination.truth);
    const std::lock_guard lock(guard_->mutex);
    participants_[examination.id] = participant;
    if (examination.truth) ++guard_->training_cases;
    files.Keep();
  } catch (...) {
    const std::lock_guard lock(guard_->mutex);
    guard_->case_ids.erase(examination.id);
    throw;
  }
}

void DatasetWriter::Finish() {
  const std::lock_guard lock(guard_->mutex);
  std::vector<Participant> participants;
  for (const auto& [case_id, participant] : participants_) participants.push_back(participant);
  WriteParticipants(dataset_.folder / "participants.tsv", participants);
  WriteDatasetJson(dataset_.folder / "dataset.json", dataset_, description_, guard_->training_cases);
}

}  // namespace parotis::dataset
