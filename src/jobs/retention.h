// What is kept no longer: images and results of studies that have ended. Their jobs stay, as history.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "jobs/database.h"

namespace parotis::jobs {

struct RetentionRule {
  double keep_s = 30 * 86400.0;                       // after the end of their job
  std::int64_t most_bytes = std::int64_t{100} << 30;  // of everything kept; the oldest ended ones go first
};

// Images and results, and what lies beside these. Within a transaction.
std::int64_t KeptBytes(Database& database);

// Folders of studies, whose files are left over from then on (see below), and of results, which nothing in the database
// refers to any more, to be removed. Studies that have not ended, failed ones among them, are never touched.
struct Removed {
  std::vector<std::string> studies, results;
};
Removed ForgetOld(Database& database, const RetentionRule& rule);

// Files of studies ("folder/file") that no instance names any more, forgotten or replaced by other content: takes at
// most so many off the list of such files and calls `remove` for those of them that nobody names again. It may be
// called twice for one. Who puts a file into its place and records it then must look afterwards whether it is there
// still. Returns how many were taken off.
std::size_t RemoveLeftovers(Database& database, std::size_t most,
                            const std::function<void(const std::string& file)>& remove);

// Of these folders of results, those that no job refers to.
std::vector<std::string> Unreferenced(Database& database, const std::vector<std::string>& results);

}  // namespace parotis::jobs
