// What is kept no longer: images and results of studies that have ended. Their jobs stay, as history.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "jobs/database.h"

namespace parotis::jobs {

struct RetentionRule {
  double keep_s = 30 * 86400.0;                       // after the end of their job
  std::int64_t most_bytes = std::int64_t{100} << 30;  // of everything kept; the oldest ended ones go first
};

// Folders of studies, and of results, that nothing in the database refers to any more, to be removed. Studies that have
// not ended, failed ones among them, are never touched.
struct Removed {
  std::vector<std::string> studies, results;
};
Removed ForgetOld(Database& database, const RetentionRule& rule);

// Of these folders of results, those that no job refers to.
std::vector<std::string> Unreferenced(Database& database, const std::vector<std::string>& results);

}  // namespace parotis::jobs
