// The one small interface behind which jobs are kept: statements with values, in transactions. Both databases
// understand the statements of this folder as they are written; what differs between them is in the functions below.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "base/error.h"

namespace parotis::jobs {

// As text; null is "" (no column of ours tells the two apart).
using Row = std::vector<std::string>;
std::int64_t Integer(const std::string& value);  // of a column; 0 for ""
double Real(const std::string& value);
std::string SqlText(double value);  // to six decimals; read again a time is right to 10 µs

// For one thread. Errors are kIo with the database's own words; a connection that broke is made anew by the next Begin.
class Database {
 public:
  virtual ~Database() = default;

  // Writers wait for each other: what a transaction read stays true until it ends.
  virtual void Begin() = 0;
  virtual void Commit() = 0;
  virtual void RollBack() noexcept = 0;
  // One statement within a transaction; $1, $2 … are the values.
  virtual std::vector<Row> Run(const std::string& statement, const std::vector<std::string>& values) = 0;

  virtual double Now() = 0;                        // seconds since 1970 (UTC) by the clock that all users share
  virtual void SerialiseSchema() = 0;              // nobody else makes tables while this transaction lasts
  virtual std::string IdentityColumn() const = 0;  // how a table's counting key is declared
  virtual std::string SkipLocked()
      const = 0;  // behind a SELECT: rows that another transaction works on are passed over
};

// "postgresql://…" (libpq's URI), or the path of an SQLite file. Throws kIo.
std::unique_ptr<Database> OpenDatabase(const std::string& where);
std::unique_ptr<Database> OpenSqlite(const std::string& file);
std::unique_ptr<Database> OpenPostgres(const std::string& uri);

// Two transactions waited for each other and this one was given up; made again it succeeds. Never leaves this folder.
struct Contention {};

// Runs `body` within a transaction, again when it met with contention. What `body` throws rolls it back.
template <class Body>
auto Transact(Database& database, Body&& body) -> decltype(body()) {
  constexpr int kMostAttempts = 40;
  for (int attempt = 1;; ++attempt) {
    try {
      database.Begin();
      if constexpr (std::is_void_v<decltype(body())>) {
        body();
        database.Commit();
        return;
      } else {
        auto result = body();
        database.Commit();
        return result;
      }
    } catch (const Contention&) {
      database.RollBack();
      if (attempt == kMostAttempts)
        base::Throw(base::ErrorKind::kIo, "the database of the jobs is too busy; try again later");
      // Not in step with whoever it met.
      thread_local std::minstd_rand steps{std::random_device{}()};
      std::this_thread::sleep_for(std::chrono::milliseconds(steps() % (10U * static_cast<unsigned>(attempt))));
    } catch (...) {
      database.RollBack();
      throw;
    }
  }
}

}  // namespace parotis::jobs
