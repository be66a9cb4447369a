// What a node says: a log for who runs it, without patient data, and an audit trail for who must account for it, with
// the UIDs that were touched (PS3.15 A.5 says what such a trail is for).
#pragma once

#include <exception>
#include <filesystem>
#include <string>

#include "base/json.h"

namespace parotis::service {

// One line of JSON on standard error: {"time": …, "level": …, "event": …, fields}. A study is told by its folder's
// name, never by its UID. Thread-safe; lines of several processes do not mix.
void LogEvent(const std::string& level, const std::string& event, const base::Json& fields = base::Json::object());

// What an exception says, in one line.
std::string ReasonOf(const std::exception& error);

// One line of JSON appended to today's (UTC) file in `folder`. What cannot be written is said in the log: the work goes
// on.
void Audit(const std::filesystem::path& folder, const std::string& event, const base::Json& fields);

}  // namespace parotis::service
