// The client with servers that are not ours: Python's, openssl's, and ones that send whatever bytes a test wants.
#include "http/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include <thread>

#include "base/files.h"
#include "tests/http/certificates.h"
#include "tests/http/echo_server.h"
#include "tests/http/scripted_server.h"
#include "tests/support/errors.h"

namespace parotis::http {
namespace {

using test::ErrorOf;
using test::ScriptedServer;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

// A program that serves, ended with the object.
class OtherServer {
 public:
  explicit OtherServer(const std::string& command) {
    const std::string line = "exec " + command;
    std::string shell = "sh", flag = "-c", text = line;
    char* arguments[] = {shell.data(), flag.data(), text.data(), nullptr};
    posix_spawnp(&process_, "sh", nullptr, nullptr, arguments, environ);
  }
  ~OtherServer() {
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
  }
  OtherServer(const OtherServer&) = delete;
  OtherServer& operator=(const OtherServer&) = delete;

 private:
  pid_t process_ = -1;
};

// Asks until the server listens.
ShortAnswer AskPatiently(const Call& call, const ClientOptions& options) {
  for (int i = 0;; ++i) {
    try {
      return ExchangeShort(call, options);
    } catch (const base::Error&) {
      if (i == 100) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
}

std::string PortThatIsFree() {
  const ScriptedServer server("");
  return std::to_string(server.port());
}

Call Get(const std::string& url) { return {.url = url, .headers = {}, .body = {}}; }

std::string ErrorWith(const std::string& answer, const std::string& method = "GET") {
  ScriptedServer server(answer);
  ClientOptions options;
  options.timeout_s = 1;
  Call call = Get(server.Url());
  call.method = method;
  return ErrorOf([&] { ExchangeShort(call, options, 1000); });
}

std::string BodyOf(const std::string& answer) {
  ScriptedServer server(answer);
  return ExchangeShort(Get(server.Url()), {}).body;
}

TEST(Client, ReadsWhatPythonServes) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "a.txt", std::string_view("from python"));
  const std::string port = PortThatIsFree();
  const OtherServer python("python3 -m http.server " + port + " --bind 127.0.0.1 -d '" + folder.path().string() +
                           "' >/dev/null 2>&1");
  const auto answer = AskPatiently(Get("http://127.0.0.1:" + port + "/a.txt"), {});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-type"), "text/plain");
  EXPECT_EQ(answer.body, "from python");
  const auto missing = ExchangeShort(Get("http://localhost:" + port + "/b.txt"), {});
  EXPECT_EQ(missing.status, 404);
}

TEST(Client, ReadsWhatOpensslServes) {
  const std::string port = PortThatIsFree();
  const OtherServer openssl("openssl s_server -quiet -www -accept " + port + " -cert '" +
                            test::SharedCertificates().Pem("server").string() + "' -key '" +
                            test::SharedCertificates().Key("server").string() + "' >/dev/null 2>&1");
  ClientOptions options;
  options.tls = base::TlsFiles{};
  options.tls->authorities = test::SharedCertificates().Pem("authority");
  EXPECT_THAT(AskPatiently(Get("https://localhost:" + port + "/"), options).body, HasSubstr("Ciphers supported"));
}

TEST(Client, WritesTheAnswerToAFile) {
  const test::EchoServer server;
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "part", std::string(100'000, 'p'));
  Call call = Get("http://127.0.0.1:" + std::to_string(server.port()) + "/x%20y?q=1");
  call.method = "POST";
  call.body = {std::string("<"), folder.path() / "part", std::string(">")};
  const auto answer = Exchange(call, folder.path() / "answer", {});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(base::ReadFile(folder.path() / "answer"), "POST|x y|?q=1|<" + std::string(100'000, 'p') + ">");
  EXPECT_EQ(answer.bytes, 100'000U + 16);
}

TEST(Client, SaysWhoItIs) {
  ScriptedServer server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  ClientOptions options;
  options.user = "Aladdin";
  options.password = "open sesame";
  ExchangeShort(Get(server.Url()), options);
  // The example of RFC 7617 2.
  EXPECT_THAT(server.received(), AllOf(StartsWith("GET / HTTP/1.1\r\nHost: 127.0.0.1:"),
                                       HasSubstr("\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n")));
}

TEST(Client, ReadsEveryFormOfABody) {
  EXPECT_EQ(BodyOf("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"), "abc");
  EXPECT_EQ(BodyOf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), "abcde");
  EXPECT_EQ(BodyOf("HTTP/1.1 200 OK\r\n\r\nuntil the end"), "until the end");
  EXPECT_EQ(BodyOf("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"), "abc");
  EXPECT_EQ(BodyOf("HTTP/1.1 204 No Content\r\n\r\n"), "");
}

TEST(Client, TakesTheAnswerOfAServerThatDoesNotWantTheWholeRequest) {
  const test::TemporaryFolder folder;
  ServerOptions small = test::QuickOptions(folder.path());
  small.body_bytes = 10;
  const Server server(small, test::Echo);
  Call call = Get("http://127.0.0.1:" + std::to_string(server.port()) + "/");
  call.method = "POST";
  call.body = {std::string(1'000'000, 'x')};
  EXPECT_EQ(ExchangeShort(call, {}).status, 413);
}

TEST(Client, SaysWhatIsWrongWithAnAnswer) {
  EXPECT_THAT(ErrorWith("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"),
              HasSubstr("it ended before its answer did"));
  EXPECT_THAT(ErrorWith("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
              HasSubstr("it ended before its answer did"));
  EXPECT_THAT(ErrorWith(""), HasSubstr("it ended before its answer did"));
  EXPECT_THAT(ErrorWith("SSH-2.0-OpenSSH_9.2\r\n\r\n"), HasSubstr("not HTTP/1.1"));
  EXPECT_THAT(ErrorWith("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc"),
              HasSubstr("not HTTP/1.1"));
  EXPECT_THAT(ErrorWith("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"), HasSubstr("longer than is allowed"));
  EXPECT_THAT(ErrorWith("HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x')), HasSubstr("longer than is allowed"));
  EXPECT_THAT(ErrorWith("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"),
              HasSubstr("longer than is allowed"));
  EXPECT_THAT(ErrorWith("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x')), HasSubstr("not HTTP/1.1"));
}

TEST(Client, SaysThatAServerIsTooSlow) {
  EXPECT_THAT(ErrorWith("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc(silence)"),
              HasSubstr("did not answer in time"));
  EXPECT_THAT(ErrorWith("(silence)"), HasSubstr("did not answer in time"));
}

TEST(Client, SaysThatNobodyListens) {
  EXPECT_THAT(ErrorOf([] { ExchangeShort(Get("http://127.0.0.1:" + PortThatIsFree()), {}); }),
              AllOf(HasSubstr("http://127.0.0.1:"), HasSubstr("Connection refused")));
}

TEST(Client, LeavesNoFileWhenTheAnswerBreaksOff) {
  const test::TemporaryFolder folder;
  ScriptedServer server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc");
  EXPECT_THAT(ErrorOf([&] { Exchange(Get(server.Url()), folder.path() / "answer", {}); }), HasSubstr("ended before"));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Client, RefusesWhatIsNoUrl) {
  for (const char* url : {"", "ftp://host/", "http://", "http:///a", "http://user@host/", "http://host:0/",
                          "http://host:99999/", "http://host:8x/", "http://[::1/", "http://ho st/", "http://host/a b",
                          "http://host/#a", "http://host/\r\nX: y", "http://h\xC3\xB6st/"}) {
    EXPECT_THAT(ErrorOf([&] { ExchangeShort(Get(url), {}); }), HasSubstr("is no address of a server")) << url;
  }
}

TEST(Client, SendsNoHeaderThatCouldBecomeTwo) {
  Call call = Get("http://127.0.0.1:1/");
  call.headers["accept"] = "a\r\nX: y";
  EXPECT_THAT(ErrorOf([&] { ExchangeShort(call, {}); }), HasSubstr("the header accept cannot be sent"));
}

}  // namespace
}  // namespace parotis::http
