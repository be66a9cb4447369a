#include "dataset/dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "dataset/case_files.h"
#include "dataset/dataset_json.h"
#include "dataset/layout.h"

namespace parotis::dataset {
namespace {

using base::ErrorKind;
using base::Throw;
namespace fs = std::filesystem;

constexpr std::size_t kDigits = 4;  // of the channel number in {case}_0000.nii.gz

struct ImageName {
  std::string case_id;
  std::size_t channel = 0;
};

ImageName ParseImageName(const fs::path& path, const std::string& file_ending, std::size_t channel_count) {
  const std::string file = path.filename().string();
  const std::string stem = file.substr(0, file.size() - file_ending.size());
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (stem.size() < kDigits + 2 || stem[stem.size() - kDigits - 1] != '_' ||
      !std::all_of(stem.end() - kDigits, stem.end(), is_digit)) {
    Throw(ErrorKind::kInput,
          fmt::format("{} is not named {{case}}_0000{}, with the channel's number in four digits; rename it",
                      path.string(), file_ending));
  }
  const ImageName name{stem.substr(0, stem.size() - kDigits - 1), std::stoul(stem.substr(stem.size() - kDigits))};
  CheckCaseId(name.case_id);
  if (name.channel >= channel_count) {
    Throw(ErrorKind::kInput,
          fmt::format("{} is channel {} but there are only {}; name the further channels or remove the file",
                      path.string(), name.channel, channel_count));
  }
  return name;
}

std::vector<fs::path> FilesEndingWith(const fs::path& folder, const std::string& ending) {
  std::vector<fs::path> files;
  std::error_code code;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
    const std::string file = entry->path().filename().string();
    if (!file.starts_with('.') && file.ends_with(ending)) files.push_back(entry->path());
  }
  if (code) Throw(ErrorKind::kIo, fmt::format("cannot list {}: {}; check the path", folder.string(), code.message()));
  return files;
}

void AddCases(Dataset& dataset, const std::string& images, const std::string& labels) {
  for (CaseFiles& files : ListCases(dataset.folder / images, dataset.channel_names.size(), dataset.file_ending)) {
    const fs::path label = dataset.folder / labels / (files.id + dataset.file_ending);
    if (fs::exists(label)) files.label = label;
    files.test = images == "imagesTs";
    dataset.cases.push_back(std::move(files));
  }
}

}  // namespace

const CaseFiles& Dataset::Find(const std::string& case_id) const {
  const auto found =
      std::find_if(cases.begin(), cases.end(), [&](const CaseFiles& files) { return files.id == case_id; });
  if (found == cases.end()) {
    Throw(ErrorKind::kInput,
          fmt::format("{} has no case {}; `parotis verify` lists what is there", folder.string(), case_id));
  }
  return *found;
}

const Participant* Dataset::FindParticipant(const std::string& case_id) const {
  const auto found = std::find_if(participants.begin(), participants.end(),
                                  [&](const Participant& participant) { return participant.case_id == case_id; });
  return found == participants.end() ? nullptr : &*found;
}

std::string Dataset::PatientOf(const std::string& case_id) const {
  const Participant* participant = FindParticipant(case_id);
  return participant == nullptr ? case_id : participant->patient_id;
}

Covariates Dataset::CovariatesOf(const std::string& case_id) const {
  const Participant* participant = FindParticipant(case_id);
  return participant == nullptr ? Covariates() : dataset::CovariatesOf(participant->columns);
}

std::vector<CaseFiles> ListCases(const fs::path& images, std::size_t channel_count, const std::string& file_ending) {
  std::map<std::string, CaseFiles> cases;
  for (const fs::path& file : FilesEndingWith(images, file_ending)) {
    const ImageName name = ParseImageName(file, file_ending, channel_count);
    CaseFiles& files = cases[name.case_id];
    files.id = name.case_id;
    files.channels.resize(channel_count);
    files.channels[name.channel] = file;
  }
  std::vector<CaseFiles> list;
  for (auto& [id, files] : cases) list.push_back(std::move(files));
  return list;
}

