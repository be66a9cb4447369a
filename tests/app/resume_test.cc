// A training killed at any moment and started again ends with the bits of one that was left alone.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <random>
#include <thread>

#include "base/hash.h"
#include "tests/support/chain.h"

namespace parotis {
namespace {

std::vector<std::string> TrainInto(const std::filesystem::path& run) {
  return {"train", "-d",         test::CohortFolder(), "-p", test::PlanFile(), "-c", "diffusion", "--all",
          "-o",    run.string(), "--threads",          "1"};
}

// Kills the training after a random part of the time it takes when left alone.
void KillOnce(const std::filesystem::path& run, double whole_run_s, std::mt19937& random) {
  test::RunningProgram training(TrainInto(run));
  const double after_s = std::uniform_real_distribution(0.3, 0.9)(random) * whole_run_s;
  std::this_thread::sleep_for(std::chrono::duration<double>(after_s));
  kill(training.process(), SIGKILL);
  training.Wait();
}

TEST(Training, KilledAtThreeRandomMomentsEndsWithTheSameBits) {
  const test::TemporaryFolder folder;
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(test::RunProgram(TrainInto(folder.path() / "whole")).exit_code, 0);
  const double whole_run_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::mt19937 random(std::random_device{}());
  const auto broken = folder.path() / "broken";
  for (int kill_number = 0; kill_number < 3; ++kill_number) KillOnce(broken, whole_run_s, random);
  const test::Outcome last = test::RunProgram(TrainInto(broken));
  ASSERT_EQ(last.exit_code, 0) << last.err;
  EXPECT_EQ(base::HashOfFile(broken / "model.safetensors"),
            base::HashOfFile(folder.path() / "whole" / "model.safetensors"));
}

}  // namespace
}  // namespace parotis
