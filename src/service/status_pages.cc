#include "service/status_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <map>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "jobs/catalogue.h"
#include "jobs/models.h"

namespace parotis::service {
namespace {

namespace fs = std::filesystem;

constexpr double kStale_s = 15;

double Now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

base::Json StatusOf(const Layout& layout) {
  try {
    return base::ReadJson(layout.status());
  } catch (const base::Error&) {
    return base::Json::object();
  }
}

bool Runs(const base::Json& status) {
  return status.value("runs", false) && Now() - status.value("at", 0.0) < kStale_s;
}

class Exposition {
 public:
  void Metric(const std::string& name, const std::string& type, const std::string& help) {
    name_ = "parotis_" + name;
    text_ += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name_, help, type);
  }
  template <class Number>
  void Value(Number value, const std::string& labels = "", const std::string& suffix = "") {
    text_ += fmt::format("{}{}{} {}\n", name_, suffix, labels.empty() ? "" : "{" + labels + "}", value);
  }
  template <class Number>
  void Single(const std::string& name, const std::string& type, const std::string& help, Number value) {
    Metric(name, type, help);
    Value(value);
  }
  std::string text() const { return text_; }

 private:
  std::string name_, text_;
};

void AddCounts(Exposition& page, jobs::Database& database) {
  page.Metric("jobs", "gauge", "Studies by the state of their job.");
  for (const auto& [state, count] : jobs::CountJobs(database)) page.Value(count, fmt::format("state=\"{}\"", state));
  page.Metric("deliveries", "gauge", "Results to be sent or sent, by state.");
  for (const auto& [state, count] : jobs::CountDeliveries(database))
    page.Value(count, fmt::format("state=\"{}\"", state));
  page.Metric("pulls", "gauge", "Studies to be fetched or fetched, by state.");
  for (const auto& [state, count] : jobs::CountPulls(database)) page.Value(count, fmt::format("state=\"{}\"", state));
  page.Metric("commitments", "gauge", "Requests of others for storage commitment, by the state of their answer.");
  for (const auto& [state, count] : jobs::CountCommitments(database))
    page.Value(count, fmt::format("state=\"{}\"", state));
}

void AddDurations(Exposition& page, std::vector<double> durations_s) {
  std::sort(durations_s.begin(), durations_s.end());
  page.Metric("study_seconds", "summary",
              "From a study's last instance to its results being stored, of the last 1000.");
  double sum = 0;
  for (const double duration : durations_s) sum += duration;
  for (const double quantile : {0.5, 0.95, 0.99}) {
    if (durations_s.empty()) break;
    const auto rank = static_cast<std::size_t>(std::lround(quantile * static_cast<double>(durations_s.size() - 1)));
    page.Value(durations_s[rank], fmt::format("quantile=\"{}\"", quantile));
  }
  page.Value(sum, "", "_sum");
  page.Value(durations_s.size(), "", "_count");
}

}  // namespace

http::Response Readiness(jobs::Database& database, const Layout& layout) {
  const base::Json status = StatusOf(layout);
  if (!Runs(status)) return http::Text(503, "the node's supervisor does not run\n");
  jobs::CountJobs(database);
  const std::string no_room = status.value("no_room", std::string());
  if (!no_room.empty()) return http::Text(503, "nothing more is taken: " + no_room + "\n");
  return http::Text(200, "ready\n");
}

http::Response Metrics(jobs::Database& database, const NodeConfig& config, const Layout& layout) {
  const base::Json status = StatusOf(layout);
  const auto counter = [&](const char* key) { return status.value(key, std::uint64_t{0}); };
  const jobs::Held held = jobs::Holdings(database);
  std::error_code code;
  const fs::space_info space = fs::space(config.folder, code);
  Exposition page;
  page.Single("up", "gauge", "1 while the supervisor runs.", Runs(status) ? 1 : 0);
  AddCounts(page, database);
  page.Single("oldest_ready_seconds", "gauge", "How long the oldest study that is ready has waited.",
              held.oldest_waiting_s);
  AddDurations(page, held.last_durations_s);
  page.Single("kept_studies", "gauge", "Studies whose images are kept.", held.studies);
  page.Single("kept_instances", "gauge", "Instances that are kept, results among them.", held.instances);
  page.Single("kept_bytes", "gauge", "Their size.", held.bytes);
  page.Single("disk_free_bytes", "gauge", "Free on the disk of the node's folder.", code ? 0 : space.available);
  page.Single("room", "gauge", "0 while nothing more is taken.",
              status.value("no_room", std::string()).empty() ? 1 : 0);
  page.Single("associations_open", "gauge", "DICOM associations now.", counter("associations_open"));
  page.Single("associations_accepted_total", "counter", "Connections that became a process.",
              counter("associations_accepted"));
  page.Single("associations_turned_away_total", "counter", "Connections beyond the limit.",
              counter("associations_turned_away"));
  page.Single("associations_died_total", "counter", "Association processes ended by a signal.",
              counter("associations_died"));
  page.Single("instances_filed_total", "counter", "Instances that were new.", counter("instances_filed"));
  page.Single("process_restarts_total", "counter", "Processes of the node that were started again.",
              counter("process_restarts"));
  page.Metric("active_model_info", "gauge", "The model whose answers are sent.");
  page.Value(1, fmt::format("name=\"{}\"", jobs::ActiveModel(database)));
  return http::Text(200, page.text(), "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace parotis::service
