// `parotis study` with real networks, as a user runs it, on the cohort of tests/support/chain.h.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <random>
#include <thread>

#include "base/files.h"
#include "base/hash.h"
#include "base/json.h"
#include "tests/support/chain.h"

namespace parotis {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// Six patients in three folds: each member of a nested study learns from two. Uniform batches, because not every class
// is among them.
fs::path WriteStudy(const fs::path& folder) {
  const base::Json plan = {{"batch", {{"design", "uniform"}}},
                           {"optimiser", {{"iterations", 8}, {"warmup_iterations", 2}}},
                           {"training", {{"checkpoint_every", 2}}}};
  base::WriteJson(folder / "study.json", {{"name", "tiny"},
                                          {"plan", test::PlanFile()},
                                          {"contrast_sets", {"t2", "diffusion"}},
                                          {"folds", 3},
                                          {"variants", {{"tiny", {{"plan", plan}}}}}});
  return folder / "study.json";
}

std::vector<std::string> StudyInto(const fs::path& study, const fs::path& runs, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments = {"study", "-d",          test::CohortFolder(), "-s", study.string(),
                                        "-o",    runs.string(), "--workers",          "2"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

// Weights, predictions, decisions and evaluations, by name.
std::map<std::string, std::string> MadeBy(const fs::path& runs) {
  std::map<std::string, std::string> hashes;
  for (const auto& entry : fs::recursive_directory_iterator(runs)) {
    const std::string name = fs::relative(entry.path(), runs);
    const bool made = name.find("/predictions/") != std::string::npos || name.ends_with("model.safetensors") ||
                      name.ends_with("evaluation.json") || name.ends_with("decision.json");
    if (made && entry.is_regular_file()) hashes[name] = base::HashOfFile(entry.path());
  }
  return hashes;
}

// Every network's scalars for TensorBoard, and the page beside them.
void ExpectPageAndEvents(const fs::path& runs, std::size_t networks) {
  const test::TemporaryFolder folder;
  const fs::path page = folder.path() / "page.html", events = folder.path() / "events";
  const test::Outcome outcome = test::RunProgram(
      {"report", "--study", runs.string(), "-o", page.string(), "--tensorboard", events.string(), "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(base::ParseJson(outcome.out, "report")["tensorboard_files"], networks);
  EXPECT_GT(fs::file_size(page), 10000U);
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(events)) {
    if (!entry.is_regular_file()) continue;
    ++files;
    EXPECT_THAT(entry.path().filename().string(), testing::StartsWith("events.out.tfevents"));
    EXPECT_THAT(base::ReadFile(entry.path()), HasSubstr("train/loss"));
  }
  EXPECT_EQ(files, networks);
}

TEST(Study, KilledAtRandomMomentsEndsWithTheSameBitsAndWithATable) {
  const test::TemporaryFolder folder;
  const fs::path study = WriteStudy(folder.path());
  const auto start = std::chrono::steady_clock::now();
  const test::Outcome whole = test::RunProgram(StudyInto(study, folder.path() / "whole"));
  const std::chrono::duration<double> whole_run_s = std::chrono::steady_clock::now() - start;
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  EXPECT_THAT(whole.out, HasSubstr("tiny, diffusion"));
  ExpectPageAndEvents(folder.path() / "whole", 6);
  std::mt19937 random(std::random_device{}());
  const fs::path broken = folder.path() / "broken";
  for (int kill_number = 0; kill_number < 4; ++kill_number) {
    test::RunningProgram running(StudyInto(study, broken));
    std::this_thread::sleep_for(std::uniform_real_distribution(0.1, 0.5)(random) * whole_run_s);
    kill(running.process(), SIGKILL);  // its tasks die with it
    running.Wait();
  }
  const test::Outcome last = test::RunProgram(StudyInto(study, broken));
  ASSERT_EQ(last.exit_code, 0) << last.err;
  EXPECT_EQ(MadeBy(broken), MadeBy(folder.path() / "whole"));
  EXPECT_GE(MadeBy(broken).size(), 6U + 6U + 6U) << "models of members and runs, evaluations";
}

TEST(Study, ADryRunListsTheTasksAndWritesNothing) {
  const test::TemporaryFolder folder;
  const fs::path runs = folder.path() / "runs";
  const test::Outcome outcome = test::RunProgram(StudyInto(WriteStudy(folder.path()), runs, {"--dry-run", "--json"}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const base::Json estimate = base::ParseJson(outcome.out, "estimate");
  EXPECT_EQ(estimate["members"], 6);
  EXPECT_EQ(estimate["runs"], 6);
  for (const char* measured : {"seconds", "memory_bytes", "cache_bytes", "runs_bytes"})
    EXPECT_GT(estimate[measured].get<double>(), 0) << measured;
  EXPECT_FALSE(fs::exists(runs));
}

TEST(Study, WithoutContrastSetsAllChannelsAreOne) {
  const test::TemporaryFolder folder;
  base::Json study = base::ReadJson(WriteStudy(folder.path()));
  study.erase("contrast_sets");
  study["variants"]["tiny"]["plan"]["contrast_sets"] = nullptr;
  base::WriteJson(folder.path() / "study.json", study);
  const test::Outcome outcome =
      test::RunProgram(StudyInto(folder.path() / "study.json", folder.path() / "runs", {"--dry-run"}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("T2+T1C+B0+B1000+ADC"));
}

TEST(Study, TheEnsembleOfARunIsAModelLikeAnyOther) {
  const test::TemporaryFolder folder;
  const fs::path runs = folder.path() / "runs";
  const test::Outcome outcome = test::RunProgram(StudyInto(WriteStudy(folder.path()), runs, {"--seeds", "1"}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const fs::path run = runs / "tiny/t2/repeat-0/seed-1/fold-1";
  const fs::path predictions = folder.path() / "predictions";
  const test::Outcome predicted =
      test::RunProgram({"predict", "-m", (run / "model.safetensors").string(), "-d", test::CohortFolder(), "-o",
                        predictions.string(), "--threads", "1"});
  ASSERT_EQ(predicted.exit_code, 0) << predicted.err;
  for (const auto& entry : fs::directory_iterator(run / "predictions")) {
    if (!entry.is_regular_file()) continue;
    const fs::path same = predictions / entry.path().filename();
    EXPECT_EQ(base::HashOfFile(entry.path()), base::HashOfFile(same)) << same;
  }
}

}  // namespace
}  // namespace parotis
