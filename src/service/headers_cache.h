// What headers say, for queries: read once for each file. A file's name is a function of its content, so nothing here
// grows old.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>

#include "base/json.h"
#include "jobs/catalogue.h"
#include "service/layout.h"

namespace parotis::service {

// Where the instance lies.
inline std::filesystem::path PathOf(const Layout& layout, const jobs::InstanceRecord& instance) {
  return instance.results.empty() ? layout.studies / instance.folder / instance.file
                                  : layout.results / instance.results / instance.file;
}

class HeadersCache {
 public:
  // The attributes of a query's answers at any level, in the DICOM JSON model (PS3.18 annex F). Throws kInput, kIo.
  base::Json Of(const std::filesystem::path& file);

 private:
  std::mutex mutex_;
  std::map<std::string, base::Json> known_;
};

}  // namespace parotis::service
