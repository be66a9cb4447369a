// One study: what was found, how it was found, its images, and its files. Private to this folder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jobs/catalogue.h"
#include "page/call.h"
#include "page/facts.h"
#include "page/versions.h"
#include "service/layout.h"

namespace parotis::page {

// A study that is kept, with its versions.
class Study {
 public:
  // Absent when none of that name is kept.
  static std::optional<Study> Find(jobs::Database& database, const std::string& id);

  const jobs::WorklistEntry& entry() const { return entry_; }
  Versions versions() const { return {entry_.job, reviews_}; }
  const std::vector<jobs::ReviewRecord>& reviews() const { return reviews_; }

 private:
  jobs::WorklistEntry entry_;
  std::vector<jobs::ReviewRecord> reviews_;
};

http::Response AnswerStudy(const Call& call, const Study& study, const service::Layout& layout, Facts& facts);
// A volume of the view's folder, gzipped NIfTI.
http::Response AnswerVolume(const Call& call, const Study& study, const std::string& name,
                            const service::Layout& layout);
// A file of the results, to be kept by the reader.
http::Response AnswerFile(const Call& call, const Study& study, const std::string& name, const service::Layout& layout);

// The version that a request names, else the current one.
std::string VersionIn(const http::Request& request, const Study& study);

}  // namespace parotis::page
