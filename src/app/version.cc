#include "app/version.h"

#include "base/build_info.h"

namespace parotis::app {

std::string VersionText() { return "parotis " + base::BuildId(); }

}  // namespace parotis::app
