#include "http/response_head.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "base/text.h"

namespace parotis::http {
namespace {

// RFC 9110 5.6.7, whatever the locale.
std::string Date(std::time_t now) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm t{};
  gmtime_r(&now, &t);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[t.tm_wday], t.tm_mday, kMonths[t.tm_mon],
                     t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

bool IsTokenCharacter(char c) {
  const char lower = base::AsciiLower(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool IsOurs(const std::string& name) {
  return name == "content-length" || name == "transfer-encoding" || name == "connection" || name == "date";
}

}  // namespace

std::string ReasonOf(int status) {
  static const std::map<int, const char*> kReasons = {
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {206, "Partial Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {411, "Length Required"},
      {412, "Precondition Failed"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {416, "Range Not Satisfiable"},
      {417, "Expectation Failed"},
      {422, "Unprocessable Content"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {503, "Service Unavailable"},
      {505, "HTTP Version Not Supported"},
      {507, "Insufficient Storage"},
  };
  const auto found = kReasons.find(status);
  return found == kReasons.end() ? "" : found->second;
}

bool IsField(const std::string& name, const std::string& value) {
  return !name.empty() && std::all_of(name.begin(), name.end(), IsTokenCharacter) &&
         std::none_of(value.begin(), value.end(),
                      [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; });
}

std::string Capitalised(std::string name) {
  bool first = true;
  for (char& c : name) {
    if (first) c = base::AsciiUpper(c);
    first = c == '-';
  }
  return name;
}

std::optional<std::string> ResponseHead(const Response& response, Framing framing, std::uint64_t body_bytes,
                                        bool keep_alive) {
  if (response.status < 200 || response.status > 599) return std::nullopt;
  std::string head = fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, ReasonOf(response.status),
                                 Date(std::time(nullptr)));
  for (const auto& [name, value] : response.headers) {
    if (!IsField(name, value)) return std::nullopt;
    if (!IsOurs(name)) head += fmt::format("{}: {}\r\n", Capitalised(name), value);
  }
  if (!response.headers.contains("x-content-type-options")) head += "X-Content-Type-Options: nosniff\r\n";
  if (!response.headers.contains("cache-control")) head += "Cache-Control: no-store\r\n";
  if (framing == Framing::kLength) head += fmt::format("Content-Length: {}\r\n", body_bytes);
  if (framing == Framing::kChunked) head += "Transfer-Encoding: chunked\r\n";
  head += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return head;
}

}  // namespace parotis::http
