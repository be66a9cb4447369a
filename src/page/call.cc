#include "page/call.h"

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"

namespace parotis::page {
namespace {

constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

std::string Text(const base::Json& json) { return json.dump(-1, ' ', false, base::Json::error_handler_t::replace); }

}  // namespace

http::Response Answer(const base::Json& json, int status) { return http::JsonText(status, Text(json)); }

http::Response Error(int status, std::string_view sentence) { return Answer({{"error", sentence}}, status); }

http::Response Nothing() { return {.status = 204, .headers = {}, .body = {}}; }

base::Json BodyOf(const http::Request& request) {
  if (!request.Header("content-type").starts_with("application/json"))
    base::Throw(base::ErrorKind::kInput, "the request must be JSON (Content-Type: application/json)");
  base::Json json = base::ParseJson(request.body.empty() ? "" : base::ReadFile(request.body), "the request");
  if (!json.is_object()) base::Throw(base::ErrorKind::kInput, "the request must be a JSON object");
  return json;
}

http::Response AnswerOnce(const http::Request& request, const base::Json& json) {
  const std::string text = Text(json), etag = "\"" + base::HashOf(text).substr(0, 32) + "\"";
  http::Response response = request.Header("if-none-match") == etag
                                ? http::Response{.status = 304, .headers = {}, .body = {}}
                                : http::JsonText(200, text);
  response.headers["etag"] = etag;
  return response;
}

void Harden(http::Response& response, bool is_secure) {
  http::Headers& headers = response.headers;
  headers["content-security-policy"] = kPolicy;
  headers["x-frame-options"] = "DENY";
  headers["referrer-policy"] = "no-referrer";
  headers["permissions-policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
  headers["cross-origin-opener-policy"] = "same-origin";
  headers["cross-origin-resource-policy"] = "same-origin";
  if (is_secure) headers["strict-transport-security"] = "max-age=31536000";
}

}  // namespace parotis::page
