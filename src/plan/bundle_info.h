// What a model bundle says about itself, read without LibTorch. A bundle is one safetensors file: the weights, and in
// its metadata one JSON text under the key "parotis".
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "plan/plan.h"

namespace parotis::plan {

struct BundleInfo {
  std::string name;  // "parotis-synthetic-0.1"
  Plan plan;
  std::string contrast_set;
  std::vector<std::string> channels;  // the network's input order
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
base::Json ToJson(const BundleInfo& info);
BundleInfo BundleInfoFromJson(const base::Json& json, const std::string& name);

}  // namespace parotis::plan
