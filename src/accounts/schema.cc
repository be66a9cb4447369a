#include "accounts/schema.h"

#include <fmt/format.h>

#include "base/error.h"

namespace parotis::accounts {
namespace {

constexpr std::int64_t kVersion = 1;

// Times are seconds since 1970 (UTC). No password and no token is in any of them: what is kept are hashes.
constexpr const char* kTables[] = {
    R"(CREATE TABLE IF NOT EXISTS account_users (
      name TEXT PRIMARY KEY,
      full_name TEXT NOT NULL,
      role TEXT NOT NULL,
      disabled INTEGER NOT NULL DEFAULT 0,
      password TEXT NOT NULL,
      created DOUBLE PRECISION NOT NULL,
      last_login DOUBLE PRECISION NOT NULL DEFAULT 0,
      epoch BIGINT NOT NULL))",
    R"(CREATE TABLE IF NOT EXISTS account_sessions (
      token TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      address TEXT NOT NULL,
      agent TEXT NOT NULL,
      begun DOUBLE PRECISION NOT NULL,
      last_used DOUBLE PRECISION NOT NULL))",
    "CREATE INDEX IF NOT EXISTS account_sessions_by_name ON account_sessions (name, begun)",
    R"(CREATE TABLE IF NOT EXISTS account_failures (
      counted TEXT PRIMARY KEY,
      failures DOUBLE PRECISION NOT NULL,
      last DOUBLE PRECISION NOT NULL))",
    "CREATE INDEX IF NOT EXISTS account_failures_by_time ON account_failures (last)",
    R"(CREATE TABLE IF NOT EXISTS account_addresses (
      name TEXT NOT NULL,
      address TEXT NOT NULL,
      last DOUBLE PRECISION NOT NULL,
      PRIMARY KEY (name, address)))",
    R"(CREATE TABLE IF NOT EXISTS account_schema (
      one INTEGER PRIMARY KEY,
      version BIGINT NOT NULL))"};

}  // namespace

void MakeTables(jobs::Database& database) {
  jobs::Transact(database, [&] {
    database.SerialiseSchema();
    for (const char* table : kTables) database.Run(table, {});
    database.Run("INSERT INTO account_schema (one, version) VALUES (1, $1) ON CONFLICT (one) DO NOTHING",
                 {std::to_string(kVersion)});
    const std::int64_t found = jobs::Integer(database.Run("SELECT version FROM account_schema", {}).at(0).at(0));
    if (found > kVersion) {
      base::Throw(
          base::ErrorKind::kInput,
          fmt::format("the accounts are kept in version {} of their tables and this program knows version {}: use the "
                      "program that wrote them, or a later one",
                      found, kVersion));
    }
  });
}

}  // namespace parotis::accounts
