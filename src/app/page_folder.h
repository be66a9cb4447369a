// Where the files of the page that people see lie.
#pragma once

#include <filesystem>

namespace parotis::app {

// web/dist or web in the DataFolders (app/machine.h), whichever holds a built page; empty when there is none.
std::filesystem::path PageFolder();

}  // namespace parotis::app
