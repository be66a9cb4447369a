// The audit of a synthetic cohort as one self-contained page: what was realised beside each prior, the oracle, and
// pictures of every class in every contrast.
#pragma once

#include <string>
#include <vector>

#include "audit/cohort_audit.h"
#include "audit/intensity_reader.h"
#include "dataset/case.h"

namespace parotis::audit {

// A case to be looked at, and what to say of it.
struct ShownCase {
  dataset::Case examination;
  std::string heading;  // "warthin, 24 mm, tail"
  bool unusable_diffusion = false;
};

std::string AuditPage(const CohortAudit& audit, const IntensityReading& reading, const std::vector<ShownCase>& shown,
                      const std::string& command);

}  // namespace parotis::audit
