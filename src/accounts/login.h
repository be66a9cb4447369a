// Name and password → user, slowly for who guesses. Failures are counted in the database, for all nodes and over
// restarts: for a name from an address, for an address, and for a name. An IPv6 address counts as its /64, which is
// what one caller has. A name that nobody has is counted, waits and costs as any other.
#pragma once

#include <optional>
#include <string>

#include "accounts/password.h"
#include "accounts/users.h"
#include "jobs/database.h"

namespace parotis::accounts {

struct LoginLimits {
  // After so many failures comes a wait, which doubles with each further one.
  int pair_failures = 5;      // of one name from one address
  int address_failures = 50;  // of one address, whatever the names
  int name_failures = 50;     // of one name, wherever from; does not hold for addresses this user has logged in from
  double first_wait_s = 5, longest_wait_s = 900;
  double forgive_s = 900;                 // once nobody has to wait, a count loses one failure in so long
  double forget_address_s = 180 * 86400;  // an address that this user has not logged in from for so long
  HashCost cost = {};  // NOLINT(readability-redundant-member-init): GCC wants it where some are left out
};

struct Attempt {
  std::string name, password;
  std::string address;  // of the peer; behind a proxy: of whom it speaks for, or all share one count
};

enum class LoginResult {
  kIn,
  kWrong,  // name or password, or the user is disabled: the caller cannot tell
  kWait    // too many failures; nothing was tried, and nothing is counted
};
struct LoginAnswer {
  LoginResult result = LoginResult::kWrong;
  std::optional<User> user;  // of kIn
  double wait_s = 0;         // of kWait: until the next attempt is looked at
  // For the audit trail, whatever the result: the name, if a user has it. "" otherwise: never write down what was
  // typed, it may be a password.
  std::string known_name;
  std::string problem;  // for the log: what is kept of the user's password cannot be read; "" mostly
};

// Takes about a third of a second; within, the database is free. Also the way to ask for the old password when a user
// changes it. An attempt counts as a failure until it has succeeded, so that many at once get no further than one after
// the other.
LoginAnswer Login(jobs::Database& database, const Attempt& attempt, const LoginLimits& limits = {});

}  // namespace parotis::accounts
