#include "plan/patient_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "base/hash.h"
#include "base/safetensors.h"
#include "tests/support/errors.h"
#include "tests/support/small_plan.h"
#include "tests/support/temporary_folder.h"

namespace parotis::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fs = std::filesystem;

class History : public testing::Test {
 protected:
  static BundleInfo TrainedOn(const std::vector<std::string>& patients) {
    BundleInfo info;
    info.name = "small";
    info.plan = test::SmallPlan();
    info.contrast_set = "both";
    info.channels = info.plan.ChannelsOf("both");
    info.training["patient_id_sha256"] = base::Json::array();
    for (const std::string& patient : patients) info.training["patient_id_sha256"].push_back(base::HashOf(patient));
    return info;
  }
  fs::path Save(const std::string& name, const BundleInfo& info) const {
    base::WriteSafetensors(folder_.path() / name, MetadataOf(info), {});
    return folder_.path() / name;
  }
  fs::path Seed(const std::string& name) const {
    return fs::path(PAROTIS_SOURCE_DIR) / "fuzz" / "seeds" / "pickle" / name;
  }
  test::TemporaryFolder folder_;
};

TEST_F(History, OfABundleIsThePatientsItWasTrainedOn) {
  const fs::path bundle = Save("a.safetensors", TrainedOn({"anna", "berta"}));
  const TransferOverlap overlap = OverlapOf(bundle, {"clara", "berta"});
  EXPECT_THAT(overlap.patients, ElementsAre("berta"));
  EXPECT_THAT(overlap.unknown, IsEmpty());
  EXPECT_TRUE(UnknownHistory(overlap).empty());
}

TEST_F(History, GoesOnThroughEveryModelThatStartedFromAnother) {
  const fs::path first = Save("1.safetensors", TrainedOn({"anna"}));
  BundleInfo second = TrainedOn({"berta"});
  Inherit(HistoryOfWeights(first), second);
  BundleInfo third = TrainedOn({"clara"});
  Inherit(HistoryOfWeights(Save("2.safetensors", second)), third);
  const TransferOverlap overlap = OverlapOf(Save("3.safetensors", third), {"anna", "berta", "clara", "dora"});
  EXPECT_THAT(overlap.patients, ElementsAre("anna", "berta", "clara"));
  EXPECT_THAT(overlap.unknown, IsEmpty());
}

TEST_F(History, OfAFileThatDoesNotSayStaysUnknownDownTheLine) {
  BundleInfo second = TrainedOn({"berta"});
  Inherit(HistoryOfWeights(Seed("state_dict.pt")), second);
  const TransferOverlap overlap = OverlapOf(Save("2.safetensors", second), {"berta"});
  EXPECT_THAT(overlap.patients, ElementsAre("berta"));
  EXPECT_THAT(overlap.unknown, ElementsAre("state_dict.pt"));
  EXPECT_EQ(UnknownHistory(overlap).code, "pretraining_unknown");
  EXPECT_THAT(UnknownHistory(overlap).message, HasSubstr("state_dict.pt does not say"));
}

TEST_F(History, OfABundleWithoutPatientsIsUnknown) {
  BundleInfo info = TrainedOn({});
  info.training.erase("patient_id_sha256");
  EXPECT_THAT(HistoryOf(info).unknown, ElementsAre("small"));
}

TEST_F(History, OfAnEnsembleIsThatOfItsMembers) {
  BundleInfo told = TrainedOn({"anna"}), silent = TrainedOn({});
  Inherit(HistoryOf(TrainedOn({"berta"})), told);
  silent.name = "silent";
  silent.training.erase("patient_id_sha256");
  const std::vector<fs::path> members = {Save("1", told), Save("2", silent)};
  WriteEnsemble(members, TrainedOn({}), folder_.path() / "both");
  const TransferOverlap overlap = OverlapOf(folder_.path() / "both", {"anna", "berta", "clara"});
  EXPECT_THAT(overlap.patients, ElementsAre("anna", "berta"));
  EXPECT_THAT(overlap.unknown, ElementsAre("silent"));
}

TEST_F(History, UnsafeFilesAndCheckpointsAreRefused) {
  EXPECT_THAT(test::ErrorOf([&] { HistoryOfWeights(Seed("command.pt")); }), HasSubstr("posix.system"));
  base::WriteSafetensors(folder_.path() / "c", {{"parotis_checkpoint", "{}"}}, {});
  EXPECT_THAT(test::ErrorOf([&] { HistoryOfWeights(folder_.path() / "c"); }), HasSubstr("model.safetensors"));
}

}  // namespace
}  // namespace parotis::plan
