#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/log.h"
#include "infer/predictor.h"
#include "model/bundle.h"
#include "tests/support/shapes.h"
#include "tests/support/small_plan.h"
#include "tests/support/temporary_folder.h"
#include "train/train.h"
#include "train/validation.h"

namespace parotis::train {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class Training : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    base::SetLogLevel(base::LogLevel::kWarning);
    folder_ = new test::TemporaryFolder;
    test::WriteShapes(folder_->path() / "shapes", 6);
  }
  static void TearDownTestSuite() { delete folder_; }

  static TrainRequest Request(const std::string& run) {
    TrainRequest request;
    request.dataset = folder_->path() / "shapes";
    request.plan = test::SmallPlan();
    request.train_cases = {"case_0", "case_1", "case_2", "case_3"};
    request.validation_cases = {"case_4", "case_5"};
    request.run_folder = folder_->path() / run;
    request.threads = 1;
    return request;
  }
  static fs::path Folder() { return folder_->path(); }

  static inline test::TemporaryFolder* folder_ = nullptr;
};

std::vector<base::Json> LogOf(const fs::path& run) {
  std::istringstream lines(base::ReadFile(run / "log.jsonl"));
  std::vector<base::Json> log;
  for (std::string line; std::getline(lines, line);) log.push_back(base::ParseJson(line, "log"));
  return log;
}

std::string ComplaintOf(const TrainRequest& request) {
  try {
    Train(request);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

TEST_F(Training, LearnsTheShapes) {
  TrainRequest request = Request("learns");
  request.plan.optimiser.iterations = 120;
  request.plan.optimiser.ema_decay = 0.9;
  request.plan.optimiser.learning_rate = 1e-2;
  request.plan.training.validate_every = 0;
  const TrainSummary summary = Train(request);
  EXPECT_GT(summary.final_validation_dice, 0.8);
  EXPECT_EQ(summary.iterations, 120);
}

TEST_F(Training, StoppedAndStartedAgainEndsWithTheSameBitsAndTheSameLog) {
  const TrainSummary whole = Train(Request("whole"));
  TrainRequest broken = Request("broken");
  broken.stop_at = 8;
  EXPECT_TRUE(Train(broken).model.empty());
  // What an interrupted run wrote after its checkpoint must go.
  std::ofstream(broken.run_folder / "log.jsonl", std::ios::app) << "{\"iteration\": 9, \"loss\": 1";
  broken.stop_at = 0;
  EXPECT_EQ(base::HashOfFile(Train(broken).model), base::HashOfFile(whole.model));
  const auto one = LogOf(Folder() / "whole"), other = LogOf(broken.run_folder);
  ASSERT_EQ(one.size(), other.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].value("loss", 0.0), other[i].value("loss", 0.0));
    EXPECT_EQ(one[i].value("validation", base::Json()), other[i].value("validation", base::Json()));
  }
}

TEST_F(Training, AnotherSeedGivesAnotherModel) {
  TrainRequest other = Request("seed2");
  other.seed = 2;
  EXPECT_NE(base::HashOfFile(Train(Request("seed1")).model), base::HashOfFile(Train(other).model));
}

TEST_F(Training, AFinishedRunIsNotTrainedAgain) {
  const TrainSummary first = Train(Request("finished"));
  const std::string log = base::ReadFile(Folder() / "finished" / "log.jsonl");
  const TrainSummary second = Train(Request("finished"));
  EXPECT_EQ(base::ReadFile(Folder() / "finished" / "log.jsonl"), log);
  EXPECT_EQ(first.final_validation_dice, second.final_validation_dice);
}

TEST_F(Training, ARunFolderOfAnotherTrainingIsRefused) {
  Train(Request("taken"));
  TrainRequest other = Request("taken");
  other.plan.optimiser.learning_rate = 0.5;
  EXPECT_THAT(ComplaintOf(other), HasSubstr("another training"));
}

TEST_F(Training, APatientInTrainingAndValidationIsRefusedByName) {
  TrainRequest request = Request("leak");
  request.train_cases.push_back("case_5");
  EXPECT_THAT(ComplaintOf(request), HasSubstr("patient_5"));
}

