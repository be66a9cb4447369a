// Studies fetched from a DICOMweb service (PS3.18): found by QIDO-RS, retrieved by WADO-RS, spooled as if they had been
// sent.
#pragma once

#include <string>
#include <vector>

#include "service/layout.h"

namespace parotis::service {

struct FoundStudy {
  std::string study_uid;
  std::string seen;  // how many instances the service says it has
};
// Throws kIo with what the service said.
std::vector<FoundStudy> FindStudies(const NodeConfig& config, const PullEntry& pull);

// Images of the classes that are stored here; others are left out. Throws kIo when the study cannot be had whole, or
// there is no room.
void FetchStudy(const NodeConfig& config, const Layout& layout, const std::string& source,
                const std::string& study_uid);

}  // namespace parotis::service
