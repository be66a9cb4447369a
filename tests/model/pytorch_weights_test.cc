// The same weights give the same logits: networks written by PyTorch under the names of common projects
// (torch_networks.py), read by TransferWeights.
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "model/bundle.h"
#include "model/transfer.h"
#include "tests/support/python.h"
#include "tests/support/small_plan.h"
#include "tests/support/temporary_folder.h"
#include "weights/named_tensors.h"

namespace parotis::model {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class PyTorchWeights : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (test::Python().empty()) return;
    folder_ = new test::TemporaryFolder;
    written_ = test::RunPython("model/torch_networks.py", folder_->path());
  }
  static void TearDownTestSuite() { delete folder_; }
  void SetUp() override {
    if (folder_ == nullptr) GTEST_SKIP() << "there is no .venv with PyTorch beside the sources (scripts/setup.sh)";
    ASSERT_TRUE(written_) << "tests/model/torch_networks.py failed";
  }

  static plan::BundleInfo Info(plan::NetworkNorm norm) {
    plan::BundleInfo info;
    info.plan = test::SmallPlan();
    info.plan.network.norm = norm;
    info.contrast_set = "both";
    info.channels = info.plan.ChannelsOf("both");
    return info;
  }
  static fs::path File(const std::string& name) { return folder_->path() / (name + ".pt"); }

  static torch::Tensor Answer(const std::string& name, const std::string& tensor) {
    const weights::NamedTensors file = weights::ReadNamedTensors(File(name + "_answer"));
    for (const auto& each : file.tensors) {
      if (each.name == tensor) return ToTorch(each.tensor);
    }
    return {};
  }

  // The largest difference of a logit.
  static double Difference(const std::string& name, UNet& network) {
    const torch::NoGradGuard no_gradient;
    network->eval();
    const torch::Tensor logits = network->forward(Answer(name, "images"))[0];
    return (logits - Answer(name, "logits")).abs().max().item<double>();
  }

  static inline test::TemporaryFolder* folder_ = nullptr;
  static inline bool written_ = false;
};

TEST_F(PyTorchWeights, GiveTheSameLogitsUnderTheNamesOfEveryKnownProject) {
  for (const std::string project : {"plain", "nnunet", "monai", "milesial"}) {
    for (const auto& [kind, norm] :
         {std::pair("instance", plan::NetworkNorm::kInstance), std::pair("batch", plan::NetworkNorm::kBatch)}) {
      for (const std::string format : {"", "_legacy"}) {
        const std::string name = project + "_" + kind;
        UNet network = MakeNetwork(Info(norm), 4);
        const TransferReport report = TransferWeights(File(name + format), Info(norm), network);
        EXPECT_LT(Difference(name, network), 1e-5) << name << format;
        EXPECT_EQ(report.prefix, format.empty() ? "module." : "") << name << format;
        EXPECT_EQ(report.wrapper, format.empty() ? "state_dict" : "");
      }
    }
  }
}

TEST_F(PyTorchWeights, WithoutThemTheLogitsDiffer) {
  UNet network = MakeNetwork(Info(plan::NetworkNorm::kInstance), 4);
  EXPECT_GT(Difference("plain_instance", network), 1e-2);
}

TEST_F(PyTorchWeights, EveryTensorOfEitherSideHasARow) {
  UNet network = MakeNetwork(Info(plan::NetworkNorm::kInstance), 4);
  const TransferReport report = TransferWeights(File("monai_instance"), Info(plan::NetworkNorm::kInstance), network);
  const std::size_t in_file = weights::ReadNamedTensors(File("monai_instance")).tensors.size();
  std::set<std::string> ours, theirs;
  for (const TransferRow& row : report.rows) {
    EXPECT_TRUE(row.tensor.empty() || ours.insert(row.tensor).second) << row.tensor;
    EXPECT_TRUE(row.from.empty() || theirs.insert(row.from).second) << row.from;
  }
  EXPECT_EQ(ours.size(), StateOf(*network).size());
  EXPECT_EQ(theirs.size(), in_file);
  EXPECT_THAT(report.beside, testing::ElementsAre("optimizer: 1 tensor"));
  const std::string table = fmt::format("{}", fmt::join(TableOf(report), "\n"));
  for (const char* part : {"names of MONAI BasicUNet, behind", "not the same function", "input channels reordered",
                           "without effect before instance norm"})
    EXPECT_THAT(table, HasSubstr(part));
}

}  // namespace
}  // namespace parotis::model
