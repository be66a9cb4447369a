// Which files lie below a folder.
#pragma once

#include <filesystem>
#include <vector>

namespace parotis::base {

// Every regular file below `folder`, sorted by path, so that the order in which the system lists them never matters.
// Throws kIo when the folder, or one below it that `options` do not pass over, cannot be listed.
std::vector<std::filesystem::path> FilesBelow(
    const std::filesystem::path& folder,
    std::filesystem::directory_options options = std::filesystem::directory_options::none);

}  // namespace parotis::base
