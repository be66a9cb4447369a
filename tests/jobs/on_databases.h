// A fixture with the jobs' tables in either database, and what most tests begin with.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "jobs/analyses.h"
#include "jobs/arrivals.h"
#include "jobs/catalogue.h"
#include "jobs/schema.h"
#include "tests/support/postgres_server.h"

namespace parotis::jobs {

inline const RetryRule kAtOnce{.attempts = 3, .first_s = 0, .longest_s = 0};
inline const CompleteRule kNow{.quiet_s = -1, .on_release = false};

inline test::PostgresServer& Server() {
  static test::PostgresServer server;
  return server;
}

inline Instance InstanceOf(const std::string& study, int number, const std::string& content = "a") {
  const std::string uid = study + ".1." + std::to_string(number);
  return {
      study, study + ".1", "1.2.840.10008.5.1.4.1.1.4", uid, "1.2.840.10008.1.2.1", content + std::to_string(number),
      1000,  "MR1"};
}

class OnDatabases : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (GetParam() == std::string("postgresql")) {
      if (!Server().runs()) GTEST_SKIP() << "no PostgreSQL server could be started here: " << Server().said();
      where_ = Server().NewDatabase();
    } else {
      where_ = (folder_.path() / "jobs.db").string();
    }
    database_ = OpenDatabase(where_);
    MakeTables(*database_);
  }
  Database& database() { return *database_; }
  std::unique_ptr<Database> Another() { return OpenDatabase(where_); }

  void AddReady(const std::string& study, int instances = 2) {
    std::vector<Instance> list;
    for (int i = 0; i < instances; ++i) list.push_back(InstanceOf(study, i));
    AddInstances(database(), list);
    MakeReady(database(), kNow, {});
  }
  JobRecord JobOf(const std::string& study) { return ListJobs(database(), {.study_uid = study}).at(0); }
  std::optional<AnalysisClaim> Claim() { return ClaimAnalysis(database(), "node/analysis", "model", 60); }

 private:
  test::TemporaryFolder folder_;
  std::string where_;
  std::unique_ptr<Database> database_;
};

inline const AnalysisOutcome kAnswer{
    .refused = false,
    .reason = "sure",
    .verdict = "diagnosed",
    .results = "r1",
    .objects = {{"segmentation.dcm", "1.2.840.10008.5.1.4.1.1.66.4", "2.25.1", "2.25.2", 10}}};

}  // namespace parotis::jobs