TEST_F(Training, ALossThatIsNotFiniteStopsWithASentence) {
  TrainRequest request = Request("nan");
  request.plan.loss.dice = 1e39;  // overflows float32
  EXPECT_THAT(ComplaintOf(request), HasSubstr("not finite in iteration 1"));
  EXPECT_FALSE(fs::exists(request.run_folder / "model.safetensors"));
}

TEST_F(Training, RecordsWhatTheModelCameFrom) {
  const TrainSummary summary = Train(Request("recorded"));
  const base::Json run = base::ReadJson(Folder() / "recorded" / "run.json");
  EXPECT_EQ(run["training"]["seed"], 1);
  EXPECT_EQ(run["prepared"].size(), 4U);
  const auto hashes = plan::ReadBundleInfo(summary.model).training["patient_id_sha256"];
  EXPECT_EQ(hashes.size(), 4U);
  EXPECT_THAT(hashes.dump(), HasSubstr(base::HashOf("patient_3")));
  EXPECT_THAT(hashes.dump(), testing::Not(HasSubstr(base::HashOf("patient_4"))));
  const base::Json drawn = base::ReadJson(Folder() / "recorded" / "summary.json")["drawn"]["drawn_for"];
  EXPECT_EQ(drawn, (base::Json{{"tumour_free", 12}, {"square", 12}, {"disc", 24}}));
}

TEST_F(Training, StartsFromTheWeightsOfAnotherModel) {
  TrainRequest source = Request("source");
  source.plan.optimiser.iterations = 120;
  source.plan.optimiser.learning_rate = 1e-2;
  source.plan.optimiser.ema_decay = 0.9;
  source.plan.training.validate_every = 0;
  const double learnt = Train(source).final_validation_dice;
  TrainRequest request = Request("continued");
  request.from = Folder() / "source" / "model.safetensors";
  request.plan.optimiser.iterations = 2;
  request.plan.optimiser.warmup_iterations = 1;
  request.plan.optimiser.learning_rate = 1e-5;
  EXPECT_NEAR(Train(request).final_validation_dice, learnt, 0.1);
}

TEST_F(Training, FrozenPartsKeepEveryBitWhileTheOthersLearn) {
  for (const auto norm : {plan::NetworkNorm::kInstance, plan::NetworkNorm::kBatch}) {
    const std::string name = "frozen" + std::to_string(static_cast<int>(norm));
    TrainRequest source = Request(name + "_source");
    source.plan.network.norm = norm;
    const fs::path from = Train(source).model;
    TrainRequest request = Request(name);
    request.plan.network.norm = norm;
    request.from = from;
    request.plan.transfer.frozen = {"encoder", "decoder_1"};
    request.plan.transfer.freeze_iterations = -1;
    request.plan.optimiser.weight_decay = 0.5;
    const auto before = base::ReadSafetensors(from), after = base::ReadSafetensors(Train(request).model);
    for (const auto& [tensor, values] : before.tensors) {
      const bool frozen =
          tensor.starts_with("encoder") || tensor.starts_with("decoder_1") || tensor.starts_with("up_1");
      EXPECT_TRUE(!frozen || std::ranges::equal(values.bytes, after.at(tensor).bytes)) << tensor;
    }
    for (const char* tensor : {"head_0.weight", "decoder_0.0.convolution.weight", "up_0.weight"})
      EXPECT_FALSE(std::ranges::equal(before.at(tensor).bytes, after.at(tensor).bytes)) << tensor;
  }
}

TEST_F(Training, AThawingTrainingIsResumedBitForBit) {
  TrainRequest source = Request("thaw_source");
  const fs::path from = Train(source).model;
  const auto request = [&](const std::string& run) {
    TrainRequest thawing = Request(run);
    thawing.from = from;
    thawing.plan.transfer.frozen = {"encoder"};
    thawing.plan.transfer.freeze_iterations = 6;
    thawing.plan.transfer.learning_rate_factors = {{"decoder", 0.3}};
    thawing.plan.transfer.level_decay = 0.8;
    return thawing;
  };
  const fs::path whole = Train(request("thaw_whole")).model;
  for (const std::int64_t stop : {4, 8}) {
    TrainRequest broken = request("thaw_broken" + std::to_string(stop));
    broken.stop_at = stop;
    Train(broken);
    broken.stop_at = 0;
    EXPECT_EQ(base::HashOfFile(Train(broken).model), base::HashOfFile(whole)) << stop;
  }
  const auto before = base::ReadSafetensors(from), after = base::ReadSafetensors(whole);
  EXPECT_FALSE(std::ranges::equal(before.at("encoder_0.0.convolution.weight").bytes,
                                  after.at("encoder_0.0.convolution.weight").bytes));
}

