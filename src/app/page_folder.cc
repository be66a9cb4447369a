#include "app/page_folder.h"

#include "app/machine.h"

namespace parotis::app {

namespace fs = std::filesystem;

fs::path PageFolder() {
  for (const fs::path& folder : DataFolders()) {
    for (const char* name : {"web/dist", "web"}) {
      // The sources have an index.html, too, but no assets.
      if (fs::is_regular_file(folder / name / "index.html") && fs::is_directory(folder / name / "assets"))
        return fs::weakly_canonical(folder / name);
    }
  }
  return {};
}

}  // namespace parotis::app
