#include "accounts/login.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "accounts/address.h"
#include "accounts/rows.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"

namespace parotis::accounts {
namespace {

constexpr double kMoment_s = 1e-3;  // databases keep times to 10 µs

// Failures that are counted together, and after how many of them comes a wait.
struct Tally {
  std::string counted;
  int free = 0;
  double failures = 0, last = 0;  // as of now, before this attempt
};
enum { kPair, kAddress, kName };
using Tallies = std::array<Tally, 3>;

double WaitAfter(double failures, int free, const LoginLimits& limits) {
  const auto beyond = static_cast<int>(std::lround(failures)) - free;
  if (beyond < 0) return 0;
  return std::min(limits.longest_wait_s, std::ldexp(limits.first_wait_s, std::min(beyond, 30)));
}

// With more failures the wait grows no longer.
double MostFailures(int free, const LoginLimits& limits) {
  return free + std::ceil(std::log2(std::max(1.0, limits.longest_wait_s / limits.first_wait_s)));
}

Tallies TalliesOf(const Attempt& attempt, const LoginLimits& limits) {
  // A name that nobody has may be a password in the wrong field: 20 bits of its hash tell names apart and betray none.
  const std::string name = base::HashOf(attempt.name).substr(0, 5), caller = CallerOf(attempt.address);
  return {Tally{.counted = fmt::format("pair {} {}", name, caller), .free = limits.pair_failures},
          Tally{.counted = "address " + caller, .free = limits.address_failures},
          Tally{.counted = "name " + name, .free = limits.name_failures}};
}

// Reads what is counted by now: after its wait a count loses one with time.
void Read(jobs::Database& database, const LoginLimits& limits, double now, Tally& tally) {
  const auto rows = database.Run("SELECT failures, last FROM account_failures WHERE counted = $1", {tally.counted});
  tally.failures = tally.last = 0;
  if (rows.empty()) return;
  tally.failures = jobs::Real(rows[0][0]);
  tally.last = jobs::Real(rows[0][1]);
  if (tally.last > now) {
    // The clock was set back: the wait begins now, not when the clock has come there again.
    tally.last = now;
    database.Run("UPDATE account_failures SET last = $2 WHERE counted = $1", {tally.counted, jobs::SqlText(now)});
  }
  const double spare_s = now - tally.last - WaitAfter(tally.failures, tally.free, limits);
  tally.failures = std::max(0.0, tally.failures - std::max(0.0, spare_s) / limits.forgive_s);
}

void Write(jobs::Database& database, const std::string& counted, double failures, double last) {
  if (failures < 0.5 / 1000) {
    database.Run("DELETE FROM account_failures WHERE counted = $1", {counted});
    return;
  }
  database.Run(
      "INSERT INTO account_failures (counted, failures, last) VALUES ($1, $2, $3) ON CONFLICT (counted) DO UPDATE SET "
      "failures = $2, last = $3",
      {counted, jobs::SqlText(failures), jobs::SqlText(last)});
}

struct Admission {
  double wait_s = 0;
  double at = 0;  // when it was counted
  Tallies tallies;
  std::optional<User> user;
  std::string password;  // as it is kept
};

// Counts the attempt as a failure, unless it has to wait.
Admission Admit(jobs::Database& database, const Attempt& attempt, const LoginLimits& limits) {
  return jobs::Transact(database, [&] {
    Admission admission;
    admission.tallies = TalliesOf(attempt, limits);
    const double now = admission.at = database.Now();
    admission.user = ReadUser(database, attempt.name);
    const std::string name = admission.user ? attempt.name : "";
    const auto kept = database.Run("SELECT password FROM account_users WHERE name = $1", {name});
    if (!kept.empty()) admission.password = kept[0][0];
    const bool at_home = !database
                              .Run("SELECT 1 FROM account_addresses WHERE name = $1 AND address = $2 AND last >= $3",
                                   {name, CallerOf(attempt.address), jobs::SqlText(now - limits.forget_address_s)})
                              .empty();
    for (Tally& tally : admission.tallies) {
      Read(database, limits, now, tally);
      if (at_home && &tally == &admission.tallies[kName]) continue;
      const double wait_s = tally.last + WaitAfter(tally.failures, tally.free, limits) - now;
      if (wait_s > kMoment_s) admission.wait_s = std::max(admission.wait_s, wait_s);
    }
    if (admission.wait_s > 0) return admission;
    for (const Tally& tally : admission.tallies)
      Write(database, tally.counted, std::min(tally.failures + 1, MostFailures(tally.free, limits)), now);
    return admission;
  });
}

// It was no failure: others' that were counted meanwhile stay. Within a transaction.
void Withdraw(jobs::Database& database, const Admission& admission, const LoginLimits& limits) {
  for (const Tally& tally : admission.tallies) {
    const auto rows = database.Run("SELECT failures, last FROM account_failures WHERE counted = $1", {tally.counted});
    if (rows.empty()) continue;
    const double failures = jobs::Real(rows[0][0]) - 1, last = jobs::Real(rows[0][1]);
    // Nobody waits for what was no failure: a wait that was over stays so, one that did not hold here goes on.
    const bool is_latest = last <= admission.at + kMoment_s;
    Write(database, tally.counted, failures,
          is_latest ? std::max(tally.last, admission.at - WaitAfter(failures, tally.free, limits)) : last);
  }
}

// One hash is computed, whatever is found.
bool IsRight(const Attempt& attempt, const Admission& admission, const LoginLimits& limits, std::string& problem) {
  if (attempt.password.size() > kMostPasswordBytes) return false;  // nobody's
  if (admission.user) {
    try {
      return IsPassword(attempt.password, admission.password);
    } catch (const base::Error& error) {
      if (error.kind() != base::ErrorKind::kInput) throw;
      problem = fmt::format("{}: {}", attempt.name, error.message());
    }
  }
  HashPassword(attempt.password, limits.cost);
  return false;
}

// Absent when the user was disabled or removed, or the password changed, while the hash was computed.
std::optional<User> LetIn(jobs::Database& database, const Attempt& attempt, const Admission& admission,
                          const LoginLimits& limits) {
  const bool is_old = NeedsNewHash(admission.password, limits.cost);
  const std::string anew = is_old ? HashPassword(attempt.password, limits.cost) : admission.password;
  return jobs::Transact(database, [&]() -> std::optional<User> {
    const std::string now = jobs::SqlText(database.Now());
    const auto updated = database.Run(
        "UPDATE account_users SET last_login = $3, password = $4 WHERE name = $1 AND epoch = $2 AND disabled = 0 "
        "RETURNING name",
        {attempt.name, std::to_string(admission.user->epoch), now, anew});
    if (updated.empty()) return std::nullopt;
    database.Run(
        "INSERT INTO account_addresses (name, address, last) VALUES ($1, $2, $3) ON CONFLICT (name, address) DO UPDATE "
        "SET last = $3",
        {attempt.name, CallerOf(attempt.address), now});
    Withdraw(database, admission, limits);
    Write(database, admission.tallies[kPair].counted, 0, 0);
    return ReadUser(database, attempt.name);
  });
}

void RemoveOld(jobs::Database& database, const LoginLimits& limits) {
  const int most = std::max({limits.pair_failures, limits.address_failures, limits.name_failures});
  const double forgiven_s = limits.longest_wait_s + limits.forgive_s * MostFailures(most, limits);
  jobs::Transact(database, [&] {
    const double now = database.Now();
    database.Run("DELETE FROM account_failures WHERE last < $1", {jobs::SqlText(now - forgiven_s)});
    database.Run("DELETE FROM account_addresses WHERE last < $1", {jobs::SqlText(now - limits.forget_address_s)});
  });
}

}  // namespace

LoginAnswer Login(jobs::Database& database, const Attempt& typed, const LoginLimits& limits) {
  Attempt attempt = typed;
  attempt.name = base::AsciiLower(base::Trimmed(typed.name));
  const Admission admission = Admit(database, attempt, limits);
  LoginAnswer answer;
  if (admission.user) answer.known_name = attempt.name;
  if (admission.wait_s > 0) {
    answer.result = LoginResult::kWait;
    answer.wait_s = admission.wait_s;
    return answer;
  }
  try {
    if (IsRight(attempt, admission, limits, answer.problem) && !admission.user->disabled)
      answer.user = LetIn(database, attempt, admission, limits);
  } catch (...) {
    jobs::Transact(database, [&] { Withdraw(database, admission, limits); });
    throw;
  }
  if (answer.user) answer.result = LoginResult::kIn;
  RemoveOld(database, limits);
  return answer;
}

}  // namespace parotis::accounts
