// What a study has others do: whoever runs it hands these in (src/app with LibTorch, tests without).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "experiment/setting.h"
#include "plan/plan.h"

namespace parotis::experiment {

struct MemberRequest {
  const Setting* setting = nullptr;
  plan::Plan plan;
  std::string contrast_set;
  std::vector<std::string> train_cases;
  std::uint64_t seed = 1;
  std::optional<std::filesystem::path> from;
  std::string name;
  std::filesystem::path folder;
};

struct PredictRequest {
  const Setting* setting = nullptr;
  std::filesystem::path model;  // a bundle, of one network or of several
  std::filesystem::path dataset;
  std::vector<std::string> case_ids;
  std::filesystem::path output;      // what the model's own rule says; "": not wanted
  std::filesystem::path candidates;  // every region that could be a lesion: what a rule is chosen from; "": not wanted
};

// Each may be called again after it was interrupted at any moment and leaves the same bytes as if it had not been;
// throws base::Error when it cannot finish.
struct Steps {
  std::function<void(const MemberRequest&)> train;  // leaves folder/model.safetensors
  std::function<void(const PredictRequest&)>
      predict;  // leaves {case}.nii.gz, lesions/{case}.nii.gz, {case}.diagnosis.json in each folder
};

}  // namespace parotis::experiment
