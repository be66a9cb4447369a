// TLS on both sides: our server with curl and the openssl command, our client with openssl's server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "base/files.h"
#include "http/client.h"
#include "http/server.h"
#include "tests/http/certificates.h"
#include "tests/http/echo_server.h"
#include "tests/http/raw_peer.h"
#include "tests/http/run_command.h"
#include "tests/support/errors.h"

namespace parotis::http {
namespace {

using test::RunCommand;
using test::SharedCertificates;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct SecureServer {
  test::TemporaryFolder folder;
  std::unique_ptr<Server> server;
  SecureServer(const std::string& who, bool ask_for_certificate) {
    ServerOptions options = test::QuickOptions(folder.path());
    options.header_s = 3;
    options.stall_s = 3;
    options.tls = SharedCertificates().For(who, ask_for_certificate);
    server = std::make_unique<Server>(
        options, [](const Request& request) { return Text(200, "you are <" + request.client + ">"); });
  }
  std::string Url(const std::string& host = "localhost") const {
    return "https://" + host + ":" + std::to_string(server->port()) + "/";
  }
  // What curl says of it, run with these options.
  std::string Curl(const std::string& options) const {
    return RunCommand("cd '" + SharedCertificates().folder().string() + "' && curl -sS --cacert authority.pem " +
                      options + " '" + Url() + "' 2>&1");
  }
};

std::string AskOurClient(const std::string& url, const std::optional<base::TlsFiles>& tls) {
  ClientOptions options;
  options.tls = tls;
  options.timeout_s = 3;
  std::string body;
  const std::string error =
      test::ErrorOf([&] { body = ExchangeShort({.url = url, .headers = {}, .body = {}}, options).body; });
  return body.empty() ? error : body;
}

TEST(Tls, ServesThoseWhoNeedNoCertificate) {
  const SecureServer secure("server", false);
  EXPECT_EQ(secure.Curl(""), "you are <>");
  EXPECT_EQ(secure.Curl("--tls-max 1.2"), "you are <>");
}

TEST(Tls, KnowsWhoShowsACertificateOfItsAuthorities) {
  const SecureServer secure("server", true);
  EXPECT_EQ(secure.Curl("--cert client.pem --key client.key"), "you are <ward 7>");
  EXPECT_EQ(secure.Curl("--cert client.pem --key client.key --tls-max 1.2"), "you are <ward 7>");
}

TEST(Tls, DoesNotServeThoseWhoShowNone) {
  const SecureServer secure("server", true);
  EXPECT_THAT(secure.Curl(""), AllOf(HasSubstr("curl: ("), Not(HasSubstr("you are"))));
  EXPECT_THAT(secure.Curl("--cert stranger.pem --key stranger.key"),
              AllOf(HasSubstr("curl: ("), Not(HasSubstr("you are"))));
  EXPECT_EQ(secure.Curl("--cert client.pem --key client.key"), "you are <ward 7>");
}

TEST(Tls, SpeaksNothingOlderThanTls12) {
  const SecureServer secure("server", false);
  const std::string command = "echo | openssl s_client -connect 127.0.0.1:" + std::to_string(secure.server->port()) +
                              " -cipher 'ALL:@SECLEVEL=0' ";
  EXPECT_THAT(RunCommand(command + "-tls1_1 2>&1"), HasSubstr("New, (NONE), Cipher is (NONE)"));
  EXPECT_THAT(RunCommand(command + "-tls1_2 2>&1"), HasSubstr("New, TLSv1.2, Cipher is ECDHE"));
}

TEST(Tls, AHandshakeThatStallsEndsAtItsDeadline) {
  const SecureServer secure("server", false);
  test::RawPeer silent(secure.server->port()), plain(secure.server->port());
  plain.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(plain.ReadAll(), Not(HasSubstr("HTTP")));
  EXPECT_EQ(silent.ReadAll(6), "");
}

TEST(Tls, SendsLargeAnswersWhole) {
  const test::TemporaryFolder files;
  const std::string large(5'000'000, 'x');
  base::WriteFile(files.path() / "large", large);
  ServerOptions options = test::QuickOptions(files.path());
  options.tls = SharedCertificates().For("server");
  const Server server(options,
                      [&](const Request&) { return Response{.headers = {}, .body = {files.path() / "large"}}; });
  EXPECT_EQ(AskOurClient("https://localhost:" + std::to_string(server.port()), SharedCertificates().For("client")),
            large);
}

TEST(Tls, OurClientShowsItsCertificate) {
  const SecureServer secure("server", true);
  EXPECT_EQ(AskOurClient(secure.Url(), SharedCertificates().For("client")), "you are <ward 7>");
  EXPECT_EQ(AskOurClient(secure.Url("127.0.0.1"), SharedCertificates().For("client")), "you are <ward 7>");
}

TEST(Tls, OurClientBelievesOnlyItsAuthoritiesAndOnlyForTheHost) {
  const SecureServer secure("server", false);
  base::TlsFiles others;
  others.authorities = SharedCertificates().Pem("other-authority");
  EXPECT_THAT(AskOurClient(secure.Url(), others), HasSubstr("unable to get local issuer certificate"));
  EXPECT_THAT(AskOurClient(secure.Url(), std::nullopt), HasSubstr("unable to get local issuer certificate"));
  const SecureServer elsewhere("elsewhere", false);
  EXPECT_THAT(AskOurClient(elsewhere.Url(), SharedCertificates().For("client")), HasSubstr("hostname mismatch"));
  EXPECT_THAT(AskOurClient(elsewhere.Url("127.0.0.1"), SharedCertificates().For("client")),
              HasSubstr("IP address mismatch"));
  const SecureServer expired("expired", false);
  EXPECT_THAT(AskOurClient(expired.Url(), SharedCertificates().For("client")), HasSubstr("certificate has expired"));
}

TEST(Tls, OurClientSaysWhatIsMissingWhenTheServerWantsACertificate) {
  const SecureServer secure("server", true);
  base::TlsFiles none;
  none.authorities = SharedCertificates().Pem("authority");
  EXPECT_THAT(AskOurClient(secure.Url(), none), HasSubstr("certificate required"));
}

TEST(Tls, FilesThatAreWrongAreNamed) {
  const auto& made = SharedCertificates();
  const auto error_of = [&](const base::TlsFiles& files) {
    ServerOptions options;
    options.tls = files;
    return test::ErrorOf([&] { const Server server(options, test::Echo); });
  };
  base::TlsFiles files = made.For("server", true);
  files.certificate = "/nowhere.pem";
  EXPECT_THAT(error_of(files), HasSubstr("/nowhere.pem is no certificate that TLS can use"));
  files = made.For("server", true);
  files.key = made.Key("client");
  EXPECT_THAT(error_of(files), AllOf(HasSubstr("client.key is no key"), HasSubstr("mismatch")));
  files = made.For("server", true);
  files.authorities = made.Key("server");
  EXPECT_THAT(error_of(files), HasSubstr("server.key is no list of authorities"));
  RunCommand("cd '" + made.folder().string() +
             "' && openssl pkcs8 -topk8 -in server.key -out locked.key -passout pass:secret 2>&1");
  files = made.For("server", true);
  files.key = made.Key("locked");
  EXPECT_THAT(error_of(files), HasSubstr("locked.key is no key without pass phrase"));
}

}  // namespace
}  // namespace parotis::http
