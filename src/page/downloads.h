// The files of a folder of results that a reader may take home. Private to this folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/json.h"
#include "http/message.h"

namespace parotis::page {

// [{name, title, bytes}] of those that are there; "page.pdf" and "all.zip" are made when they are asked for.
base::Json DownloadsIn(const std::filesystem::path& results);

struct Download {
  std::string type;
  http::Piece content;
};
// Absent for a name that is not among them.
std::optional<Download> DownloadNamed(const std::filesystem::path& results, const std::string& name);

}  // namespace parotis::page
