#include "lab/figures.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "base/parallel.h"
#include "lab/results.h"
#include "report/contrast_analysis.h"

namespace parotis::lab {
namespace {

constexpr auto kAgainAfter = std::chrono::seconds(5);

std::shared_ptr<const Snapshot> SnapshotOf(report::ContrastStudyInput input, std::uint64_t revision) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->revision = revision;
  snapshot->input = std::move(input);
  snapshot->input.logs.clear();
  base::Json json = {{"revision", revision}};
  json.update(ResultsOf(report::Analyse(snapshot->input)));
  snapshot->json = json.dump(-1, ' ', false, base::Json::error_handler_t::replace);
  return snapshot;
}

}  // namespace

Figures::Figures(std::function<report::ContrastStudyInput()> read)
    : read_(std::move(read)), thread_([this] { Work(); }) {}

Figures::~Figures() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  wanted_changed_.notify_all();
  thread_.join();
}

void Figures::Want(const std::string& state, bool is_study_running) {
  const std::lock_guard lock(mutex_);
  is_study_running_ = is_study_running;
  if (state == wanted_) return;
  wanted_ = state;
  wanted_changed_.notify_all();
}

Figures::Standing Figures::Now() const {
  const std::lock_guard lock(mutex_);
  return {latest_, is_computing_ || wanted_ != computed_, problem_};
}

void Figures::Work() {
  std::unique_lock lock(mutex_);
  while (!ends_) {
    if (wanted_ == computed_) {
      wanted_changed_.wait(lock);
      continue;
    }
    const std::string state = wanted_;
    const int threads = is_study_running_ ? std::max(1, base::AvailableThreads() / 2) : base::AvailableThreads();
    is_computing_ = true;
    lock.unlock();
    Compute(state, threads);
    lock.lock();
    is_computing_ = false;
    // What failed is tried again, at leisure.
    if (computed_ != state) wanted_changed_.wait_for(lock, kAgainAfter, [&] { return ends_ || wanted_ != state; });
  }
}

bool Figures::Ends() const {
  const std::lock_guard lock(mutex_);
  return ends_;
}

void Figures::Compute(const std::string& state, int threads) {
  std::string problem;
  std::shared_ptr<const Snapshot> made;
  try {
    report::ContrastStudyInput input = read_();
    if (Ends()) return;
    input.bootstrap.threads = threads;
    made = SnapshotOf(std::move(input), Now().latest ? Now().latest->revision + 1 : 1);
  } catch (const base::Error& error) {
    problem = error.message();
  } catch (const std::exception& error) {
    problem = std::string("the study's figures cannot be computed: ") + error.what();
  }
  const std::lock_guard lock(mutex_);
  problem_ = problem;
  if (!made) return;
  latest_ = made;
  computed_ = state;
}

}  // namespace parotis::lab
