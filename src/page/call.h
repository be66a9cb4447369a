// One request of somebody who is logged in, and how it is answered. Private to this folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "http/message.h"
#include "jobs/database.h"
#include "service/access.h"

namespace parotis::page {

struct Call {
  const http::Request& request;
  jobs::Database& database;
  service::Access& access;
  service::Caller& caller;

  const accounts::User& user() const { return caller.session->user; }
  std::string reader_name() const { return user().full_name.empty() ? user().name : user().full_name; }
};

http::Response Answer(const base::Json& json, int status = 200);
http::Response Error(int status, std::string_view sentence);
http::Response Nothing();  // 204

// The request's body, an object. Throws kInput: not JSON, of another type.
base::Json BodyOf(const http::Request& request);

// Answers with an ETag, or 304 to who has it.
http::Response AnswerOnce(const http::Request& request, const base::Json& json);

// What goes with every answer to a browser: nothing of others runs, is shown, asked or framed (CSP 3, and OWASP's list
// of headers).
void Harden(http::Response& response, bool is_secure);

}  // namespace parotis::page
