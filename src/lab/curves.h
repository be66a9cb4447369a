// Learning curves of networks, followed while they grow: of each log only what came since the last look is read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "experiment/tasks.h"
#include "report/contrast_study.h"

namespace parotis::lab {

// The most points of a curve that are shown.
inline constexpr std::size_t kMostPoints = 300;

class Curves {
 public:
  explicit Curves(std::filesystem::path runs) : runs_(std::move(runs)) {}

  // Looks at every network's log. A line that is still being written is read when it is whole; a log that cannot be
  // read keeps its `problem` until it can.
  void Follow(const std::vector<experiment::Task>& tasks);
  // Those that have changed since `after`, a revision of an earlier answer (0: all): {"revision", "curves": [{"task",
  // "variant", "set", "repeat", "seed", "folds", "problem", "iteration": […], "loss": […], "soft_dice": […]}]}; numbers
  // that the log does not have are null.
  base::Json Since(std::uint64_t after) const;

 private:
  struct Log {
    experiment::Task task;
    std::uintmax_t bytes = 0;  // that were read
    std::vector<report::LogPoint> points;
    std::string problem;
    std::uint64_t revision = 0;
  };
  bool Read(Log& log) const;  // whether it has changed

  std::filesystem::path runs_;
  std::map<std::string, Log> logs_;  // by folder
  std::uint64_t revision_ = 0;
};

// At most `most` points: the first and the last stay, those between are the nearest to equal steps.
std::vector<report::LogPoint> Thinned(const std::vector<report::LogPoint>& points, std::size_t most);

}  // namespace parotis::lab
