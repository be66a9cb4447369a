// HTTP messages as plain values. Bodies that may be large are files, never memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace parotis::http {

// Names in lower case.
using Headers = std::map<std::string, std::string>;

struct Request {
  std::string method;             // "GET"
  std::vector<std::string> path;  // decoded segments: "/dicom-web/studies" is {"dicom-web", "studies"}
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
  Headers headers;
  std::string address;         // of the peer
  std::string client;          // common name of the peer's verified certificate; "" without
  std::filesystem::path body;  // a file that is removed when the handler returns; "" without a body
  std::uint64_t body_bytes = 0;

  std::string Header(std::string_view name) const;  // "" when absent
  std::string Query(std::string_view key) const;    // the first; "" when absent
  std::string Cookie(std::string_view name) const;  // the first (RFC 6265, 5.4); "" when absent
};

// A body is its pieces, one after another: text, or a file's bytes read while they are sent.
using Piece = std::variant<std::string, std::filesystem::path>;

struct Response {
  int status = 200;
  Headers headers;
  std::vector<Piece> body;
};

Response Text(int status, std::string text, std::string type = "text/plain; charset=utf-8");
Response JsonText(int status, std::string json, std::string type = "application/json");

}  // namespace parotis::http
