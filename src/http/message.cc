#include "http/message.h"

#include "base/text.h"

namespace parotis::http {

std::string Request::Header(std::string_view name) const {
  const auto found = headers.find(std::string(name));
  return found == headers.end() ? std::string() : found->second;
}

std::string Request::Cookie(std::string_view name) const {
  const std::string header = Header("cookie");
  for (const std::string_view each : base::PartsOf(header, ';')) {
    const std::string_view cookie = base::Trimmed(each);
    const std::size_t equals = cookie.find('=');
    if (equals != std::string_view::npos && cookie.substr(0, equals) == name)
      return std::string(cookie.substr(equals + 1));
  }
  return "";
}

std::string Request::Query(std::string_view key) const {
  for (const auto& [name, value] : query) {
    if (name == key) return value;
  }
  return {};
}

Response Text(int status, std::string text, std::string type) {
  Response response{.status = status, .headers = {{"content-type", std::move(type)}}, .body = {}};
  response.body.emplace_back(std::move(text));
  return response;
}

Response JsonText(int status, std::string json, std::string type) {
  return Text(status, std::move(json), std::move(type));
}

}  // namespace parotis::http
