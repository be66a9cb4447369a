#include "base/build_info.h"

#include "parotis_build_id.h"

namespace parotis::base {

std::string Version() { return PAROTIS_VERSION; }
std::string BuildId() { return PAROTIS_BUILD_ID; }

}  // namespace parotis::base
