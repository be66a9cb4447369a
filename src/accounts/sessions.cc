#include "accounts/sessions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "accounts/address.h"
#include "accounts/rows.h"
#include "base/base64.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/hmac.h"
#include "base/secret.h"

namespace parotis::accounts {
namespace {

constexpr std::size_t kTokenBytes = 32;

double WriteEvery(const SessionLimits& limits) { return std::min(60.0, limits.idle_s / 10); }
double LongestIdle(const SessionLimits& limits) { return limits.idle_s + WriteEvery(limits); }

struct KeptSession {
  Session session;
  std::string address, agent;
};

std::optional<KeptSession> Read(jobs::Database& database, const std::string& token) {
  const auto rows = database.Run(
      fmt::format("SELECT {}, account_sessions.begun, account_sessions.last_used, account_sessions.address, "
                  "account_sessions.agent FROM account_sessions JOIN account_users ON account_users.name = "
                  "account_sessions.name WHERE account_sessions.token = $1 AND account_users.disabled = 0",
                  kUserColumns),
      {KeptOf(token)});
  if (rows.empty()) return std::nullopt;
  const jobs::Row& row = rows[0];
  KeptSession kept;
  kept.session.csrf = base::HmacSha256(token, "csrf");
  kept.session.user = UserFrom(row);
  kept.session.begun = jobs::Real(row[kUserColumnCount]);
  kept.session.last_used = jobs::Real(row[kUserColumnCount + 1]);
  kept.address = row[kUserColumnCount + 2];
  kept.agent = row[kUserColumnCount + 3];
  return kept;
}

// Differences are taken without their sign: a clock that was set back says nothing of how long it has been.
SessionState Judge(const KeptSession& kept, const Visit& visit, const SessionLimits& limits, double now) {
  if (std::abs(now - kept.session.last_used) > LongestIdle(limits)) return SessionState::kIdle;
  if (std::abs(now - kept.session.begun) > limits.longest_s) return SessionState::kTooLong;
  if (limits.bind_address && kept.address != CallerOf(visit.address)) return SessionState::kMoved;
  if (kept.agent != base::HashOf(visit.agent)) return SessionState::kOtherAgent;
  return SessionState::kOpen;
}

void Delete(jobs::Database& database, const std::string& token) {
  database.Run("DELETE FROM account_sessions WHERE token = $1", {KeptOf(token)});
}

// Those that have ended by themselves, and of this user all but the latest ones.
void MakeRoom(jobs::Database& database, const std::string& name, const SessionLimits& limits, double now) {
  database.Run("DELETE FROM account_sessions WHERE last_used < $1 OR begun < $2",
               {jobs::SqlText(now - LongestIdle(limits)), jobs::SqlText(now - limits.longest_s)});
  database.Run(
      "DELETE FROM account_sessions WHERE name = $1 AND token NOT IN (SELECT token FROM account_sessions WHERE name = "
      "$1 ORDER BY begun DESC, token LIMIT $2)",
      {name, std::to_string(std::max(limits.most, 1) - 1)});
}

}  // namespace

Session BeginSession(jobs::Database& database, const User& user, const Visit& visit, const SessionLimits& limits) {
  const std::string token = base::Base64Url(base::RandomBytes(kTokenBytes));
  return jobs::Transact(database, [&] {
    const auto current = ReadUser(database, user.name);
    if (!current || current->disabled || current->epoch != user.epoch)
      base::Throw(base::ErrorKind::kUsage,
                  fmt::format("the account of {} was changed just now: log in again", user.name));
    const double now = database.Now();
    MakeRoom(database, user.name, limits, now);
    database.Run(
        "INSERT INTO account_sessions (token, name, address, agent, begun, last_used) VALUES ($1, $2, $3, $4, $5, $5)",
        {KeptOf(token), user.name, CallerOf(visit.address), base::HashOf(visit.agent), jobs::SqlText(now)});
    return Session{
        .token = token, .csrf = base::HmacSha256(token, "csrf"), .user = *current, .begun = now, .last_used = now};
  });
}

SessionAnswer FindSession(jobs::Database& database, const std::string& token, const Visit& visit,
                          const SessionLimits& limits) {
  return jobs::Transact(database, [&]() -> SessionAnswer {
    auto kept = Read(database, token);
    if (!kept) return {};
    const double now = database.Now();
    const SessionState state = Judge(*kept, visit, limits, now);
    if (state != SessionState::kOpen) {
      Delete(database, token);
    } else if (visit.by_person && std::abs(now - kept->session.last_used) >= WriteEvery(limits)) {
      database.Run("UPDATE account_sessions SET last_used = $2 WHERE token = $1", {KeptOf(token), jobs::SqlText(now)});
      kept->session.last_used = now;
    }
    return {.state = state, .session = kept->session};
  });
}

std::optional<Session> EndSession(jobs::Database& database, const std::string& token) {
  return jobs::Transact(database, [&]() -> std::optional<Session> {
    const auto kept = Read(database, token);
    Delete(database, token);
    return kept ? std::optional(kept->session) : std::nullopt;
  });
}

int EndSessionsOf(jobs::Database& database, const std::string& name, const std::string& except_token) {
  return jobs::Transact(database, [&] { return DeleteSessions(database, name, except_token); });
}

}  // namespace parotis::accounts
