#include "accounts/users.h"

#include <fmt/format.h>

#include <algorithm>

#include "accounts/rows.h"
#include "base/error.h"
#include "base/utf8.h"

namespace parotis::accounts {
namespace {

constexpr std::size_t kLongestFullName = 100;

[[noreturn]] void Refuse(const std::string& why) { base::Throw(base::ErrorKind::kUsage, why); }

void CheckName(const std::string& name) {
  if (!IsName(name)) Refuse("a user's name must be 1 to 40 of the letters a to z, digits, and . _ -");
}

void CheckFullName(const std::string& full_name) {
  const auto length = base::PlainLength(full_name);
  if (!length || *length > kLongestFullName)
    Refuse(fmt::format("a full name must be at most {} letters, digits, signs and spaces", kLongestFullName));
}

void CheckPassword(const std::string& password, const std::string& name) {
  const std::string problem = ProblemOfPassword(password, name);
  if (!problem.empty()) Refuse(problem);
}

User ReadUserOrRefuse(jobs::Database& database, const std::string& name) {
  auto user = ReadUser(database, name);
  if (!user) Refuse(fmt::format("there is no user \"{}\"", name));
  return *user;
}

// Of a user who is about to be no admin who can log in.
void DemandAnotherAdmin(jobs::Database& database, const User& user, const char* what) {
  if (user.disabled || user.role != Role::kAdmin) return;
  const auto others = database.Run("SELECT name FROM account_users WHERE role = $1 AND disabled = 0 AND name <> $2",
                                   {NameOf(Role::kAdmin), user.name});
  if (others.empty())
    Refuse(fmt::format("{} is the last admin who can log in and cannot be {}: make somebody else admin first",
                       user.name, what));
}

}  // namespace

std::string NameOf(Role role) { return role == Role::kAdmin ? "admin" : "reader"; }

Role RoleNamed(const std::string& name) {
  if (name == "admin") return Role::kAdmin;
  if (name != "reader") Refuse(fmt::format("\"{}\" is no role: there are reader and admin", name));
  return Role::kReader;
}

User AddUser(jobs::Database& database, const NewUser& user, const HashCost& cost) {
  CheckName(user.name);
  CheckFullName(user.full_name);
  CheckPassword(user.password, user.name);
  const std::string password = HashPassword(user.password, cost);
  return jobs::Transact(database, [&] {
    const double now = database.Now();
    // An epoch of somebody who had the name before never comes again.
    const auto epoch = static_cast<std::int64_t>(now * 1000);
    const auto added = database.Run(
        "INSERT INTO account_users (name, full_name, role, password, created, epoch) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (name) DO NOTHING RETURNING name",
        {user.name, user.full_name, NameOf(user.role), password, jobs::SqlText(now), std::to_string(epoch)});
    if (added.empty()) Refuse(fmt::format("there is a user \"{}\" already", user.name));
    return *ReadUser(database, user.name);
  });
}

User ChangeUser(jobs::Database& database, const std::string& name, const UserChange& change, const HashCost& cost) {
  if (change.full_name) CheckFullName(*change.full_name);
  if (change.password) CheckPassword(*change.password, name);
  // No hash is computed for nobody.
  jobs::Transact(database, [&] { ReadUserOrRefuse(database, name); });
  const std::string password = change.password ? HashPassword(*change.password, cost) : "";
  return jobs::Transact(database, [&] {
    const User before = ReadUserOrRefuse(database, name);
    const Role role = change.role.value_or(before.role);
    const bool disabled = change.disabled.value_or(before.disabled);
    if (role != Role::kAdmin) DemandAnotherAdmin(database, before, "made a reader");
    if (disabled) DemandAnotherAdmin(database, before, "disabled");
    database.Run("UPDATE account_users SET full_name = $2, role = $3, disabled = $4 WHERE name = $1",
                 {name, change.full_name.value_or(before.full_name), NameOf(role), disabled ? "1" : "0"});
    if (change.password) database.Run("UPDATE account_users SET password = $2 WHERE name = $1", {name, password});
    if (change.password || (disabled && !before.disabled)) {
      database.Run("UPDATE account_users SET epoch = epoch + 1 WHERE name = $1", {name});
      DeleteSessions(database, name, change.keep_token);
    }
    return *ReadUser(database, name);
  });
}

void RemoveUser(jobs::Database& database, const std::string& name) {
  jobs::Transact(database, [&] {
    DemandAnotherAdmin(database, ReadUserOrRefuse(database, name), "removed");
    for (const char* table : {"account_users", "account_sessions", "account_addresses"})
      database.Run(fmt::format("DELETE FROM {} WHERE name = $1", table), {name});
  });
}

std::optional<User> FindUser(jobs::Database& database, const std::string& name) {
  return jobs::Transact(database, [&] { return ReadUser(database, name); });
}

std::vector<User> ListUsers(jobs::Database& database) {
  return jobs::Transact(database, [&] {
    std::vector<User> users;
    for (const jobs::Row& row : database.Run(fmt::format("SELECT {} FROM account_users", kUserColumns), {}))
      users.push_back(UserFrom(row));
    // Not by SQL: servers' collations differ.
    std::sort(users.begin(), users.end(), [](const User& a, const User& b) { return a.name < b.name; });
    return users;
  });
}

bool AnyUser(jobs::Database& database) {
  return jobs::Transact(database, [&] { return !database.Run("SELECT 1 FROM account_users LIMIT 1", {}).empty(); });
}

}  // namespace parotis::accounts
