// What a plan says about channels and labels before anybody edits it. Outside the phantom this is the only place that
// knows names such as "T2" or "malignant"; every entry applies only when the data has that name.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace parotis::plan {

// kPhysical for ADC (µm²/s), the fitted maps of dataset/case.h and CT (Hounsfield units), kRobust for the rest.
ChannelPlan DefaultChannel(const std::string& channel_name);
// The sets of docs/plan-rules.md whose channels all exist.
std::map<std::string, std::vector<std::string>> DefaultContrastSets(const std::vector<std::string>& channel_names);
std::map<std::string, double> DefaultDecisiveClasses(const std::vector<std::string>& labels);
// `size` slices in equal shares for every tumour label and dataset::kTumourFree; what is left over goes to the first
// labels.
std::map<std::string, int> EqualQuota(const std::vector<std::string>& labels, int size);

}  // namespace parotis::plan
