#include "page/sessions.h"

#include <cmath>

#include "base/build_info.h"
#include "base/error.h"
#include "service/node_log.h"

namespace parotis::page {
namespace {

using accounts::LoginResult;
using base::Json;

constexpr const char* kWrong = "name or password is wrong";

Json ToJson(const accounts::Session& session, const service::NodeConfig& config, const PageOptions& options) {
  return {{"name", session.user.name},
          {"full_name", session.user.full_name.empty() ? session.user.name : session.user.full_name},
          {"role", accounts::NameOf(session.user.role)},
          {"csrf", session.csrf},
          {"node", config.name},
          {"version", base::Version()},
          {"intended_use", base::kResearchUseOnly},
          {"idle_s", config.web.sessions.idle_s},
          {"classes", options.classes}};
}

http::Response Wait(double wait_s) {
  const double seconds = std::ceil(wait_s);
  http::Response response =
      Answer({{"error", "there were too many failed logins: wait"}, {"retry_after_s", seconds}}, 429);
  response.headers["retry-after"] = std::to_string(static_cast<std::int64_t>(seconds));
  return response;
}

// A login from another site's page, which would log its reader in as somebody else.
bool IsFromElsewhere(const http::Request& request) {
  const std::string site = request.Header("sec-fetch-site"), origin = request.Header("origin");
  return (!site.empty() && site != "same-origin") ||
         (!origin.empty() && !origin.ends_with("//" + request.Header("host")));
}

std::string TextIn(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_string())
    base::Throw(base::ErrorKind::kInput, std::string("the request has no text \"") + key + "\"");
  return found->get<std::string>();
}

}  // namespace

http::Response AnswerLogin(const http::Request& request, jobs::Database& database, service::Access& access,
                           service::Caller& caller, const service::NodeConfig& config, const service::Layout& layout,
                           const PageOptions& options) {
  if (IsFromElsewhere(request)) return Error(403, "a login must come from the node's own page");
  const Json body = BodyOf(request);
  if (!accounts::AnyUser(database))
    return Error(401, "nobody has an account yet; on this machine: parotis account " + config.file.string() +
                          " --add NAME --role admin");
  const accounts::LoginAnswer answer = accounts::Login(
      database, {TextIn(body, "name"), TextIn(body, "password"), caller.address}, access.login_limits());
  if (!answer.problem.empty()) service::LogEvent("error", "account", {{"reason", answer.problem}});
  if (answer.result != LoginResult::kIn) {
    const bool waits = answer.result == LoginResult::kWait;
    if (!waits || access.NoteRefusal(caller.address))
      service::Audit(
          layout.audit, "login_failed",
          {{"user", answer.known_name}, {"address", caller.address}, {"detail", waits ? "turned away" : "wrong"}});
    return waits ? Wait(answer.wait_s) : Error(401, kWrong);
  }
  accounts::Session session =
      accounts::BeginSession(database, *answer.user, {caller.address, caller.agent}, access.limits());
  service::Audit(layout.audit, "login", {{"user", session.user.name}, {"address", caller.address}});
  http::Response response = Answer(ToJson(session, config, options));
  response.headers["set-cookie"] = access.SessionCookie(caller, session.token);
  return response;
}

http::Response AnswerSession(const Call& call, const service::NodeConfig& config, const PageOptions& options) {
  return Answer(ToJson(*call.caller.session, config, options));
}

http::Response AnswerLogout(const Call& call, const service::Layout& layout) {
  accounts::EndSession(call.database, call.caller.token);
  service::Audit(layout.audit, "logout", {{"user", call.user().name}, {"address", call.caller.address}});
  http::Response response = Nothing();
  response.headers["set-cookie"] = call.access.SessionCookie(call.caller, "");
  return response;
}

http::Response AnswerPassword(const Call& call, const service::Layout& layout) {
  const Json body = BodyOf(call.request);
  const std::string before = TextIn(body, "old"), now = TextIn(body, "new");
  const accounts::LoginAnswer answer =
      accounts::Login(call.database, {call.user().name, before, call.caller.address}, call.access.login_limits());
  if (answer.result == LoginResult::kWait) return Wait(answer.wait_s);
  if (answer.result == LoginResult::kWrong) return Error(400, "the old password is wrong");
  accounts::UserChange change;
  change.password = now;
  change.keep_token = call.caller.token;
  accounts::ChangeUser(call.database, call.user().name, change);
  service::Audit(layout.audit, "user_changed",
                 {{"user", call.user().name}, {"address", call.caller.address}, {"detail", "own password"}});
  return Nothing();
}

}  // namespace parotis::page
