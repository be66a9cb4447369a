// Logging in and out. Private to this folder.
#pragma once

#include "page/call.h"
#include "page/page.h"
#include "service/layout.h"

namespace parotis::page {

http::Response AnswerLogin(const http::Request& request, jobs::Database& database, service::Access& access,
                           service::Caller& caller, const service::NodeConfig& config, const service::Layout& layout,
                           const PageOptions& options);
// Of somebody who is logged in.
http::Response AnswerSession(const Call& call, const service::NodeConfig& config, const PageOptions& options);
http::Response AnswerLogout(const Call& call, const service::Layout& layout);
http::Response AnswerPassword(const Call& call, const service::Layout& layout);

}  // namespace parotis::page
