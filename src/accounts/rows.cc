#include "accounts/rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"

namespace parotis::accounts {

User UserFrom(const jobs::Row& row) {
  return {.name = row[0],
          .full_name = row[1],
          .role = RoleNamed(row[2]),
          .disabled = row[3] != "0",
          .created = jobs::Real(row[4]),
          .last_login = jobs::Real(row[5]),
          .epoch = jobs::Integer(row[6])};
}

bool IsName(const std::string& name) {
  constexpr std::size_t kLongest = 40;
  return !name.empty() && name.size() <= kLongest && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

std::optional<User> ReadUser(jobs::Database& database, const std::string& name) {
  if (!IsName(name)) return std::nullopt;
  const auto rows = database.Run(fmt::format("SELECT {} FROM account_users WHERE name = $1", kUserColumns), {name});
  return rows.empty() ? std::nullopt : std::optional(UserFrom(rows[0]));
}

std::string KeptOf(const std::string& token) { return base::HashOf(token); }

int DeleteSessions(jobs::Database& database, const std::string& name, const std::string& except_token) {
  const auto ended = database.Run("DELETE FROM account_sessions WHERE name = $1 AND token <> $2 RETURNING name",
                                  {name, KeptOf(except_token)});
  return static_cast<int>(ended.size());
}

}  // namespace parotis::accounts
