// The server as well-behaved peers see it: curl, and requests written by hand.
#include "http/server.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "base/error.h"
#include "http/client.h"
#include "tests/http/echo_server.h"
#include "tests/http/raw_peer.h"
#include "tests/http/run_command.h"
#include "tests/support/errors.h"

namespace parotis::http {
namespace {

using namespace std::string_literals;
using test::EchoServer;
using test::RawPeer;
using test::RunCommand;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string UrlOf(const EchoServer& server, const std::string& target) {
  return "http://127.0.0.1:" + std::to_string(server.port()) + target;
}

TEST(Server, GivesTheHandlerWhatCurlAsks) {
  const EchoServer server;
  EXPECT_EQ(RunCommand("curl -s '" + UrlOf(server, "/dicom-web/studies/1.2?limit=10&PatientName=A%20B+C") + "'"),
            "GET|dicom-web|studies|1.2|?limit=10|?PatientName=A B C");
}

TEST(Server, TakesABodyOfKnownLength) {
  const EchoServer server;
  EXPECT_EQ(RunCommand("curl -s --data-binary hello '" + UrlOf(server, "/a") + "'"), "POST|a|hello");
  EXPECT_TRUE(server.FolderIsEmpty());
}

TEST(Server, TakesAChunkedBody) {
  const EchoServer server;
  EXPECT_EQ(RunCommand("printf 'one two' | curl -s -X PUT -H 'Transfer-Encoding: chunked' --data-binary @- '" +
                       UrlOf(server, "/a") + "'"),
            "PUT|a|one two");
}

TEST(Server, AsksForTheBodyThatAPeerHoldsBack) {
  const EchoServer server;
  EXPECT_EQ(RunCommand("curl -sv -H 'Expect: 100-continue' --expect100-timeout 30 --max-time 5 -d hello '" +
                       UrlOf(server, "/a") + "' 2>&1 | grep -E 'HTTP/1.1 100|POST.a'"),
            "< HTTP/1.1 100 Continue\r\nPOST|a|hello\n");
}

TEST(Server, KnowsTheBodyOnlyAsAFileOfOursWhileTheHandlerRuns) {
  std::atomic<int> mode = 0;
  const EchoServer server([&](const Request& request) {
    struct stat info{};
    stat(request.body.c_str(), &info);
    mode = info.st_mode & 0777;
    return Text(200, std::to_string(request.body_bytes));
  });
  EXPECT_EQ(RunCommand("curl -s -d hello '" + UrlOf(server, "/") + "'"), "5");
  EXPECT_EQ(mode, 0600);
  EXPECT_TRUE(server.FolderIsEmpty());
}

TEST(Server, AnswersHeadAsGetWithoutTheBody) {
  const EchoServer server;
  EXPECT_THAT(RunCommand("curl -sI '" + UrlOf(server, "/a") + "'"),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("\r\nContent-Length: 5\r\n"), EndsWith("\r\n\r\n")));
}

TEST(Server, SaysWithEveryAnswerThatItIsNeitherStoredNorGuessedAt) {
  const EchoServer server;
  EXPECT_THAT(RunCommand("curl -si '" + UrlOf(server, "/a") + "'"),
              AllOf(HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n"), HasSubstr("\r\nCache-Control: no-store\r\n"),
                    HasSubstr("\r\nDate: "), Not(HasSubstr("\r\nServer:"))));
}

TEST(Server, LeavesToTheHandlerWhatMayBeStored) {
  const EchoServer server([](const Request&) {
    Response response = Text(200, "");
    response.headers["cache-control"] = "max-age=60";
    return response;
  });
  EXPECT_THAT(RunCommand("curl -si '" + UrlOf(server, "/a") + "'"),
              AllOf(HasSubstr("\r\nCache-Control: max-age=60\r\n"), Not(HasSubstr("no-store"))));
}

TEST(Server, AnswersSeveralRequestsOfOneConnection) {
  const EchoServer server;
  EXPECT_EQ(RunCommand("curl -sw '%{num_connects}' '" + UrlOf(server, "/a") + "' '" + UrlOf(server, "/b") + "'"),
            "GET|a1GET|b0");
}

TEST(Server, AnswersPipelinedRequestsInTheirOrder) {
  const EchoServer server;
  RawPeer peer(server.port());
  std::string requests;
  for (int i = 0; i < 50; ++i)
    requests += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab";
  peer.Send(requests + "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answers = peer.ReadAll();
  std::size_t at = 0;
  for (int i = 0; i < 50; ++i) {
    at = answers.find("\r\n\r\nPOST|" + std::to_string(i) + "|abHTTP/1.1 200 OK", at);
    ASSERT_NE(at, std::string::npos) << i;
  }
  EXPECT_THAT(answers, EndsWith("\r\n\r\nGET|last"));
}

TEST(Server, ClosesAfterARequestOfHttp10UnlessAsked) {
  const EchoServer server;
  RawPeer peer(server.port());
  peer.Send("GET /a HTTP/1.0\r\n\r\n");
  EXPECT_THAT(peer.ReadAll(), AllOf(HasSubstr("Connection: close"), EndsWith("GET|a")));
  RawPeer other(server.port());
  other.Send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(other.ReadUntil("GET|a"), HasSubstr("Connection: keep-alive"));
}

TEST(Server, SendsFilesAndTextAsOneBody) {
  const test::TemporaryFolder files;
  const std::string large(3'000'000, 'x');
  base::WriteFile(files.path() / "large", large);
  base::WriteFile(files.path() / "empty", std::string_view());
  const EchoServer server([&](const Request&) {
    return Response{.headers = {}, .body = {"<"s, files.path() / "large", ""s, files.path() / "empty", ">"s}};
  });
  const auto answer = ExchangeShort({.url = UrlOf(server, "/"), .headers = {}, .body = {}}, {});
  EXPECT_EQ(answer.headers.at("content-length"), "3000002");
  EXPECT_EQ(answer.body, "<" + large + ">");
}

TEST(Server, SendsWhatHasNoKnownSizeInChunks) {
  const test::TemporaryFolder files;
  const auto pipe = files.path() / "pipe";
  mkfifo(pipe.c_str(), 0600);
  const EchoServer server([&](const Request&) { return Response{.headers = {}, .body = {"<"s, pipe, ">"s}}; });
  const int both_ends = open(pipe.c_str(), O_RDWR);
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_EQ(write(both_ends, "through a pipe", 14), 14);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    close(both_ends);
  });
  const auto answer = ExchangeShort({.url = UrlOf(server, "/"), .headers = {}, .body = {}}, {});
  writer.join();
  EXPECT_EQ(answer.headers.at("transfer-encoding"), "chunked");
  EXPECT_EQ(answer.body, "<through a pipe>");
}

