#include "jobs/claims.h"

#include <fmt/format.h>

namespace parotis::jobs {

std::optional<RowClaim> ClaimRow(Database& database, const WorkTable& table, const std::string& owner, double lease_s) {
  const double now = database.Now();
  const std::vector<Row> rows = database.Run(
      fmt::format(
          "UPDATE {0} SET state = 'running', claim = claim + 1, owner = $1, lease = $2, attempts = attempts + 1 "
          "WHERE {1} = (SELECT {1} FROM {0} WHERE state = '{2}' AND not_before <= $3 ORDER BY {3} LIMIT 1{4}) "
          "RETURNING {1}, claim, attempts",
          table.name, table.key, table.waiting, table.order, database.SkipLocked()),
      {owner, SqlText(now + lease_s), SqlText(now)});
  if (rows.empty()) return std::nullopt;
  return RowClaim{rows[0][0], rows[0][1], static_cast<int>(Integer(rows[0][2]))};
}

bool EndRow(Database& database, const WorkTable& table, const std::string& key, const std::string& number,
            const std::string& state, const std::string& reason) {
  return !database
              .Run(fmt::format("UPDATE {} SET state = $3, reason = $4, owner = '', lease = 0 WHERE {} = $1 AND "
                               "claim = $2 AND state IN ('running', 'awaiting') RETURNING claim",
                               table.name, table.key),
                   {key, number, state, reason})
              .empty();
}

std::string RetryRow(Database& database, const WorkTable& table, const std::string& key, const std::string& number,
                     const std::string& reason, const RetryRule& rule) {
  const std::vector<Row> rows = database.Run(
      fmt::format("SELECT attempts FROM {} WHERE {} = $1 AND claim = $2 AND state IN ('running', 'awaiting')",
                  table.name, table.key),
      {key, number});
  if (rows.empty()) return "";
  const int made = static_cast<int>(Integer(rows[0][0]));
  const std::string state = made >= rule.attempts ? "failed" : table.waiting;
  database.Run(fmt::format("UPDATE {} SET not_before = $2 WHERE {} = $1", table.name, table.key),
               {key, SqlText(database.Now() + rule.DelayInSeconds(made))});
  return EndRow(database, table, key, number, state, reason) ? state : "";
}

}  // namespace parotis::jobs
