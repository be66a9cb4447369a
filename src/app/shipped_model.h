// The model that comes with the program, used when no -m is given.
#pragma once

#include <filesystem>

namespace parotis::app {

// Looked for in the models/ of DataFolders (app/machine.h). The newest of parotis-synthetic-*.safetensors by name;
// empty when there is none.
std::filesystem::path FindShippedModel();

// `requested`, or the shipped model when it is empty. Throws kUsage with the remedy when there is neither.
std::filesystem::path ModelOrShipped(const std::filesystem::path& requested);

}  // namespace parotis::app
