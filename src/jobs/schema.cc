#include "jobs/schema.h"

#include <fmt/format.h>

#include <string>

#include "base/error.h"

namespace parotis::jobs {
namespace {

constexpr std::int64_t kVersion = 4;

// Times are seconds since 1970 (UTC). "claim" counts how often a row was given to somebody: who comes back with an old
// number has lost it. %ID% is the database's own word for a counting key.
constexpr const char* kClaim =
    "claim BIGINT NOT NULL DEFAULT 0, owner TEXT NOT NULL DEFAULT '', lease DOUBLE PRECISION NOT NULL DEFAULT 0, "
    "attempts INTEGER NOT NULL DEFAULT 0, not_before DOUBLE PRECISION NOT NULL DEFAULT 0";

constexpr const char* kTables[] = {
    R"(CREATE TABLE IF NOT EXISTS studies (
      id %ID%,
      study_uid TEXT NOT NULL UNIQUE,
      folder TEXT NOT NULL,
      sender TEXT NOT NULL DEFAULT '',
      first_arrival DOUBLE PRECISION NOT NULL,
      last_arrival DOUBLE PRECISION NOT NULL,
      complete INTEGER NOT NULL DEFAULT 0,
      removed INTEGER NOT NULL DEFAULT 0))",
    R"(CREATE TABLE IF NOT EXISTS instances (
      study BIGINT NOT NULL,
      sop_instance_uid TEXT NOT NULL,
      sop_class_uid TEXT NOT NULL,
      series_uid TEXT NOT NULL,
      transfer_syntax_uid TEXT NOT NULL,
      file TEXT NOT NULL,
      bytes BIGINT NOT NULL,
      result INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (study, sop_instance_uid)))",
    "CREATE INDEX IF NOT EXISTS instances_by_uid ON instances (sop_instance_uid)",
    "CREATE TABLE IF NOT EXISTS leftovers (file TEXT PRIMARY KEY)",
    R"(CREATE TABLE IF NOT EXISTS jobs (
      id %ID%,
      study BIGINT NOT NULL,
      shadow TEXT NOT NULL DEFAULT '',
      model TEXT NOT NULL DEFAULT '',
      state TEXT NOT NULL,
      %CLAIM%,
      reason TEXT NOT NULL DEFAULT '',
      verdict TEXT NOT NULL DEFAULT '',
      results TEXT NOT NULL DEFAULT '',
      ready DOUBLE PRECISION NOT NULL DEFAULT 0,
      started DOUBLE PRECISION NOT NULL DEFAULT 0,
      analysed DOUBLE PRECISION NOT NULL DEFAULT 0,
      ended DOUBLE PRECISION NOT NULL DEFAULT 0,
      UNIQUE (study, shadow)))",
    "CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, not_before)",
    R"(CREATE TABLE IF NOT EXISTS deliveries (
      id %ID%,
      job BIGINT NOT NULL,
      peer TEXT NOT NULL,
      state TEXT NOT NULL DEFAULT 'waiting',
      %CLAIM%,
      reason TEXT NOT NULL DEFAULT '',
      UNIQUE (job, peer)))",
    R"(CREATE TABLE IF NOT EXISTS demands (
      delivery BIGINT PRIMARY KEY,
      claim BIGINT NOT NULL,
      transaction_uid TEXT NOT NULL UNIQUE,
      asked TEXT NOT NULL))",
    R"(CREATE TABLE IF NOT EXISTS commitments (
      id %ID%,
      transaction_uid TEXT NOT NULL UNIQUE,
      peer_ae TEXT NOT NULL,
      asked TEXT NOT NULL,
      state TEXT NOT NULL DEFAULT 'waiting',
      %CLAIM%,
      reason TEXT NOT NULL DEFAULT ''))",
    R"(CREATE TABLE IF NOT EXISTS pulls (
      study_uid TEXT PRIMARY KEY,
      source TEXT NOT NULL,
      state TEXT NOT NULL DEFAULT 'waiting',
      %CLAIM%,
      seen TEXT NOT NULL DEFAULT '',
      reason TEXT NOT NULL DEFAULT ''))",
    R"(CREATE TABLE IF NOT EXISTS reviews (
      id %ID%,
      study BIGINT NOT NULL,
      analysis TEXT NOT NULL,
      based_on BIGINT NOT NULL,
      decision TEXT NOT NULL,
      reader TEXT NOT NULL,
      reader_name TEXT NOT NULL,
      words TEXT NOT NULL,
      asked TEXT NOT NULL,
      at DOUBLE PRECISION NOT NULL))",
    "CREATE INDEX IF NOT EXISTS reviews_by_study ON reviews (study, analysis)",
    R"(CREATE TABLE IF NOT EXISTS review_objects (
      job BIGINT NOT NULL,
      sop_instance_uid TEXT NOT NULL,
      sop_class_uid TEXT NOT NULL,
      series_uid TEXT NOT NULL,
      file TEXT NOT NULL,
      bytes BIGINT NOT NULL,
      PRIMARY KEY (job, sop_instance_uid)))",
    // Of a job's results what is no object: volumes for the page, documents.
    "CREATE TABLE IF NOT EXISTS besides (job BIGINT PRIMARY KEY, bytes BIGINT NOT NULL)",
    R"(CREATE TABLE IF NOT EXISTS activations (
      id %ID%,
      model TEXT NOT NULL,
      since DOUBLE PRECISION NOT NULL,
      by_whom TEXT NOT NULL))",
    R"(CREATE TABLE IF NOT EXISTS schema_version (
      one INTEGER PRIMARY KEY,
      version BIGINT NOT NULL))"};

std::string With(std::string text, const std::string& token, const std::string& meaning) {
  const std::size_t at = text.find(token);
  return at == std::string::npos ? text : text.replace(at, token.size(), meaning);
}

}  // namespace

void MakeTables(Database& database) {
  Transact(database, [&] {
    database.SerialiseSchema();
    for (const char* table : kTables)
      database.Run(With(With(table, "%ID%", database.IdentityColumn()), "%CLAIM%", kClaim), {});
    // Later versions only add tables, so that an earlier one's are those of this one as soon as they are made.
    database.Run(
        "INSERT INTO schema_version (one, version) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET version = $1 "
        "WHERE schema_version.version < $1",
        {std::to_string(kVersion)});
    const std::int64_t found = Integer(database.Run("SELECT version FROM schema_version", {}).at(0).at(0));
    if (found > kVersion) {
      base::Throw(
          base::ErrorKind::kInput,
          fmt::format("the jobs are kept in version {} of their tables and this program knows version {}: use the "
                      "program that wrote them, or a later one",
                      found, kVersion));
    }
  });
}

}  // namespace parotis::jobs
