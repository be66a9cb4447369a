// One request of somebody who is logged in, and how it is answered. Private to this folder.
#pragma once

#include <optional>
#include <string>

#include "http/answers.h"
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

using http::Answer;
using http::AnswerOnce;
using http::BodyOf;
using http::Error;
using http::Harden;
using http::Nothing;

}  // namespace parotis::page
