// What a model bundle says about itself, read without LibTorch. A bundle is one safetensors file: the weights, and in
// its metadata one JSON text under the key "parotis". A bundle of several members is a deep ensemble (Lakshminarayanan
// et al., NeurIPS 2017): one plan, several sets of weights, named member_0/…, member_1/…; their probabilities are
// averaged.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "plan/plan.h"

namespace parotis::plan {

// The key of BundleInfo::training under which the hashes of its own training patients' ids stand.
inline constexpr const char* kTrainingPatients = "patient_id_sha256";

struct BundleInfo {
  std::string name;  // "parotis-synthetic-0.1"
  Plan plan;
  std::string contrast_set;
  std::vector<std::string> channels;  // the network's input order
  int members = 1;                    // networks whose probabilities are averaged
  base::Json training =
      base::Json::object();  // dataset, fold, seed, iterations, build id, hashes of training patients, …
  std::string intended_use;
  std::string file_hash;  // SHA-256 of the whole file; set when read
};

// Throws kInput: not a bundle, made by a newer format, plan damaged.
BundleInfo ReadBundleInfo(const std::filesystem::path& path);
// The metadata of the bundle's file.
std::map<std::string, std::string> MetadataOf(const BundleInfo& info);
// Writes the bundle `from` with another description; the weights stay as they are.
void RewriteBundle(const std::filesystem::path& from, const BundleInfo& info, const std::filesystem::path& to);
// What precedes the name of each tensor of a member: nothing in a bundle of one.
std::string MemberPrefix(const BundleInfo& info, int member);
// One bundle of all members of `bundles`, in their order, with the description `info` (its number of members is set
// here), whose inference and diagnosis hold for all. Their patients (training.patient_id_sha256) are joined, and
// training.members says where each came from. Throws kInput when labels, channels, preparation or networks differ.
void WriteEnsemble(std::span<const std::filesystem::path> bundles, BundleInfo info, const std::filesystem::path& to);
base::Json ToJson(const BundleInfo& info);
BundleInfo BundleInfoFromJson(const base::Json& json, const std::string& name);

}  // namespace parotis::plan
