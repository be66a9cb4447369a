// What a peer reports on the results that it was asked to answer for, from the spool into the jobs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "jobs/analyses.h"
#include "jobs/arrivals.h"
#include "jobs/catalogue.h"
#include "jobs/deliveries.h"
#include "jobs/schema.h"
#include "service/filing.h"
#include "service/layout.h"
#include "service/spool.h"
#include "tests/support/temporary_folder.h"

namespace parotis::service {
namespace {

using ::testing::HasSubstr;

class Reports : public ::testing::Test {
 protected:
  Reports() {
    config_.folder = folder_.path();
    config_.retry = {.attempts = 2, .first_s = 0, .longest_s = 0};
    PeerEntry peer;
    peer.name = "pacs", peer.commitment = true;
    peer.dicom.ae_title = "PACS";
    config_.peers = {peer};
    layout_.emplace(config_);
    base::CreateFolder(layout_->incoming);
    database_ = jobs::OpenDatabase(config_.DatabaseOrDefault());
    jobs::MakeTables(*database_);
    jobs::AddInstances(*database_, {{"1.2.3", "1.2.3.1", "1.2.840.10008.5.1.4.1.1.4", "1.2.3.1.1",
                                     "1.2.840.10008.1.2.1", "a.dcm", 10, "MR1"}});
    jobs::MakeReady(*database_, {.quiet_s = -1, .on_release = false}, {});
    const auto analysis = jobs::ClaimAnalysis(*database_, "node/analysis", "model", 60);
    jobs::Finish(*database_, *analysis,
                 {.refused = false,
                  .reason = "",
                  .verdict = "diagnosed",
                  .results = "r1",
                  .objects = {{"page.dcm", "1.2.840.10008.5.1.4.1.1.104.1", "2.25.1", "2.25.9", 10},
                              {"report.dcm", "1.2.840.10008.5.1.4.1.1.88.34", "2.25.2", "2.25.9", 10}}},
                 {"pacs"});
    claim_ = jobs::ClaimDelivery(*database_, "node/courier", 60);
    jobs::AddDemand(*database_, *claim_, "2.25.7", R"(["2.25.1", "2.25.2"])");
    jobs::AwaitReport(*database_, *claim_, 60);
  }

  // As it is spooled by the association and filed by the node; the state that the study's job has then.
  std::string StateAfter(const std::string& peer_ae, const dimse::CommitmentAnswer& answer) {
    SpoolReport(layout_->incoming, {peer_ae, "127.0.0.1", answer});
    EXPECT_EQ(FileArrivals(config_, *layout_, *database_).records, 1U);
    EXPECT_TRUE(std::filesystem::is_empty(layout_->incoming));
    return Job().state;
  }
  jobs::JobRecord Job() { return jobs::ListJobs(*database_, {}).at(0); }
  jobs::DeliveryRecord Delivery() { return jobs::DeliveriesOf(*database_, Job().id).at(0); }

  test::TemporaryFolder folder_;
  NodeConfig config_;
  std::optional<Layout> layout_;
  std::unique_ptr<jobs::Database> database_;
  std::optional<jobs::DeliveryClaim> claim_;
};

const std::string kPage = "1.2.840.10008.5.1.4.1.1.104.1", kReport = "1.2.840.10008.5.1.4.1.1.88.34";

TEST_F(Reports, OfAllObjectsEndsTheDelivery) {
  EXPECT_EQ(StateAfter("PACS", {"2.25.7", {{kReport, "2.25.2", 0}, {kPage, "2.25.1", 0}}}), "done");
  EXPECT_EQ(StateAfter("PACS", {"2.25.7", {{kReport, "2.25.2", 0x0110}}}), "done") << "what comes twice counts once";
}

TEST_F(Reports, OfAFailureLetsItBeSentAgain) {
  EXPECT_EQ(StateAfter("PACS", {"2.25.7", {{kReport, "2.25.2", 0}, {kPage, "2.25.1", 0x0112}}}), "sending");
  EXPECT_EQ(Delivery().state, "waiting");
  EXPECT_THAT(Delivery().reason, HasSubstr("failure reason 0112H"));
  EXPECT_TRUE(jobs::ClaimDelivery(*database_, "node/courier", 60));
}

TEST_F(Reports, ThatLeaveAnObjectOutAreNoAnswer) {
  EXPECT_EQ(StateAfter("PACS", {"2.25.7", {{kReport, "2.25.2", 0}}}), "sending");
  EXPECT_THAT(Delivery().reason, HasSubstr("without naming every object"));
}

TEST_F(Reports, OfSomebodyElseOrOnNothingChangeNothing) {
  const std::vector<dimse::CommitmentAnswer::Reference> all = {{kReport, "2.25.2", 0}, {kPage, "2.25.1", 0}};
  EXPECT_EQ(StateAfter("OTHER", {"2.25.7", all}), "sending");
  EXPECT_EQ(StateAfter("PACS", {"2.25.8", all}), "sending");
  EXPECT_EQ(Delivery().state, "awaiting");
  EXPECT_EQ(StateAfter("PACS", {"2.25.7", all}), "done");
}

TEST_F(Reports, ThatCannotBeReadAreSetAside) {
  base::WriteFile(layout_->incoming / "1.report", R"({"peer_ae": "PACS", "transaction_uid": "2.25.7"})");
  base::WriteFile(layout_->incoming / "2.report",
                  R"({"peer_ae": "PACS", "transaction_uid": "2.25.7", "references": [{"class": 3}]})");
  EXPECT_EQ(FileArrivals(config_, *layout_, *database_).records, 0U);
  EXPECT_TRUE(std::filesystem::exists(layout_->incoming / "1.report.unreadable"));
  EXPECT_TRUE(std::filesystem::exists(layout_->incoming / "2.report.unreadable"));
  EXPECT_EQ(Job().state, "sending");
}

}  // namespace
}  // namespace parotis::service
