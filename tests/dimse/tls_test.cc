// Secured associations, with certificates that the openssl program makes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/files.h"
#include "dimse/peer.h"
#include "tests/support/certificates.h"
#include "tests/support/dicom_file.h"
#include "tests/support/dimse_node.h"
#include "tests/support/errors.h"
#include "tests/support/raw_associate.h"

namespace parotis::dimse {
namespace {

namespace fs = std::filesystem;
using test::DimseNode;
using test::DimseSettings;
using testing::AllOf;
using testing::HasSubstr;

// An authority with a server, a client, and a client below an authority of its own that the first one vouches for; and
// another authority with a client.
class Certificates {
 public:
  Certificates() {
    folder_.MakeAuthority("authority");
    folder_.MakeAuthority("stranger");
    folder_.Issue("server", "authority");
    folder_.Issue("client", "authority");
    folder_.Issue("evil", "stranger");
    folder_.Issue("department", "authority", {.is_authority = true});
    folder_.Issue("deep", "department");
    base::WriteFile(Pem("deep"), base::ReadFile(Pem("deep")) + base::ReadFile(Pem("department")));
    base::WriteFile(Pem("both"), base::ReadFile(Pem("stranger")) + base::ReadFile(Pem("authority")));
  }

  fs::path Pem(const std::string& name) const { return folder_.Pem(name); }
  fs::path Key(const std::string& name) const { return folder_.Key(name); }
  base::TlsFiles Of(const std::string& name, const std::string& authority = "authority") const {
    return folder_.Of(name, authority);
  }

