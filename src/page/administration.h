// Users and the audit trail, for admins. Private to this folder.
#pragma once

#include <string>

#include "page/call.h"
#include "page/facts.h"
#include "service/layout.h"

namespace parotis::page {

http::Response AnswerUsers(const Call& call);
http::Response AddUser(const Call& call, const service::Layout& layout);
http::Response ChangeUser(const Call& call, const std::string& name, const service::Layout& layout);
http::Response RemoveUser(const Call& call, const std::string& name, const service::Layout& layout);

}  // namespace parotis::page
