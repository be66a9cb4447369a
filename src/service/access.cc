#include "service/access.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/base64.h"
#include "base/error.h"
#include "base/hmac.h"
#include "base/network_address.h"
#include "base/secret.h"
#include "base/text.h"
#include "service/node_log.h"

namespace parotis::service {
namespace {

using accounts::SessionState;

constexpr const char* kCookie = "parotis-session";
constexpr const char* kSecureCookie = "__Host-parotis-session";  // RFC 6265bis 4.1.3.2
constexpr std::uint64_t kSmallBody = 64 * 1024;
constexpr std::uint64_t kReviewBody = std::uint64_t{32} << 20;
constexpr auto kPasswordIsKnownFor = std::chrono::minutes(5);
constexpr std::size_t kMostKnown = 1000;
constexpr auto kBetweenRefusals = std::chrono::minutes(1);

// Those who say that they speak for somebody else.
constexpr const char* kForwarding[] = {"forwarded", "x-forwarded-for", "x-forwarded-proto", "x-real-ip"};

// "localhost", an address, each with or without a port: what a page of somebody else's name cannot have sent.
bool NamesAnAddress(std::string host) {
  if (host.starts_with('[')) {
    host = host.substr(1, host.find(']') - 1);
  } else if (std::count(host.begin(), host.end(), ':') == 1) {
    host = host.substr(0, host.find(':'));
  }
  return host == "localhost" || base::ParseNetworkAddress(host).has_value();
}

http::Response Unauthorised(const std::string& why) {
  http::Response response = http::Text(401, why + "\n");
  response.headers["www-authenticate"] = "Basic realm=\"parotis\", charset=\"UTF-8\"";
  return response;
}

const char* WordFor(SessionState state) {
  switch (state) {
    case SessionState::kOpen: return "open";
    case SessionState::kUnknown: return "unknown";
    case SessionState::kIdle: return "idle";
    case SessionState::kTooLong: return "too long";
    case SessionState::kMoved: return "used from another address";
    case SessionState::kOtherAgent: return "used by another browser";
  }
  return "";
}

// Of the caller: a proxy's own speaks for nobody behind it.
bool HasCertificate(const http::Request& request, const Caller& caller) {
  return caller.is_direct && !request.client.empty();
}

}  // namespace

Access::Access(const NodeConfig& config, const Layout& layout)
    : config_(config),
      layout_(layout),
      proxies_(config.web.proxies),
      archives_(config.web.archives),
      key_(base::RandomBytes(32)) {}

std::optional<Caller> Access::CallerOf(const http::Request& request) const {
  Caller caller;
  caller.address = request.address;
  caller.agent = request.Header("user-agent");
  caller.is_secure = config_.web.tls.has_value();
  const bool trusted = !config_.web.proxies.empty() && proxies_.Allows(request.address);
  const bool is_forwarded = std::any_of(std::begin(kForwarding), std::end(kForwarding),
                                        [&](const char* name) { return request.headers.contains(name); });
  if (is_forwarded && !trusted) return std::nullopt;
  caller.is_direct = !trusted;
  if (trusted) {
    // The last one that is no proxy of ours: what stands before it, anybody may have written.
    const std::string forwarded = request.Header("x-forwarded-for");
    const std::vector<std::string_view> chain = base::PartsOf(forwarded, ',');
    const auto last = std::find_if(chain.rbegin(), chain.rend(), [&](std::string_view each) {
      return !base::Trimmed(each).empty() && !proxies_.Allows(std::string(base::Trimmed(each)));
    });
    if (last != chain.rend()) caller.address = std::string(base::Trimmed(*last));
    if (!base::ParseNetworkAddress(caller.address)) return std::nullopt;
    caller.is_secure = caller.is_secure || request.Header("x-forwarded-proto") == "https";
  }
  caller.token = request.Cookie(caller.is_secure ? kSecureCookie : kCookie);
  return caller;
}

void Access::FindSession(Caller& caller, jobs::Database& database, bool by_person) const {
  if (caller.token.empty()) return;
  accounts::SessionAnswer answer =
      accounts::FindSession(database, caller.token, {caller.address, caller.agent, by_person}, limits());
  caller.state = answer.state;
  if (answer.state == SessionState::kOpen) {
    caller.session = std::move(answer.session);
  } else if (answer.session) {
    Audit(layout_.audit, "session_ended",
          {{"user", answer.session->user.name}, {"address", caller.address}, {"detail", WordFor(answer.state)}});
  }
}

bool Access::IsFromOurPage(const http::Request& request, const Caller& caller) const {
  const std::string site = request.Header("sec-fetch-site");
  if (!site.empty() && site != "same-origin") return false;
  const std::string origin = request.Header("origin");
  if (!origin.empty() && !origin.ends_with("//" + request.Header("host"))) return false;
  return caller.session && base::EqualSecrets(request.Header("x-csrf-token"), caller.session->csrf);
}

bool Access::IsArchive(const http::Request& request, const Caller& caller) const {
  if (!caller.is_direct || config_.web.archives.empty() || !archives_.Allows(caller.address)) return false;
  // A page elsewhere can have its own name mean this machine's address, but must ask for that name.
  return NamesAnAddress(request.Header("host")) || caller.is_secure;
}

std::optional<std::string> Access::NameByPassword(const std::string& credentials, const Caller& caller,
                                                  jobs::Database& database, double& wait_s) {
  const std::optional<std::string> plain = base::Base64Decoded(credentials);
  const std::size_t colon = plain ? plain->find(':') : std::string::npos;
  if (colon == std::string::npos) return std::nullopt;
  const std::string key = base::HmacSha256(key_, caller.address + "\n" + *plain);
  {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(key);
    if (found != known_.end() && found->second.until > Clock::now()) {
      const auto user = accounts::FindUser(database, found->second.name);
      if (user && !user->disabled && user->epoch == found->second.epoch) return user->name;
    }
  }
  const accounts::LoginAnswer answer =
      accounts::Login(database, {plain->substr(0, colon), plain->substr(colon + 1), caller.address}, login_limits_);
  if (answer.result != accounts::LoginResult::kIn) {
    wait_s = answer.wait_s;
    Audit(layout_.audit, "login_failed",
          {{"user", answer.known_name}, {"address", caller.address}, {"detail", "DICOMweb"}});
    return std::nullopt;
  }
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kMostKnown) known_.clear();
  known_[key] = {answer.user->name, answer.user->epoch, Clock::now() + kPasswordIsKnownFor};
  return answer.user->name;
}

