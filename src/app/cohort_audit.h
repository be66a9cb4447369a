// `parotis simulate --calibrate PAGE.html`: what was realised of the priors, measured in simulated images.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "phantom/cohort.h"
#include "physics/protocol.h"

namespace parotis::app {

struct CohortAuditOptions {
  std::filesystem::path page;
  std::uint64_t seed = 1;
  std::int64_t patients = 500;
  int threads = 0;
  std::string command;  // that makes the page again
};

int AuditCohort(const phantom::Priors& priors, const phantom::Mix& mix, const physics::ScanOptions& scan,
                const CohortAuditOptions& options);

}  // namespace parotis::app
