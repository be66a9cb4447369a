// The page that people see of a node: files of the page itself, and below /api/ what it asks for and says. Everything
// but the files needs a session. Text of studies goes out as JSON only; nothing here makes HTML.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "service/web.h"

namespace parotis::page {

struct PageOptions {
  std::filesystem::path files;       // index.html and what it needs; "" or missing: said to who asks
  std::vector<std::string> classes;  // of its models
};

std::unique_ptr<service::PeoplesPage> MakePage(const service::NodeConfig& config, const service::Layout& layout,
                                               const PageOptions& options);

}  // namespace parotis::page
