// What a model says about itself, for people: what it was trained on, and by which rule it decides.
#pragma once

#include "base/json.h"
#include "plan/bundle_info.h"

namespace parotis::view {

// {name, sha256, contrast_set, channels, members, trained_on, synthetic, rule: {label: text, …}}; the rule says also on
// whom it was fitted.
base::Json ModelFacts(const plan::BundleInfo& model);

}  // namespace parotis::view
