#include "http/answers.h"

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"

namespace parotis::http {
namespace {

constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

std::string Text(const base::Json& json) { return json.dump(-1, ' ', false, base::Json::error_handler_t::replace); }

}  // namespace

Response Answer(const base::Json& json, int status) { return JsonText(status, Text(json)); }

Response Error(int status, std::string_view sentence) { return Answer({{"error", sentence}}, status); }

Response Nothing() { return {.status = 204, .headers = {}, .body = {}}; }

Response AnswerOnce(const Request& request, const base::Json& json) { return AnswerTextOnce(request, Text(json)); }

Response AnswerTextOnce(const Request& request, const std::string& json) {
  const std::string etag = "\"" + base::HashOf(json).substr(0, 32) + "\"";
  Response response = request.Header("if-none-match") == etag ? Response{.status = 304, .headers = {}, .body = {}}
                                                              : JsonText(200, json);
  response.headers["etag"] = etag;
  return response;
}

base::Json BodyOf(const Request& request) {
  if (!request.Header("content-type").starts_with("application/json"))
    base::Throw(base::ErrorKind::kInput, "the request must be JSON (Content-Type: application/json)");
  base::Json json = base::ParseJson(request.body.empty() ? "" : base::ReadFile(request.body), "the request");
  if (!json.is_object()) base::Throw(base::ErrorKind::kInput, "the request must be a JSON object");
  return json;
}

void Harden(Response& response, bool is_secure) {
  Headers& headers = response.headers;
  headers["content-security-policy"] = kPolicy;
  headers["x-frame-options"] = "DENY";
  headers["referrer-policy"] = "no-referrer";
  headers["permissions-policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
  headers["cross-origin-opener-policy"] = "same-origin";
  headers["cross-origin-resource-policy"] = "same-origin";
  if (is_secure) headers["strict-transport-security"] = "max-age=31536000";
}

}  // namespace parotis::http
