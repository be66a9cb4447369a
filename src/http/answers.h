// Answers to a browser's page: JSON, sentences about what went wrong, and the fields that go with every answer.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "http/message.h"

namespace parotis::http {

// Text that is not UTF-8 is mended, never refused: it may come from a file of others.
Response Answer(const base::Json& json, int status = 200);
Response Error(int status, std::string_view sentence);  // {"error": sentence}
Response Nothing();                                     // 204

// Answers with an ETag, or 304 to who has it.
Response AnswerOnce(const Request& request, const base::Json& json);
// The same of JSON that was written before.
Response AnswerTextOnce(const Request& request, const std::string& json);

// The request's body, an object. Throws kInput: not JSON, of another type.
base::Json BodyOf(const Request& request);

// What goes with every answer to a browser: nothing of others runs, is shown, asked or framed (CSP 3, and OWASP's list
// of headers).
void Harden(Response& response, bool is_secure);

}  // namespace parotis::http
