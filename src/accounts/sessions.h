// Sessions: a random token that the browser keeps in a cookie, of which the database has only the SHA-256. Times are by
// the database's clock; one that is set back by more than a limit ends the sessions it can no longer judge.
#pragma once

#include <optional>
#include <string>

#include "accounts/users.h"
#include "jobs/database.h"

namespace parotis::accounts {

struct SessionLimits {
  // Without a request, and in all. Use is written down at most once a minute (for short limits: a tenth of idle_s), and
  // a session lasts as much longer, so that nobody loses it before the time he was told.
  double idle_s = 1800, longest_s = 12 * 3600;
  bool bind_address = true;  // a session is its address's (IPv6: its /64's); a user agent's it always is
  int most = 16;             // of a user; one more ends the oldest
};

// Who makes a request.
struct Visit {
  std::string address, agent;  // of the peer (behind a proxy: of whom it speaks for); the header User-Agent
  bool by_person = true;  // false for what a page asks by itself, again and again: it does not keep a session alive
};

struct Session {
  std::string token;  // only when it is begun: 43 characters of base64url
  std::string csrf;   // what a request that changes something must repeat (64 hexadecimal digits, HMAC-SHA-256
                      // under the token); compare with base::EqualSecrets
  User user;
  double begun = 0, last_used = 0;
};

// For the user that Login has just given; throws kUsage when he was disabled, removed or got another password since.
Session BeginSession(jobs::Database& database, const User& user, const Visit& visit, const SessionLimits& limits = {});

enum class SessionState {
  kOpen,
  kUnknown,    // no such token, it was ended before, or its user is disabled
  kIdle,       // it has just ended: no request for idle_s
  kTooLong,    // … longest_s after it began
  kMoved,      // … because it was used from another address
  kOtherAgent  // … with another user agent
};
struct SessionAnswer {
  SessionState state = SessionState::kUnknown;
  std::optional<Session> session;  // without token; also of one that has just ended, for the audit trail
};
SessionAnswer FindSession(jobs::Database& database, const std::string& token, const Visit& visit,
                          const SessionLimits& limits = {});

// The session that was ended, for the audit trail; absent when there was none.
std::optional<Session> EndSession(jobs::Database& database, const std::string& token);
// All of a user, but that of `except_token` (may be ""); how many.
int EndSessionsOf(jobs::Database& database, const std::string& name, const std::string& except_token = "");

}  // namespace parotis::accounts