std::optional<http::Response> Access::RefuseDicomWeb(const http::Request& request, jobs::Database& database,
                                                     std::string& who) {
  std::optional<Caller> caller = CallerOf(request);
  if (!caller) return http::Text(403, "somebody speaks for you who is not among this node's web.proxies\n");
  if (HasCertificate(request, *caller)) who = request.client;
  if (HasCertificate(request, *caller) || IsArchive(request, *caller)) return std::nullopt;
  FindSession(*caller, database, false);
  if (caller->session) {
    who = caller->session->user.name;
    if (request.method == "GET" || IsFromOurPage(request, *caller)) return std::nullopt;
    return http::Text(403, "this request does not come from the node's own page\n");
  }
  const std::string authorization = request.Header("authorization");
  if (base::AsciiLower(authorization.substr(0, 6)) != "basic ")
    return Unauthorised("log in: a certificate, an account, or a place among this node's web.archives is needed");
  double wait_s = 0;
  const auto name = NameByPassword(std::string(base::Trimmed(authorization.substr(6))), *caller, database, wait_s);
  if (name) {
    who = *name;
    return std::nullopt;
  }
  if (wait_s <= 0) return Unauthorised("name or password is wrong");
  http::Response response = http::Text(429, "too many failed logins; wait\n");
  response.headers["retry-after"] = fmt::format("{:.0f}", std::ceil(wait_s));
  return response;
}

std::optional<std::int64_t> Access::NoteRefusal(const std::string& address) {
  const std::lock_guard lock(mutex_);
  if (refusals_.size() >= kMostKnown && !refusals_.contains(address)) refusals_.clear();
  Refusals& refusals = refusals_[address];
  if (refusals.until > Clock::now()) {
    ++refusals.unsaid;
    return std::nullopt;
  }
  refusals.until = Clock::now() + kBetweenRefusals;
  return std::exchange(refusals.unsaid, 0);
}

http::Admission Access::Admit(const http::Request& request) const {
  const std::optional<Caller> caller = CallerOf(request);
  if (!caller) return {.answer = http::Text(403, "somebody speaks for you who is not among this node's web.proxies\n")};
  const bool of_dicom_web = !request.path.empty() && request.path[0] == "dicom-web";
  if (of_dicom_web) {
    const bool says_who = HasCertificate(request, *caller) || IsArchive(request, *caller) || !caller->token.empty() ||
                          !request.Header("authorization").empty();
    if (!says_who) return {.answer = Unauthorised("log in before you send anything")};
    return {.body_bytes = config_.web.upload_bytes};
  }
  const bool of_review = request.path.size() == 4 && request.path[3] == "reviews" && !caller->token.empty();
  return {.body_bytes = of_review ? kReviewBody : kSmallBody};
}

std::string Access::SessionCookie(const Caller& caller, const std::string& token) const {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict{}{}", caller.is_secure ? kSecureCookie : kCookie, token,
                     caller.is_secure ? "; Secure" : "", token.empty() ? "; Max-Age=0" : "");
}

}  // namespace parotis::service
