#include "dataset/splits.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "base/random.h"

namespace parotis::dataset {
namespace {

using base::ErrorKind;
using base::Json;
using base::JsonObject;
using base::Throw;

struct Patient {
  std::vector<std::string> case_ids;
  std::set<std::string> diagnoses;
};

// What a case stands for in splits, looked up once instead of scanning the dataset for each.
struct CaseIndex {
  std::map<std::string, const CaseFiles*> files;
  std::map<std::string, const Participant*> participants;

  explicit CaseIndex(const Dataset& dataset) {
    for (const CaseFiles& one : dataset.cases) files[one.id] = &one;
    for (const Participant& one : dataset.participants) participants[one.case_id] = &one;
  }
  std::string PatientOf(const std::string& case_id) const {
    const auto found = participants.find(case_id);
    return found == participants.end() ? case_id : found->second->patient_id;
  }
  // Of a further column of participants.tsv; "" when there is none.
  std::string ValueOf(const std::string& case_id, const std::string& column) const {
    const auto found = participants.find(case_id);
    if (found == participants.end()) return {};
    const auto value = found->second->columns.find(column);
    return value == found->second->columns.end() ? std::string() : value->second;
  }
  std::string DiagnosisOf(const std::string& case_id) const {
    const auto found = participants.find(case_id);
    return found == participants.end() ? "" : found->second->diagnosis;
  }
};

// Patients with a labelled training case, grouped by what they have.
std::map<std::string, std::vector<Patient>> PatientsByStratum(const Dataset& dataset) {
  const CaseIndex index(dataset);
  std::map<std::string, Patient> patients;
  for (const auto& [id, files] : index.files) {
    if (files->test || files->label.empty()) continue;
    Patient& patient = patients[index.PatientOf(id)];
    patient.case_ids.push_back(id);
    patient.diagnoses.insert(index.DiagnosisOf(id));
  }
  std::map<std::string, std::vector<Patient>> strata;
  for (const auto& [patient_id, patient] : patients)
    strata[fmt::format("{}", fmt::join(patient.diagnoses, "\t"))].push_back(patient);
  return strata;
}

void FindSideProblems(const std::vector<std::string>& side, const std::string& where, const CaseIndex& index,
                      std::vector<std::string>& problems) {
  std::set<std::string> seen;
  for (const std::string& id : side) {
    const auto found = index.files.find(id);
    if (found == index.files.end())
      problems.push_back(fmt::format("{}: the dataset has no case {}", where, id));
    else if (found->second->test)
      problems.push_back(fmt::format("{}: the case {} is a test case of imagesTs", where, id));
    else if (found->second->label.empty())
      problems.push_back(fmt::format("{}: the case {} has no label file", where, id));
    if (!seen.insert(id).second) problems.push_back(fmt::format("{}: the case {} stands twice", where, id));
  }
}

std::vector<Split> SplitsFromJson(const Json& json, const std::string& name) {
  if (!json.is_array() || json.empty()) {
    Throw(ErrorKind::kInput, name + " must be a list of {\"train\": [...], \"val\": [...]}, one per fold");
  }
  std::vector<Split> splits;
  for (std::size_t fold = 0; fold < json.size(); ++fold) {
    JsonObject object(json[fold], fmt::format("{}: fold {}", name, fold));
    Split split;
    object.ReadRequired("train", split.train);
    object.ReadRequired("val", split.val);
    object.Finish();
    splits.push_back(std::move(split));
  }
  return splits;
}

}  // namespace

std::vector<Split> MakeSplits(const Dataset& dataset, int folds, std::uint64_t seed) {
  if (folds < 2) Throw(ErrorKind::kUsage, fmt::format("{} folds were asked for; at least 2 are needed", folds));
  auto strata = PatientsByStratum(dataset);
  std::size_t patient_count = 0;
  for (const auto& [stratum, patients] : strata) patient_count += patients.size();
  if (patient_count < static_cast<std::size_t>(folds)) {
    Throw(ErrorKind::kInput,
          fmt::format("{} has {} patients with a label, fewer than the {} folds; ask for fewer folds",
                      dataset.folder.string(), patient_count, folds));
  }
  // Dealing goes on where the last stratum ended, so that the folds are balanced in all, too.
  std::vector<std::set<std::string>> held_out(static_cast<std::size_t>(folds));
  std::size_t next = 0;
  std::uint64_t stream = 0;
  for (auto& [stratum, patients] : strata) {
    base::Random random(seed, {stream++});
    random.Shuffle(patients);
    for (const Patient& patient : patients)
      held_out[next++ % held_out.size()].insert(patient.case_ids.begin(), patient.case_ids.end());
  }
  std::vector<Split> splits(held_out.size());
  for (std::size_t fold = 0; fold < splits.size(); ++fold) {
    for (std::size_t other = 0; other < held_out.size(); ++other) {
      std::vector<std::string>& side = other == fold ? splits[fold].val : splits[fold].train;
      side.insert(side.end(), held_out[other].begin(), held_out[other].end());
    }
    std::sort(splits[fold].train.begin(), splits[fold].train.end());
  }
  return splits;
}

std::vector<Split> MakeSplitsByColumn(const Dataset& dataset, const std::string& column) {
  const std::string table = (dataset.folder / "participants.tsv").string();
  const CaseIndex index(dataset);
  std::map<std::string, std::vector<std::string>> held_out;         // by value
  std::map<std::string, std::pair<std::string, std::string>> seen;  // patient → value and the case that has it
  for (const auto& [id, files] : index.files) {
    if (files->test || files->label.empty()) continue;
    const std::string value = index.ValueOf(id, column);
    if (value.empty()) {
      Throw(ErrorKind::kInput, fmt::format("{}: the case {} has no value in a column {}; fill it in, or split by "
                                           "another column",
                                           table, id, column));
    }
    const auto [place, is_new] = seen.emplace(index.PatientOf(id), std::pair(value, id));
    if (!is_new && place->second.first != value) {
      Throw(ErrorKind::kInput,
            fmt::format("{}: the patient {} has {} {} in case {} and {} in case {}; a patient cannot "
                        "be held out by halves",
                        table, place->first, column, place->second.first, place->second.second, value, id));
    }
    held_out[value].push_back(id);
  }
  if (held_out.size() < 2) {
    Throw(ErrorKind::kInput, fmt::format("{}: the column {} has {} value; leaving one group out needs at least two",
                                         table, column, held_out.size()));
  }
  std::vector<Split> splits;
  for (const auto& [value, ids] : held_out) {
    splits.push_back({{}, ids});
    for (const auto& [other, other_ids] : held_out) {
      if (other != value) splits.back().train.insert(splits.back().train.end(), other_ids.begin(), other_ids.end());
    }
    std::sort(splits.back().train.begin(), splits.back().train.end());
  }
  return splits;
}

std::vector<std::string> FindSplitProblems(const std::vector<Split>& splits, const Dataset& dataset) {
  const CaseIndex index(dataset);
  std::vector<std::string> problems;
  for (std::size_t fold = 0; fold < splits.size(); ++fold) {
    const Split& split = splits[fold];
    FindSideProblems(split.train, fmt::format("fold {}, train", fold), index, problems);
    FindSideProblems(split.val, fmt::format("fold {}, val", fold), index, problems);
    if (split.train.empty()) problems.push_back(fmt::format("fold {} trains on no case", fold));
    std::map<std::string, std::string> trained;  // patient → one of its training cases
    for (const std::string& id : split.train) trained[index.PatientOf(id)] = id;
    const std::set<std::string> train(split.train.begin(), split.train.end());
    for (const std::string& id : split.val) {
      const auto leak = trained.find(index.PatientOf(id));
      if (train.contains(id)) {
        problems.push_back(fmt::format("fold {}: the case {} is in train and in val", fold, id));
      } else if (leak != trained.end()) {
        problems.push_back(fmt::format("fold {}: the patient {} is in train (case {}) and in val (case {})", fold,
                                       leak->first, leak->second, id));
      }
    }
  }
  return problems;
}

std::vector<Split> ReadSplitLists(const std::filesystem::path& path) {
  return SplitsFromJson(base::ReadJson(path), path.string());
}

std::vector<Split> ReadSplits(const std::filesystem::path& path, const Dataset& dataset) {
  std::vector<Split> splits = ReadSplitLists(path);
  const std::vector<std::string> problems = FindSplitProblems(splits, dataset);
  if (!problems.empty()) {
    const std::string more = problems.size() > 1 ? fmt::format(" (and {} more problems)", problems.size() - 1) : "";
    Throw(ErrorKind::kInput,
          fmt::format("{}: {}{}; correct the file or let new splits be made", path.string(), problems[0], more));
  }
  return splits;
}

void WriteSplits(const std::filesystem::path& path, const std::vector<Split>& splits) {
  Json json = Json::array();
  for (const Split& split : splits) json.push_back({{"train", split.train}, {"val", split.val}});
  base::WriteJson(path, json);
}

}  // namespace parotis::dataset