 private:
  test::TemporaryFolder home_;
  test::CertificateFolder folder_{home_.path()};
};

const Certificates& Made() {
  static const Certificates kCertificates;
  return kCertificates;
}

DimseSettings Secured(bool ask_for_certificate = true) {
  DimseSettings settings;
  settings.rules.tls = Made().Of("server");
  settings.rules.tls->ask_for_certificate = ask_for_certificate;
  return settings;
}

Peer Caller(const DimseNode& node, const std::optional<base::TlsFiles>& tls) {
  Peer peer = node.AsPeer();
  peer.tls = tls;
  return peer;
}

TEST(Tls, CarriesAStudy) {
  const DimseNode node(Secured());
  const fs::path file = node.folder() / "image.dcm";
  test::WriteDicom(file, test::MrSlice(1, 0).Set(0x7fe0, 0x0010, "OW", std::string(3'000'000, 'x')));
  const Peer peer = Caller(node, Made().Of("client"));
  Echo("MODALITY", peer);
  const Sent sent = Store("MODALITY", peer, {file}).at(0);
  EXPECT_TRUE(sent.stored) << sent.reason;
  for (const auto& end : node.Ends(2)) EXPECT_EQ(end["how"], "released") << end;
}

TEST(Tls, TakesAChainOfAuthorities) {
  const DimseNode node(Secured());
  EXPECT_NO_THROW(Echo("MODALITY", Caller(node, Made().Of("deep"))));
  EXPECT_NO_THROW(Echo("MODALITY", Caller(node, Made().Of("client", "both"))));
}

TEST(Tls, RefusesAClientWithoutACertificate) {
  const DimseNode node(Secured());
  base::TlsFiles files;
  files.authorities = Made().Pem("authority");
  EXPECT_THAT(test::ErrorOf([&] { Echo("MODALITY", Caller(node, files)); }), HasSubstr("the peer node (127.0.0.1:"));
  const auto end = node.Ends(1).at(0);
  EXPECT_EQ(end["how"], "broken");
  EXPECT_THAT(std::string(end["reason"]), HasSubstr("TLS")) << end;
}

TEST(Tls, TakesAClientWithoutACertificateWhenNoneIsAskedFor) {
  const DimseNode node(Secured(false));
  base::TlsFiles files;
  files.authorities = Made().Pem("authority");
  EXPECT_NO_THROW(Echo("MODALITY", Caller(node, files)));
}

TEST(Tls, RefusesAClientOfAnotherAuthority) {
  const DimseNode node(Secured());
  EXPECT_THAT(test::ErrorOf([&] { Echo("MODALITY", Caller(node, Made().Of("evil"))); }), HasSubstr("the peer node"));
  const auto end = node.Ends(1).at(0);
  EXPECT_EQ(end["how"], "broken");
  EXPECT_THAT(std::string(end["reason"]), HasSubstr("certificate")) << end;
}

TEST(Tls, RefusesAServerOfAnotherAuthority) {
  const DimseNode node(Secured());
  EXPECT_THAT(test::ErrorOf([&] { Echo("MODALITY", Caller(node, Made().Of("client", "stranger"))); }),
              AllOf(HasSubstr("the peer node"), HasSubstr("certificate")));
  EXPECT_EQ(node.Ends(1).at(0)["how"], "broken");
}

TEST(Tls, IsNotMixedWithPlainConnections) {
  const DimseNode secured(Secured()), plain;
  EXPECT_THAT(test::ErrorOf([&] { Echo("MODALITY", Caller(secured, std::nullopt)); }), HasSubstr("the peer node"));
  EXPECT_THAT(test::ErrorOf([&] { Echo("MODALITY", Caller(plain, Made().Of("client"))); }), HasSubstr("the peer node"));
  EXPECT_EQ(secured.Ends(1).at(0)["how"], "broken");
  EXPECT_NE(plain.Ends(1).at(0)["how"], "released");
}

TEST(Tls, EndsAHandshakeThatIsNotGoneOnWith) {
  DimseSettings settings = Secured();
  settings.limits.handshake_s = 1;
  const DimseNode node(settings);
  test::RawPeer peer(node.port());
  peer.Send(std::string("\x16\x03\x01\x02\x00", 5));
  EXPECT_EQ(peer.Receive().type, test::RawPeer::kClosed);
  EXPECT_EQ(node.Ends(1).at(0)["how"], "timed out");
}

TEST(Tls, IsSpokenWithDcmtkAndInItsNewVersionsOnly) {
  const DimseNode node(Secured());
  const Certificates& made = Made();
  const std::string port = std::to_string(node.port());
  const std::string files = made.Key("client").string() + " " + made.Pem("client").string();
  EXPECT_EQ(std::system(("echoscu +tls " + files + " +cf " + made.Pem("authority").string() +
                         " -aet MODALITY -aec PAROTIS 127.0.0.1 " + port + " >/dev/null 2>&1")
                            .c_str()),
            0);
  const auto connect = [&](const std::string& version) {
    return std::system(("openssl s_client -" + version + " -cipher ALL:@SECLEVEL=0 -connect 127.0.0.1:" + port +
                        " -key " + made.Key("client").string() + " -cert " + made.Pem("client").string() +
                        " </dev/null >/dev/null 2>&1")
                           .c_str());
  };
  EXPECT_EQ(connect("tls1_2"), 0);
  EXPECT_EQ(connect("tls1_3"), 0);
  EXPECT_NE(connect("tls1_1"), 0);
}

TEST(Tls, NamesTheFileThatCannotBeUsed) {
  const test::TemporaryFolder folder;
  const fs::path missing = folder.path() / "missing.pem", damaged = folder.path() / "damaged.pem";
  base::WriteFile(damaged, "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
  const fs::path locked = folder.path() / "locked.key";
  ASSERT_EQ(std::system(("openssl rsa -aes256 -passout pass:secret -in " + Made().Key("client").string() + " -out " +
                         locked.string() + " 2>/dev/null")
                            .c_str()),
            0);
  const auto said = [&](const base::TlsFiles& files) {
    const Peer peer{"node", "PAROTIS", "127.0.0.1", 1, files, 5};
    return test::ErrorOf([&] { Echo("MODALITY", peer); });
  };
  const base::TlsFiles good = Made().Of("client");
  for (const fs::path& bad : {missing, damaged}) {
    EXPECT_THAT(said({bad, good.key, good.authorities}), HasSubstr(bad.string() + " cannot be used as a certificate"));
    EXPECT_THAT(said({good.certificate, bad, good.authorities}),
                HasSubstr(bad.string() + " cannot be used as a private"));
    EXPECT_THAT(said({good.certificate, good.key, bad}),
                HasSubstr(bad.string() + " cannot be used as certificates of"));
  }
  EXPECT_THAT(said({good.certificate, locked, good.authorities}), HasSubstr("locked.key cannot be used"));
  EXPECT_THAT(said({good.certificate, Made().Key("server"), good.authorities}),
              HasSubstr("is not the private key of the certificate"));
}

}  // namespace
}  // namespace parotis::dimse
