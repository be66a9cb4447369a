// Users and sessions as rows. Private to this folder; everything is called within a transaction.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "accounts/users.h"
#include "jobs/database.h"

namespace parotis::accounts {

// Columns of account_users, as UserFrom reads them.
inline constexpr const char* kUserColumns =
    "account_users.name, account_users.full_name, account_users.role, account_users.disabled, account_users.created, "
    "account_users.last_login, account_users.epoch";
inline constexpr std::size_t kUserColumnCount = 7;

User UserFrom(const jobs::Row& row);
bool IsName(const std::string& name);  // of a user, by its form
// Nobody has a name that is none: databases differ in what they make of odd bytes.
std::optional<User> ReadUser(jobs::Database& database, const std::string& name);

// What the database keeps of a session's token.
std::string KeptOf(const std::string& token);
// All of a user, but that of this token; how many.
int DeleteSessions(jobs::Database& database, const std::string& name, const std::string& except_token);

}  // namespace parotis::accounts