TEST(Server, TurnsWhatTheHandlerThrowsIntoAnAnswer) {
  const EchoServer server([](const Request& request) -> Response {
    if (request.path.at(0) == "input") base::Throw(base::ErrorKind::kInput, "the study has no images");
    if (request.path.at(0) == "io") base::Throw(base::ErrorKind::kIo, "secret path");
    throw std::runtime_error("secret");
  });
  EXPECT_EQ(RunCommand("curl -sw '%{http_code}' '" + UrlOf(server, "/input") + "'"), "the study has no images\n400");
  EXPECT_EQ(RunCommand("curl -sw '%{http_code}' '" + UrlOf(server, "/io") + "'"), "500 Internal Server Error\n500");
  EXPECT_EQ(RunCommand("curl -sw '%{http_code}' '" + UrlOf(server, "/x") + "'"), "500 Internal Server Error\n500");
}

TEST(Server, SendsNoHeaderThatCouldBecomeTwo) {
  const EchoServer server(
      [](const Request&) { return Response{.headers = {{"location", "x\r\nSet-Cookie: a"}}, .body = {}}; });
  EXPECT_THAT(RunCommand("curl -si '" + UrlOf(server, "/") + "'"),
              AllOf(StartsWith("HTTP/1.1 500"), Not(HasSubstr("Cookie"))));
}

TEST(Server, AnswersThatAFileIsMissingInsteadOfHalfAnAnswer) {
  const EchoServer server(
      [](const Request&) { return Response{.headers = {}, .body = {"<"s, std::filesystem::path("/nowhere/at/all")}}; });
  EXPECT_EQ(RunCommand("curl -sw '%{http_code}' '" + UrlOf(server, "/") + "'"), "500 Internal Server Error\n500");
}

TEST(Server, AnswersWhatIsBeingHandledBeforeItStops) {
  std::atomic<bool> begun = false;
  EchoServer server([&](const Request&) {
    begun = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return Text(200, "done");
  });
  RawPeer peer(server.port()), idle(server.port());
  peer.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  while (!begun) std::this_thread::yield();
  server.server.Stop();
  EXPECT_THAT(peer.ReadAll(), AllOf(HasSubstr("Connection: close"), EndsWith("done")));
  EXPECT_EQ(idle.ReadAll(), "");
  EXPECT_FALSE(RawPeer(server.port()).connected());
}

TEST(Server, SaysThatThePortIsTaken) {
  const EchoServer server;
  ServerOptions options;
  options.port = server.port();
  EXPECT_THAT(
      test::ErrorOf([&] { const Server second(options, test::Echo); }),
      HasSubstr("cannot listen on 127.0.0.1 port " + std::to_string(options.port) + ": Address already in use"));
}

TEST(Server, RemovesTheBodiesOfAKilledPredecessorButNotOthersFiles) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "http-body-0123456789abcdef0123456789abcdef", std::string_view("left"));
  base::WriteFile(folder.path() / "other", std::string_view("kept"));
  const Server server(test::QuickOptions(folder.path()), test::Echo);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "http-body-0123456789abcdef0123456789abcdef"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "other"));
}

}  // namespace
}  // namespace parotis::http
