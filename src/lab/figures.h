// The study's figures, computed aside whenever what they are of has changed: bootstraps take seconds, a page must not
// wait.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "report/contrast_study.h"

namespace parotis::lab {

// What was computed from one state of the study.
struct Snapshot {
  std::uint64_t revision = 0;
  report::ContrastStudyInput input;  // without its logs
  std::string json;                  // of lab/results.h
};

class Figures {
 public:
  // `read`: the study as its report wants it; called on a thread of this object's own. May throw: what is damaged or
  // half there is tried again.
  explicit Figures(std::function<report::ContrastStudyInput()> read);
  ~Figures();
  Figures(const Figures&) = delete;
  Figures& operator=(const Figures&) = delete;

  // Computes anew unless `state` is what was computed last. Returns at once. Half of the processors are left to a study
  // that is running.
  void Want(const std::string& state, bool is_study_running);

  struct Standing {
    std::shared_ptr<const Snapshot> latest;  // null: none yet
    bool is_computing = false;
    std::string problem;  // of the last attempt
  };
  Standing Now() const;

 private:
  void Work();
  void Compute(const std::string& state, int threads);
  bool Ends() const;

  const std::function<report::ContrastStudyInput()> read_;
  mutable std::mutex mutex_;
  std::condition_variable wanted_changed_;
  std::string wanted_, computed_, problem_;
  bool is_study_running_ = false, is_computing_ = false, ends_ = false;
  std::shared_ptr<const Snapshot> latest_;
  std::thread thread_;
};

}  // namespace parotis::lab
