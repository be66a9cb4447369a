#include "page/administration.h"

#include <fmt/format.h>

#include "base/error.h"
#include "service/node_log.h"

namespace parotis::page {
namespace {

using base::Json;
using base::JsonObject;

void AuditChange(const Call& call, const service::Layout& layout, const std::string& of, const std::string& what) {
  service::Audit(layout.audit, "user_changed",
                 {{"user", call.user().name}, {"address", call.caller.address}, {"detail", of + ": " + what}});
}

template <class T>
void ReadIfThere(JsonObject& object, const char* key, std::optional<T>& value) {
  if (object.Has(key)) value = object.Get<T>(key);
}

}  // namespace

http::Response AnswerUsers(const Call& call) {
  Json users = Json::array();
  for (const accounts::User& user : accounts::ListUsers(call.database)) {
    users.push_back({{"name", user.name},
                     {"full_name", user.full_name},
                     {"role", accounts::NameOf(user.role)},
                     {"disabled", user.disabled},
                     {"created", user.created},
                     {"last_login", user.last_login}});
  }
  return Answer(users);
}

http::Response AddUser(const Call& call, const service::Layout& layout) {
  const Json body = BodyOf(call.request);
  JsonObject object(body, "the request");
  accounts::NewUser user;
  object.ReadRequired("name", user.name);
  object.Read("full_name", user.full_name);
  user.role = accounts::RoleNamed(object.Get<std::string>("role"));
  object.ReadRequired("password", user.password);
  object.Finish();
  accounts::AddUser(call.database, user);
  AuditChange(call, layout, user.name, "added as " + accounts::NameOf(user.role));
  return Answer({{"name", user.name}}, 201);
}

http::Response ChangeUser(const Call& call, const std::string& name, const service::Layout& layout) {
  const Json body = BodyOf(call.request);
  JsonObject object(body, "the request");
  accounts::UserChange change;
  ReadIfThere(object, "full_name", change.full_name);
  if (object.Has("role")) change.role = accounts::RoleNamed(object.Get<std::string>("role"));
  ReadIfThere(object, "disabled", change.disabled);
  ReadIfThere(object, "password", change.password);
  object.Finish();
  if (name == call.user().name) change.keep_token = call.caller.token;
  accounts::ChangeUser(call.database, name, change);
  std::string what;
  if (change.full_name) what += "full name, ";
  if (change.role) what += "role " + accounts::NameOf(*change.role) + ", ";
  if (change.disabled) what += *change.disabled ? "disabled, " : "enabled, ";
  if (change.password) what += "password, ";
  AuditChange(call, layout, name, what.empty() ? "nothing" : what.substr(0, what.size() - 2));
  return Nothing();
}

http::Response RemoveUser(const Call& call, const std::string& name, const service::Layout& layout) {
  accounts::RemoveUser(call.database, name);
  AuditChange(call, layout, name, "removed");
  return Nothing();
}

}  // namespace parotis::page
