#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "report/contrast_sections.h"
#include "report/plots.h"

namespace parotis::report {
namespace {

Curve MeanOf(const std::vector<const TrainingLog*>& logs, double LogPoint::* value) {
  std::map<double, std::vector<double>> by_iteration;
  for (const TrainingLog* log : logs) {
    for (const LogPoint& point : log->points) {
      if (std::isfinite(point.*value)) by_iteration[point.iteration].push_back(point.*value);
    }
  }
  Curve mean;
  mean.width_pt = 2;
  for (const auto& [iteration, values] : by_iteration) {
    if (values.size() == logs.size()) mean.points.push_back({iteration, evaluate::MeanOf(values)});
  }
  return mean;
}

Drawing LearningPlot(const std::vector<const TrainingLog*>& logs, double LogPoint::* value, const std::string& title,
                     int series) {
  LinePlotInput input{{"iteration", 0, 1}, {title, 0, 1}, {}, false, title + " against iteration"};
  for (const TrainingLog* log : logs) {
    Curve curve;
    curve.series = series;
    curve.width_pt = 0.6;
    curve.opacity = 0.45;
    for (const LogPoint& point : log->points) {
      if (!std::isfinite(point.*value)) continue;
      curve.points.push_back({point.iteration, point.*value});
      input.horizontal.high = std::max(input.horizontal.high, point.iteration);
      input.vertical.high = std::max(input.vertical.high, point.*value);
    }
    input.curves.push_back(std::move(curve));
  }
  input.curves.push_back(MeanOf(logs, value));
  input.curves.back().series = series;
  return LinePlot(input, {235, 150});
}

// The cross-validations that are shown: those of the first variant, repeat and seed that have logs.
std::vector<StudyPlace> ShownPlaces(const ContrastStudyInput& input) {
  std::vector<StudyPlace> places;
  const StudyPlace& first = input.cross_validations.empty() ? input.logs[0].at : input.cross_validations[0].at;
  for (const TrainingLog& log : input.logs) {
    const bool is_shown = log.at.variant == first.variant && log.at.repeat == first.repeat && log.at.seed == first.seed;
    if (is_shown && std::find(places.begin(), places.end(), log.at) == places.end()) places.push_back(log.at);
  }
  return places;
}

std::vector<const TrainingLog*> LogsOf(const ContrastStudyInput& input, const StudyPlace& at) {
  std::vector<const TrainingLog*> logs;
  for (const TrainingLog& log : input.logs)
    if (log.at == at) logs.push_back(&log);
  return logs;
}

bool HasAny(const std::vector<const TrainingLog*>& logs, double LogPoint::* value) {
  return std::any_of(logs.begin(), logs.end(), [&](const TrainingLog* log) {
    return std::any_of(log->points.begin(), log->points.end(),
                       [&](const LogPoint& point) { return std::isfinite(point.*value); });
  });
}

}  // namespace

void AddTraining(Document& document, const StudyAnalysis& study) {
  if (study.input.logs.empty()) return;
  Figure figure{"Learning curves, by contrast set: every network thin, their mean thick.", {}, 2, {}};
  std::size_t networks = 0;
  for (const StudyPlace& at : ShownPlaces(study.input)) {
    const std::vector<const TrainingLog*> logs = LogsOf(study.input, at);
    networks += logs.size();
    if (HasAny(logs, &LogPoint::loss))
      figure.panels.push_back({LearningPlot(logs, &LogPoint::loss, "loss", 0), at.contrast_set});
    if (HasAny(logs, &LogPoint::soft_dice)) {
      figure.panels.push_back(
          {LearningPlot(logs, &LogPoint::soft_dice, "soft Dice of the batches", 2), at.contrast_set});
    }
  }
  if (figure.panels.empty()) return;
  document.Section(kTrainingSection);
  document.Say(fmt::format("{} are shown.", Plural(networks, "network", "networks")));
  figure.notes = {"On training batches. Nothing of a held-out fold was looked at while a network was trained."};
  document.Add(std::move(figure));
}

}  // namespace parotis::report
