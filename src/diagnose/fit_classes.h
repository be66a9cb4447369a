// A lesion's class from what is known of it, fitted: the temperature of the segmentation and, where it is worth it, the
// late fusion of all answers (fusion.h).
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "diagnose/calibrate.h"

namespace parotis::diagnose {

inline constexpr std::size_t kFusionFolds = 5;  // of the fusion's own cross-validation

// The rule as it would be had a patient not been looked at: what a threshold is chosen from. A fusion of many inputs
// separates the patients it was fitted on better than others.
struct UnseenFusions {
  std::array<plan::FusionPlan, kFusionFolds> without;  // each fold
  std::map<std::string, std::size_t> fold_of;          // by case: of those it was fitted on

  plan::DiagnosisPlan RuleFor(const dataset::Diagnosis& diagnosis, plan::DiagnosisPlan rule) const;
};

// Sets rule.temperature and, where its cross-validated loss is smaller than the segmentation's alone, rule.fusion, with
// rule.inputs. `known`: each with at least one lesion, the largest first, which is what is fitted on. `channels`: the
// network's. `record` gets "temperature" and "fusion". Throws kInput with fewer than 20 patients.
UnseenFusions FitClasses(const std::vector<KnownPatient>& known, plan::DiagnosisPlan& rule,
                         const std::vector<std::string>& channels, base::Json& record);

}  // namespace parotis::diagnose
