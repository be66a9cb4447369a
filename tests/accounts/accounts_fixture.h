// Accounts in either database, by a clock that the test sets.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "accounts/login.h"
#include "accounts/schema.h"
#include "accounts/users.h"
#include "base/files.h"
#include "jobs/database.h"
#include "tests/support/errors.h"
#include "tests/support/postgres_server.h"

namespace parotis::accounts {

inline constexpr HashCost kCheap{.passes = 1, .memory_kib = 8, .lanes = 1};
inline constexpr const char* kGood = "glass otter under nine moons";
inline constexpr const char* kOther = "seven quiet violins in fog";

// A connection whose clock is the test's, and which tells the test before a transaction begins.
class WatchedDatabase : public jobs::Database {
 public:
  WatchedDatabase(std::unique_ptr<jobs::Database> inner, const double& clock)
      : inner_(std::move(inner)), clock_(clock) {}

  std::function<void(int)> before_begin = [](int /*which*/) {};  // the first is 1

  void Begin() override { before_begin(++begun_), inner_->Begin(); }
  void Commit() override { inner_->Commit(); }
  void RollBack() noexcept override { inner_->RollBack(); }
  std::vector<jobs::Row> Run(const std::string& statement, const std::vector<std::string>& values) override {
    return inner_->Run(statement, values);
  }
  double Now() override { return clock_; }
  void SerialiseSchema() override { inner_->SerialiseSchema(); }
  std::string IdentityColumn() const override { return inner_->IdentityColumn(); }
  std::string SkipLocked() const override { return inner_->SkipLocked(); }

 private:
  std::unique_ptr<jobs::Database> inner_;
  const double& clock_;
  int begun_ = 0;
};

class AccountsFixture : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    static test::PostgresServer* server = nullptr;
    if (GetParam() == std::string("postgresql")) {
      static test::PostgresServer started;
      server = &started;
      if (!server->runs()) GTEST_SKIP() << "no PostgreSQL server could be started here: " << server->said();
      where_ = server->NewDatabase();
    } else {
      where_ = (folder_.path() / "jobs.db").string();
    }
    database_ = Another();
    MakeTables(*database_);
  }

  WatchedDatabase& database() { return *database_; }
  std::unique_ptr<WatchedDatabase> Another() {
    return std::make_unique<WatchedDatabase>(jobs::OpenDatabase(where_), now_);
  }
  User Add(const std::string& name, Role role = Role::kReader) {
    return AddUser(database(), {.name = name, .full_name = "", .role = role, .password = kGood}, kCheap);
  }
  std::vector<jobs::Row> Query(const std::string& statement) {
    return jobs::Transact(database(), [&] { return database().Run(statement, {}); });
  }
  // Everything that somebody who copied the database would see.
  std::string Loot() {
    std::string loot;
    for (const char* table :
         {"account_users", "account_sessions", "account_failures", "account_addresses", "account_schema"}) {
      for (const jobs::Row& row : Query(std::string("SELECT * FROM ") + table))
        for (const std::string& value : row) loot += value + "\n";
    }
    for (const auto& file : std::filesystem::directory_iterator(folder_.path())) loot += base::ReadFile(file.path());
    return loot;
  }

  double now_ = 1'790'000'000;

 private:
  test::TemporaryFolder folder_;
  std::string where_;
  std::unique_ptr<WatchedDatabase> database_;
};

inline auto BothDatabases() { return ::testing::Values("sqlite", "postgresql"); }
inline std::string NameOfDatabase(const ::testing::TestParamInfo<const char*>& with) { return with.param; }

}  // namespace parotis::accounts
