// What `parotis predict --candidates` left: every region that could be a lesion, for a rule to choose from.
#pragma once

#include <filesystem>
#include <string>

#include "dataset/diagnosis.h"
#include "plan/bundle_info.h"

namespace parotis::app {

// Of one case. Throws kInput when other networks looked than those of `model`: it must be the bundle that predicted, or
// what `parotis calibrate` made of that. Also when its classes are not the model's or a lesion lacks the network's own
// probabilities (files of version 0.1).
dataset::Diagnosis ReadCandidates(const std::filesystem::path& folder, const std::string& case_id,
                                  const plan::BundleInfo& model);

}  // namespace parotis::app