TEST_F(Training, WeightsThatHaveSeenAPatientOfValidationAreRefusedByName) {
  TrainRequest source = Request("seen_source");
  source.train_cases = {"case_2", "case_3", "case_4", "case_5"};
  source.validation_cases = {};
  TrainRequest request = Request("seen");
  request.from = Train(source).model;
  EXPECT_THAT(ComplaintOf(request), testing::AllOf(HasSubstr("patient_4"), HasSubstr("start from weights that"),
                                                   HasSubstr("pretraining_overlap")));
  // Nor through another model in between.
  TrainRequest between = Request("seen_between");
  between.train_cases = {"case_0", "case_1"};
  between.validation_cases = {};
  between.from = request.from;
  request.from = Train(between).model;
  EXPECT_THAT(ComplaintOf(request), HasSubstr("patient_5"));
}

TEST_F(Training, TheFolderAndTheModelSayWhatBecameOfTheOtherWeights) {
  TrainRequest source = Request("told_source");
  TrainRequest request = Request("told");
  request.from = Train(source).model;
  const TrainSummary summary = Train(request);
  const base::Json table = base::ReadJson(request.run_folder / "transfer.json");
  EXPECT_EQ(table["file"], "model.safetensors");
  EXPECT_EQ(table["history"], "known");
  EXPECT_EQ(table["fresh"], 0);
  const base::Json told = plan::ReadBundleInfo(summary.model).training["transfer"];
  EXPECT_EQ(told["sha256"], base::HashOfFile(*request.from));
  EXPECT_EQ(told["copied"], table["copied"]);
  EXPECT_FALSE(told.contains("tensors"));
}

TEST_F(Training, NeighbouringSlicesAndEveryNormTrainAndPredict) {
  for (const auto norm : {plan::NetworkNorm::kInstance, plan::NetworkNorm::kBatch, plan::NetworkNorm::kGroup}) {
    TrainRequest request = Request("norm" + std::to_string(static_cast<int>(norm)));
    request.plan.network.norm = norm;
    request.plan.network.neighbour_slices = 1;
    request.plan.optimiser.iterations = 2;
    request.plan.optimiser.warmup_iterations = 1;
    request.contrast_set = "one";
    const auto predictor = infer::LoadPredictor(Train(request).model, {.threads = 1});
    EXPECT_TRUE(image::SameGrid(predictor->Predict(test::ShapesCase(4)).labels.geometry, test::ShapesGrid()));
  }
}

TEST(Validation, CountsALabelOnlyWhereItIsDefined) {
  // Predicts the truth of odd cases and nothing in even ones.
  class OddReader : public infer::Predictor {
   public:
    OddReader() { info_.plan = test::SmallPlan(), info_.channels = {"A", "B"}; }
    dataset::Prediction Predict(const dataset::Case& examination) override {
      dataset::Prediction prediction;
      const bool odd = (examination.id.back() - '0') % 2 == 1;
      prediction.labels = odd ? *examination.truth : image::LabelVolume(examination.grid);
      return prediction;
    }
    const plan::BundleInfo& info() const override { return info_; }

   private:
    plan::BundleInfo info_;
  };
  const test::TemporaryFolder folder;
  test::WriteShapes(folder.path() / "d", 3);
  OddReader reader;
  const ValidationResult result =
      Validate(reader, dataset::OpenDataset(folder.path() / "d"), {"case_0", "case_1", "case_2"});
  EXPECT_EQ(result.dice[1], 0);  // squares are missed in cases 0 and 2
  EXPECT_EQ(result.dice[2], 1);  // only case 1 has a disc
  EXPECT_EQ(result.mean_dice, 0.5);
  EXPECT_NEAR(result.foreground_dice, 1.0 / 3, 1e-12);
}

}  // namespace
}  // namespace parotis::train
