#include "plan/patient_history.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/safetensors.h"
#include "weights/named_tensors.h"

namespace parotis::plan {
namespace {

constexpr const char* kInherited = "inherited_patient_id_sha256";
constexpr const char* kUnknown = "history_unknown";

std::vector<std::string> ListOf(const base::Json& training, const char* key) {
  std::vector<std::string> list;
  if (training.contains(key)) base::JsonObject::ReadValue(training.at(key), std::string("training.") + key, list);
  return list;
}

}  // namespace

PatientHistory HistoryOf(const BundleInfo& info) {
  PatientHistory history;
  for (const char* key : {kTrainingPatients, kInherited}) {
    for (std::string& patient : ListOf(info.training, key)) history.patients.insert(std::move(patient));
  }
  history.unknown = ListOf(info.training, kUnknown);
  if (!info.training.contains(kTrainingPatients)) history.unknown.push_back(info.name);
  return history;
}

PatientHistory HistoryOfWeights(const std::filesystem::path& path) {
  const PatientHistory unknown{{}, {path.filename().string()}};
  {
    const base::MappedFile file(path);
    if (!weights::LooksLikeSafetensors(file.bytes())) {
      weights::ParseNamedTensors(file.bytes(), path.string());
      return unknown;
    }
    const auto metadata = base::ParseSafetensors(file.bytes(), path.string()).metadata;
    if (metadata.contains("parotis_checkpoint")) {
      base::Throw(
          base::ErrorKind::kInput,
          fmt::format("{} is the checkpoint of a training that goes on; take model.safetensors of a finished run",
                      path.string()));
    }
    if (!metadata.contains("parotis")) return unknown;
  }
  return HistoryOf(ReadBundleInfo(path));
}

void Inherit(const PatientHistory& history, BundleInfo& info) {
  info.training[kInherited] = history.patients;
  info.training[kUnknown] = history.unknown;
}

void JoinHistories(const std::vector<BundleInfo>& members, BundleInfo& ensemble) {
  std::set<std::string> own, inherited, unknown;
  for (const BundleInfo& member : members) {
    for (std::string& patient : ListOf(member.training, kTrainingPatients)) own.insert(std::move(patient));
    for (std::string& patient : ListOf(member.training, kInherited)) inherited.insert(std::move(patient));
    for (std::string& source : HistoryOf(member).unknown) unknown.insert(std::move(source));
  }
  ensemble.training[kTrainingPatients] = own;
  ensemble.training[kInherited] = inherited;
  ensemble.training[kUnknown] = unknown;
}

TransferOverlap OverlapOf(const PatientHistory& history, const std::vector<std::string>& patient_ids) {
  TransferOverlap overlap;
  overlap.unknown = history.unknown;
  for (const std::string& patient : patient_ids) {
    if (history.patients.contains(base::HashOf(patient))) overlap.patients.push_back(patient);
  }
  return overlap;
}

TransferOverlap OverlapOf(const std::filesystem::path& weights, const std::vector<std::string>& patient_ids) {
  return OverlapOf(HistoryOfWeights(weights), patient_ids);
}

base::Finding UnknownHistory(const TransferOverlap& overlap) {
  if (overlap.unknown.empty()) return {};
  return base::Found("pretraining_unknown", fmt::format("{} does not say on whom it was trained; whether it has seen "
                                                        "these patients is unknown",
                                                        fmt::join(overlap.unknown, ", ")));
}

}  // namespace parotis::plan
