// A server whose handler says what it was asked, for tests of the connection.
#pragma once

#include <filesystem>
#include <string>

#include "base/files.h"
#include "http/server.h"
#include "tests/support/temporary_folder.h"

namespace parotis::test {

// "POST|a|b c|?k=v|body": the method, each segment, the query and the body.
inline http::Response Echo(const http::Request& request) {
  std::string text = request.method;
  for (const auto& segment : request.path) text += "|" + segment;
  for (const auto& [key, value] : request.query) text.append("|?").append(key).append("=").append(value);
  if (!request.body.empty()) text += "|" + base::ReadFile(request.body);
  return http::Text(200, text);
}

inline http::ServerOptions QuickOptions(const std::filesystem::path& body_folder) {
  http::ServerOptions options;
  options.body_folder = body_folder;
  options.header_s = 1;
  options.stall_s = 1;
  options.idle_s = 1;
  return options;
}

struct EchoServer {
  TemporaryFolder folder;
  http::Server server;
  explicit EchoServer(const http::Handler& handler = Echo) : server(QuickOptions(folder.path()), handler) {}
  std::uint16_t port() const { return server.port(); }
  bool FolderIsEmpty() const { return std::filesystem::is_empty(folder.path()); }
};

}  // namespace parotis::test
