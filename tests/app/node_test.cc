// The node as it is installed, beside a real archive: a study that is stored there comes to the node by the archive's
// own routing, is diagnosed by the shipped model, and its results lie in the study again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "dicom/measurement_report.h"
#include "tests/support/certificates.h"
#include "tests/support/chain.h"
#include "tests/support/dciodvfy.h"
#include "tests/support/node_fixture.h"
#include "tests/support/orthanc.h"

namespace parotis {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

const std::vector<std::string> kProgram = {PAROTIS_PROGRAM, "serve"};
constexpr double kLong_s = 120;

fs::path AnyFile(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) return entry.path();
  return {};
}

// Every result that the node made lies in the archive, byte for byte in its dataset, in the patient's one study.
void ExpectResultsIn(const test::Orthanc& archive, const test::NodeFixture& fixture) {
  ASSERT_TRUE(fixture.Reaches("done", 1, kLong_s)) << fixture.log() << archive.log();
  EXPECT_EQ(archive.InstancesOf("SEG"), 1U);
  EXPECT_EQ(archive.InstancesOf("SR"), 1U);
  EXPECT_EQ(archive.InstancesOf("DOC"), 1U);
  EXPECT_EQ(archive.Get("/studies").size(), 1U);
  const auto database = fixture.OpenJobs();
  const jobs::JobRecord job = jobs::ListJobs(*database, {}).at(0);
  EXPECT_THAT(job.verdict, HasSubstr("class"));
  const base::Json listed = archive.Get("/dicom-web/studies/" + job.study_uid + "/instances");
  std::set<std::string> there;
  for (const base::Json& instance : listed) there.insert(instance["00080018"]["Value"][0].get<std::string>());
  int results = 0;
  for (const jobs::InstanceRecord& instance : jobs::ListInstances(*database, {.study_uid = job.study_uid})) {
    EXPECT_TRUE(there.contains(instance.sop_instance_uid)) << instance.file;
    results += instance.results.empty() ? 0 : 1;
  }
  EXPECT_EQ(results, 6);
}

TEST(NodeWithOrthanc, AStoredStudyIsRoutedAndItsResultsArriveInTheStudy) {
  if (!test::Orthanc::Exists()) GTEST_SKIP() << "Orthanc is not installed; scripts/setup.sh installs it";
  test::NodeFixture fixture;
  const test::Orthanc archive(fixture.folder() / "orthanc", {.node_port = fixture.dicom_port()});
  fixture.config()["dicom"]["allowed"] = {{{"ae_title", "ORTHANC"}, {"addresses", {"127.0.0.1"}}}};
  fixture.config()["peers"] = {{{"name", "pacs"},
                                {"ae_title", "ORTHANC"},
                                {"host", "127.0.0.1"},
                                {"port", archive.dicom_port()},
                                {"commitment", true}}};
  fixture.StartNode(kProgram);
  archive.Upload(test::DicomFolder());
  ExpectResultsIn(archive, fixture);
  // Orthanc reports on what it was asked to answer for on an association of its own.
  EXPECT_THAT(fixture.log(), HasSubstr("\"event\":\"report\""));

  // The archive asks the node to answer for what it was sent.
  const base::Json asked =
      archive.Post("/modalities/parotis/storage-commitment",
                   std::string(R"({"Resources": [")" + archive.Get("/series")[0].get<std::string>() + "\"]}"));
  ASSERT_TRUE(asked.contains("Path")) << asked.dump();
  base::Json report;
  EXPECT_TRUE(test::Eventually([&] {
    report = archive.Get(asked["Path"].get<std::string>());
    return report.value("Status", std::string()) != "Pending";
  })) << report.dump()
      << fixture.log();
  EXPECT_EQ(report.value("Status", std::string()), "Success") << report.dump();

  // Nobody else is let in.
  const std::string file = AnyFile(test::DicomFolder()).string();
  const std::string stranger = test::OutputOf("storescu -aet STRANGER -aec PAROTIS 127.0.0.1 " +
                                              std::to_string(fixture.dicom_port()) + " '" + file + "'");
  EXPECT_THAT(stranger, HasSubstr("Calling AE Title Not Recognized"));
  EXPECT_EQ(fixture.node().Terminate(), "exit code 0");
}

TEST(NodeWithOrthanc, OverTlsToo) {
  if (!test::Orthanc::Exists()) GTEST_SKIP() << "Orthanc is not installed; scripts/setup.sh installs it";
  test::NodeFixture fixture;
  const test::CertificateFolder certificates(fixture.folder() / "pki");
  certificates.MakeAuthority("hospital");
  certificates.MakeAuthority("other");
  const base::TlsFiles node = certificates.Issue("node", "hospital"), pacs = certificates.Issue("pacs", "hospital"),
                       strange = certificates.Issue("stranger", "other");
  const test::Orthanc archive(fixture.folder() / "orthanc", {.node_port = fixture.dicom_port(), .tls = pacs});
  fixture.config()["dicom"]["allowed"] = {{{"ae_title", "ORTHANC"}, {"addresses", {"127.0.0.0/8"}}}};
  fixture.config()["dicom"]["tls"] = test::ToJson(node);
  fixture.config()["peers"] = {{{"name", "pacs"},
                                {"ae_title", "ORTHANC"},
                                {"host", "127.0.0.1"},
                                {"port", archive.dicom_port()},
                                {"tls", test::ToJson(node)}}};
  fixture.StartNode(kProgram);
  archive.Upload(test::DicomFolder());
  ExpectResultsIn(archive, fixture);

  dimse::Peer peer = fixture.AsPeer();
  EXPECT_ANY_THROW(dimse::Echo("ORTHANC", peer)) << "without TLS";
  peer.tls = base::TlsFiles{strange.certificate, strange.key, node.authorities, true};
  EXPECT_ANY_THROW(dimse::Echo("ORTHANC", peer)) << "with a certificate of somebody else's authority";
  peer.tls = pacs;
  dimse::Echo("ORTHANC", peer);
}

TEST(NodeWithOrthanc, StudiesAreFetchedAndResultsStoredByDicomWebToo) {
  if (!test::Orthanc::Exists()) GTEST_SKIP() << "Orthanc is not installed; scripts/setup.sh installs it";
  test::NodeFixture fixture;
  const test::Orthanc archive(fixture.folder() / "orthanc", {.node_port = fixture.dicom_port(), .routes = false});
  fixture.config()["peers"] = {{{"name", "web"}, {"url", archive.url() + "/dicom-web"}}};
  fixture.config()["pull"] = {{{"peer", "web"}, {"every_s", 1}, {"query", {{"ModalitiesInStudy", "MR"}}}}};
  archive.Upload(test::DicomFolder());
  fixture.StartNode(kProgram);
  ExpectResultsIn(archive, fixture);
}

}  // namespace
}  // namespace parotis
