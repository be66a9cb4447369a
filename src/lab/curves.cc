#include "lab/curves.h"

#include <fstream>

#include "base/error.h"
#include "evaluate/json_values.h"
#include "report/training_log.h"

namespace parotis::lab {
namespace {

namespace fs = std::filesystem;
using base::Json;
using report::LogPoint;

// The whole lines from `from` on.
std::string LinesFrom(const fs::path& file, std::uintmax_t from) {
  std::ifstream stream(file, std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(from));
  std::string text(std::istreambuf_iterator<char>(stream), {});
  text.resize(text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1);
  return text;
}

Json ToJson(const experiment::Task& task, const std::string& problem, const std::vector<LogPoint>& points) {
  Json iteration = Json::array(), loss = Json::array(), soft_dice = Json::array();
  for (const LogPoint& point : points) {
    iteration.push_back(point.iteration);
    loss.push_back(evaluate::OrNull(point.loss));
    soft_dice.push_back(evaluate::OrNull(point.soft_dice));
  }
  return {{"task", task.index},       {"variant", task.variant},
          {"set", task.contrast_set}, {"repeat", task.repeat},
          {"seed", task.seed},        {"folds", task.folds},
          {"problem", problem},       {"iteration", std::move(iteration)},
          {"loss", std::move(loss)},  {"soft_dice", std::move(soft_dice)}};
}

}  // namespace

std::vector<LogPoint> Thinned(const std::vector<LogPoint>& points, std::size_t most) {
  if (points.size() <= most || most < 2) return points;
  std::vector<LogPoint> thinned;
  thinned.reserve(most);
  for (std::size_t n = 0; n < most; ++n) thinned.push_back(points[n * (points.size() - 1) / (most - 1)]);
  return thinned;
}

bool Curves::Read(Log& log) const {
  const fs::path file = runs_ / log.task.folder / "log.jsonl";
  std::error_code missing;
  const std::uintmax_t size = fs::file_size(file, missing);
  if (missing || size == log.bytes) return false;
  if (size < log.bytes) {
    log.bytes = 0;
    log.points.clear();
  }
  const std::string before = log.problem, lines = LinesFrom(file, log.bytes);
  try {
    report::AddLogPoints(lines, file.string(), log.points);
    log.bytes += lines.size();
    log.problem.clear();
  } catch (const base::Error& error) {
    log.bytes = 0;
    log.points.clear();
    log.problem = error.message();
  }
  return !lines.empty() && (log.problem.empty() || log.problem != before);
}

void Curves::Follow(const std::vector<experiment::Task>& tasks) {
  for (const experiment::Task& task : tasks) {
    if (task.kind != experiment::TaskKind::kMember) continue;
    Log& log = logs_[task.folder];
    log.task = task;
    if (Read(log)) log.revision = ++revision_;
  }
}

Json Curves::Since(std::uint64_t after) const {
  Json curves = Json::array();
  for (const auto& [folder, log] : logs_) {
    if (log.revision > after) curves.push_back(ToJson(log.task, log.problem, Thinned(log.points, kMostPoints)));
  }
  return {{"revision", revision_}, {"curves", std::move(curves)}};
}

}  // namespace parotis::lab
