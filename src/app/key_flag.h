// The flag --key of the commands that give pseudonyms.
#pragma once

#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>

#include "dicom/index.h"

namespace parotis::app {

void AddKeyFlag(CLI::App& app, std::filesystem::path& key);
// OUTPUT.key: beside what is written, never within it.
std::filesystem::path DefaultKeyFor(const std::filesystem::path& output);
// Who is who; to be written before anything that bears a pseudonym, so that none is ever without its original.
void AddStudiesToMap(const std::filesystem::path& key_file, const std::string& key, const dicom::Index& index);

}  // namespace parotis::app
