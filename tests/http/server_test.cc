// The server as its peers see it.
#include "http/server.h"

#include <gtest/gtest.h>

#include "http/client.h"
#include "tests/support/temporary_folder.h"

namespace parotis::http {
namespace {

TEST(Server, AnswersWhatTheHandlerSays) {
  const test::TemporaryFolder folder;
  ServerOptions options;
  options.body_folder = folder.path();
  Server server(options, [](const Request& request) { return Text(200, "you want " + request.path.at(0)); });
  const auto answer = ExchangeShort(
      {.url = "http://127.0.0.1:" + std::to_string(server.port()) + "/studies", .headers = {}, .body = {}}, {});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "you want studies");
}

}  // namespace
}  // namespace parotis::http
