// The versions of a study's answer: the program's, then what readers said of it. Private to this folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "jobs/catalogue.h"
#include "jobs/reviews.h"

namespace parotis::page {

class Versions {
 public:
  // `reviews` in their order.
  Versions(const jobs::JobRecord& analysis, std::vector<jobs::ReviewRecord> reviews)
      : analysis_(analysis), reviews_(std::move(reviews)) {}

  // "analysis-12-1", of the present analysis: another one has another name.
  std::string IdOfAnalysis() const;
  // The last edit that is done, else the analysis.
  std::string Current() const;
  bool Exists(const std::string& id) const;
  // The folder of results in which its findings lie: an accepted version's are those of what was accepted. "" when it
  // has none (an edit that waits or has failed, a study without answer).
  std::string ResultsOf(const std::string& id) const;
  // What a review that names this version is based on: the analysis's results, and the last review it knew. Absent when
  // the analysis has been made anew since, or there is no such version.
  struct Basis {
    std::string analysis;
    std::int64_t review = 0;
  };
  std::optional<Basis> BasisOf(const std::string& id) const;

  base::Json ToJson(const std::string& model) const;
  const jobs::ReviewRecord* Latest() const;  // of the present analysis; null without

 private:
  const jobs::ReviewRecord* Find(const std::string& id) const;

  const jobs::JobRecord& analysis_;
  const std::vector<jobs::ReviewRecord> reviews_;
};

// Of a review, as the page knows it.
std::string VersionIdOf(std::int64_t review);

}  // namespace parotis::page
