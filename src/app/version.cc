#include "app/version.h"

#include <fmt/format.h>

#include <string_view>

#include "base/build_info.h"
#include "parotis_libraries.h"

namespace parotis::app {

std::string LibrariesText() {
  std::string text;
  const auto add = [&](std::string_view name, std::string_view version, std::string_view remark = "") {
    if (!version.empty()) text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", name, version, remark);
  };
  add("LibTorch", PAROTIS_LIBTORCH_VERSION);
  add("DCMTK", PAROTIS_DCMTK_VERSION);
  add("OpenJPEG", PAROTIS_OPENJPEG_VERSION);
  add("ITK", PAROTIS_ITK_VERSION, " (comparison tests only)");
  add("compiler", PAROTIS_COMPILER);
  return text;
}

std::string VersionText() {
  return fmt::format("parotis {}\n{}\n{}", base::BuildId(), LibrariesText(), base::kResearchUseOnly);
}

}  // namespace parotis::app
