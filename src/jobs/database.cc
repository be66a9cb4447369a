#include "jobs/database.h"

#include <fmt/format.h>

#include <charconv>

namespace parotis::jobs {
namespace {

template <class Number>
Number Parsed(const std::string& value) {
  Number number{};
  std::from_chars(value.data(), value.data() + value.size(), number);
  return number;
}

}  // namespace

std::int64_t Integer(const std::string& value) { return Parsed<std::int64_t>(value); }
double Real(const std::string& value) { return Parsed<double>(value); }
std::string SqlText(double value) { return fmt::format("{:.6f}", value); }

std::unique_ptr<Database> OpenDatabase(const std::string& where) {
  const bool postgres = where.starts_with("postgresql://") || where.starts_with("postgres://");
  return postgres ? OpenPostgres(where) : OpenSqlite(where);
}

}  // namespace parotis::jobs
