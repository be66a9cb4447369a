// A .zip of files, for who wants them all.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace parotis::dicom {

// The bytes of a .zip of these files under their names without folders. Throws kIo.
std::string ZipOf(const std::vector<std::filesystem::path>& files);

}  // namespace parotis::dicom
