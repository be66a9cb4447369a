// On whom weights were trained: the patients of a bundle, and of the weights from which its training started. A bundle
// holds SHA-256 hashes of the patients' ids, so that nobody is named.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/conditions.h"
#include "plan/bundle_info.h"

namespace parotis::plan {

struct PatientHistory {
  std::set<std::string> patients;    // SHA-256 of the ids
  std::vector<std::string> unknown;  // weights in the ancestry that do not say; empty: the history is complete
};

// From training.patient_id_sha256 (its own), inherited_patient_id_sha256 and history_unknown.
PatientHistory HistoryOf(const BundleInfo& info);
// Of any file of weights, which is read for that; what is no bundle does not say. Throws kInput for the checkpoint of a
// training, and as weights::ReadNamedTensors.
PatientHistory HistoryOfWeights(const std::filesystem::path& path);
// Enters the history of the weights from which the training of `info` starts.
void Inherit(const PatientHistory& history, BundleInfo& info);

// Enters the histories of the members of an ensemble.
void JoinHistories(const std::vector<BundleInfo>& members, BundleInfo& ensemble);

struct TransferOverlap {
  std::vector<std::string> patients;  // ids, of those that were asked for
  std::vector<std::string> unknown;   // as PatientHistory::unknown
};

// Which of these patients (ids) the weights have seen in training.
TransferOverlap OverlapOf(const PatientHistory& history, const std::vector<std::string>& patient_ids);
TransferOverlap OverlapOf(const std::filesystem::path& weights, const std::vector<std::string>& patient_ids);

// The condition pretraining_unknown; empty when the history is complete.
base::Finding UnknownHistory(const TransferOverlap& overlap);

}  // namespace parotis::plan
