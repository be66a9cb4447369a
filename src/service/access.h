// Who asks, and what he may. People have sessions (a cookie) or, programs on their behalf, a name and a password with
// every request (HTTP Basic); archives are known by a certificate or by their address.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "accounts/login.h"
#include "accounts/sessions.h"
#include "http/allow_list.h"
#include "http/message.h"
#include "http/server.h"
#include "service/layout.h"
#include "service/node_config.h"

namespace parotis::service {

struct Caller {
  std::string address;  // behind a proxy that is trusted: whom it speaks for
  std::string agent;
  bool is_direct = true;   // nobody spoke for him
  bool is_secure = false;  // all the way
  std::string token;       // of the session that he claims
  std::optional<accounts::Session> session;
  accounts::SessionState state = accounts::SessionState::kUnknown;  // why there is none
};

class Access {
 public:
  Access(const NodeConfig& config, const Layout& layout);

  // Nothing when the request cannot be trusted to come from whom it says: somebody spoke for its sender who is no proxy
  // of ours.
  std::optional<Caller> CallerOf(const http::Request& request) const;
  // The same with his session, which this keeps alive when the request is a person's; one that has just ended is
  // written into the audit trail.
  void FindSession(Caller& caller, jobs::Database& database, bool by_person) const;

  // A request that changes something must come from our own page: it repeats the session's secret, and browsers that
  // say where a request came from say so.
  bool IsFromOurPage(const http::Request& request, const Caller& caller) const;

  // What DICOMweb answers to those who may not; nothing for those who may. `who` is for the audit trail.
  std::optional<http::Response> RefuseDicomWeb(const http::Request& request, jobs::Database& database,
                                               std::string& who);

  // Before a body is read, without the database: how much of it is wanted.
  http::Admission Admit(const http::Request& request) const;

  // Of the cookie that holds a session's token; the cookie's text for a browser ("" for the token: takes it away).
  std::string SessionCookie(const Caller& caller, const std::string& token) const;

  // Whether the trail is to hear that somebody at this address was turned away: the first of a minute, with how many it
  // did not hear of since the last. A loop of requests must not fill the disk.
  std::optional<std::int64_t> NoteRefusal(const std::string& address);

  const accounts::SessionLimits& limits() const { return config_.web.sessions; }
  const accounts::LoginLimits& login_limits() const { return login_limits_; }

 private:
  bool IsArchive(const http::Request& request, const Caller& caller) const;
  std::optional<std::string> NameByPassword(const std::string& credentials, const Caller& caller,
                                            jobs::Database& database, double& wait_s);

  const NodeConfig& config_;
  const Layout& layout_;
  const http::AllowList proxies_, archives_;
  const accounts::LoginLimits login_limits_;
  // Passwords that were right a moment ago, by a hash under a key of this process: each costs a third of a second.
  using Clock = std::chrono::steady_clock;
  const std::string key_;
  std::mutex mutex_;
  struct Known {
    std::string name;
    std::int64_t epoch = 0;
    Clock::time_point until;
  };
  std::map<std::string, Known> known_;
  struct Refusals {
    Clock::time_point until;
    std::int64_t unsaid = 0;
  };
  std::map<std::string, Refusals> refusals_;  // by address
};

}  // namespace parotis::service
