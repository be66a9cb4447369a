#include "app/shipped_model.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include "app/machine.h"
#include "base/error.h"

namespace parotis::app {

namespace fs = std::filesystem;

fs::path FindShippedModel() {
  for (const fs::path& folder : DataFolders()) {
    std::vector<fs::path> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder / "models", ignored)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with("parotis-synthetic-") && name.ends_with(".safetensors")) found.push_back(entry.path());
    }
    if (!found.empty()) return fs::weakly_canonical(*std::max_element(found.begin(), found.end()));
  }
  return {};
}

fs::path ModelOrShipped(const fs::path& requested) {
  if (!requested.empty()) return requested;
  fs::path shipped = FindShippedModel();
  if (shipped.empty()) {
    base::Throw(base::ErrorKind::kUsage,
                "no model was given and none was found beside the program; name one with -m MODEL");
  }
  return shipped;
}

}  // namespace parotis::app
