#include "service/layout.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

namespace parotis::service {

void DemandOwner(const std::filesystem::path& folder) {
  struct stat about{};
  if (::stat(folder.c_str(), &about) != 0 || about.st_uid == ::geteuid()) return;
  base::Throw(base::ErrorKind::kUsage, fmt::format("the node's folder {} belongs to another user than you: run this "
                                                   "as that user (sudo -u \"$(stat -c %U {})\" parotis …)",
                                                   folder.string(), folder.string()));
}

}  // namespace parotis::service
