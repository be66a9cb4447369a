// Who may read what a node has found, and who may say so. Changes that contradict the rules throw kUsage with one
// sentence for people; the rules hold for several processes at once, too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "accounts/password.h"
#include "accounts/schema.h"
#include "jobs/database.h"

namespace parotis::accounts {

enum class Role { kReader, kAdmin };
std::string NameOf(Role role);            // "reader", "admin"
Role RoleNamed(const std::string& name);  // throws kUsage

struct User {
  std::string name;       // 1 to 40 of a-z 0-9 . _ -
  std::string full_name;  // UTF-8 without control characters, at most 100 characters; may be ""
  Role role = Role::kReader;
  bool disabled = false;
  double created = 0, last_login = 0;  // seconds since 1970 (UTC); 0: never
  std::int64_t epoch = 0;              // another one after whatever ends this user's sessions
};

struct NewUser {
  std::string name, full_name;
  Role role = Role::kReader;
  std::string password;
};
// Refused: a name that is taken or illegal, a password with a problem (ProblemOfPassword).
User AddUser(jobs::Database& database, const NewUser& user, const HashCost& cost = {});

// What is absent stays. A new password, and being disabled, end the user's sessions, but the one of `keep_token`.
struct UserChange {  // NOLINTBEGIN(readability-redundant-member-init): GCC wants them where some are left out
  std::optional<std::string> full_name = {};
  std::optional<Role> role = {};
  std::optional<bool> disabled = {};
  std::optional<std::string> password = {};
  std::string keep_token = {};  // who changes his own password stays logged in
};  // NOLINTEND(readability-redundant-member-init)
// Refused: an unknown name, a password with a problem, and to disable or demote the last admin who is not disabled.
User ChangeUser(jobs::Database& database, const std::string& name, const UserChange& change, const HashCost& cost = {});

// With all sessions. Refused: an unknown name, the last admin who is not disabled.
void RemoveUser(jobs::Database& database, const std::string& name);

std::optional<User> FindUser(jobs::Database& database, const std::string& name);
std::vector<User> ListUsers(jobs::Database& database);  // by name
bool AnyUser(jobs::Database& database);

}  // namespace parotis::accounts
