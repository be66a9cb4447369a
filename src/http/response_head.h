// The head of a response as it is sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "http/message.h"

namespace parotis::http {

enum class Framing { kLength, kChunked, kUntilEnd, kNone };

// The status line and the header fields, the empty line included, with what every answer carries: the date, how the
// body ends, nosniff, and no-store where the handler said nothing else. Nothing when the handler's status or fields
// cannot be sent (a line break in a value).
std::optional<std::string> ResponseHead(const Response& response, Framing framing, std::uint64_t body_bytes,
                                        bool keep_alive);

// The names that RFC 9110 15 gives to statuses; "" for others.
std::string ReasonOf(int status);

// Whether a name and a value can stand in a header.
bool IsField(const std::string& name, const std::string& value);

// "content-type" as people know it: "Content-Type".
std::string Capitalised(std::string name);

}  // namespace parotis::http
