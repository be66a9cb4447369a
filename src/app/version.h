// What `parotis --version` prints: the build id and the versions of the libraries behind it, known without loading
// them.
#pragma once

#include <string>

namespace parotis::app {

std::string VersionText();
// "LibTorch 2.13.0, DCMTK 3.6.7, …"
std::string LibrariesText();

}  // namespace parotis::app
