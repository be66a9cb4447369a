// What `parotis --version` prints: the build id and the versions of the libraries behind it.
#pragma once

#include <string>

namespace parotis::app {

std::string VersionText();

}  // namespace parotis::app