Dataset ListDataset(const fs::path& folder) {
  if (!fs::exists(folder / "dataset.json")) {
    Throw(ErrorKind::kIo,
          fmt::format("{} holds no dataset.json; name the folder of a dataset in nnU-Net's layout", folder.string()));
  }
  Dataset dataset = ReadDatasetJson(folder / "dataset.json");
  AddCases(dataset, "imagesTr", "labelsTr");
  if (fs::exists(folder / "imagesTs")) AddCases(dataset, "imagesTs", "labelsTs");
  return dataset;
}

std::vector<std::string> FindCaseListProblems(const Dataset& dataset) {
  std::vector<std::string> problems;
  std::set<std::string> ids;
  for (const CaseFiles& files : dataset.cases) {
    if (!ids.insert(files.id).second) {
      problems.push_back(
          fmt::format("the case {} is in imagesTr and in imagesTs; remove it from one of them", files.id));
    }
  }
  if (dataset.participants.empty()) return problems;
  for (const Participant& participant : dataset.participants) ids.erase(participant.case_id);
  for (const std::string& id : ids) {
    problems.push_back(
        fmt::format("participants.tsv has no row for the case {}, so nobody knows whose it is; add one", id));
  }
  return problems;
}

Dataset OpenDataset(const fs::path& folder) {
  Dataset dataset = ListDataset(folder);
  if (fs::exists(folder / "participants.tsv")) dataset.participants = ReadParticipants(folder / "participants.tsv");
  const std::vector<std::string> problems = FindCaseListProblems(dataset);
  if (!problems.empty()) {
    const std::string more = problems.size() > 1 ? fmt::format(" (and {} more problems)", problems.size() - 1) : "";
    Throw(ErrorKind::kInput, fmt::format("{}: {}{}", folder.string(), problems[0], more));
  }
  return dataset;
}

Case LoadCaseFiles(const CaseFiles& files, const std::vector<std::string>& channel_names) {
  if (files.channels.size() != channel_names.size() || channel_names.empty()) {
    Throw(ErrorKind::kInternal,
          fmt::format("case {}: {} files for {} channels", files.id, files.channels.size(), channel_names.size()));
  }
  Case examination;
  examination.id = files.id;
  examination.channel_names = channel_names;
  base::Json sources = base::Json::object();
  for (std::size_t c = 0; c < channel_names.size(); ++c) {
    if (files.channels[c].empty()) {
      Throw(ErrorKind::kInput,
            fmt::format("case {} has no file for the channel {}; add it or choose channels without it", files.id,
                        channel_names[c]));
    }
    examination.channels.push_back(ReadChannel(files.channels[c]));
    CheckSameGrid(examination.channels[c].geometry, files.channels[c], examination.channels[0].geometry,
                  files.channels[0]);
    sources[channel_names[c]] = files.channels[c].string();
  }
  examination.grid = examination.channels[0].geometry;
  if (!files.label.empty()) {
    examination.truth = ReadTruth(files.label);
    CheckSameGrid(examination.truth->geometry, files.label, examination.grid, files.channels[0]);
  }
  examination.provenance["files"] = std::move(sources);
  return examination;
}

Case LoadCase(const Dataset& dataset, const std::string& case_id, const std::vector<std::string>& channels) {
  const CaseFiles& all = dataset.Find(case_id);
  const std::vector<std::string>& wanted = channels.empty() ? dataset.channel_names : channels;
  CaseFiles files{.id = all.id, .channels = {}, .label = all.label, .test = all.test};
  for (const std::string& channel : wanted) {
    const auto found = std::find(dataset.channel_names.begin(), dataset.channel_names.end(), channel);
    if (found == dataset.channel_names.end()) {
      Throw(ErrorKind::kInput, fmt::format("{} has no channel {}; it has {}", dataset.folder.string(), channel,
                                           fmt::join(dataset.channel_names, ", ")));
    }
    files.channels.push_back(all.channels[static_cast<std::size_t>(found - dataset.channel_names.begin())]);
  }
  Case examination = LoadCaseFiles(files, wanted);
  examination.covariates = dataset.CovariatesOf(case_id);
  if (examination.truth) CheckLabelValues(*examination.truth, files.label, dataset.label_names.size());
  return examination;
}

}  // namespace parotis::dataset
