// `parotis queue`: what a node has done and has to do, and what people do about it.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>

#include "app/command.h"
#include "app/commands.h"
#include "app/node_command.h"
#include "base/error.h"
#include "base/json.h"
#include "jobs/catalogue.h"
#include "jobs/deliveries.h"
#include "jobs/models.h"
#include "jobs/schema.h"
#include "service/node_config.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

struct QueueFlags {
  fs::path config;
  std::string state;
  std::int64_t show = 0, retry = 0;
  std::string activate;
  bool roll_back = false, models = false;
  int limit = 50;
};

std::string Kind(const jobs::JobRecord& job) {
  if (job.review != 0) return fmt::format(" (edit {})", job.review);
  return job.shadow ? " (shadow)" : "";
}

base::Json ToJson(const jobs::JobRecord& job) {
  return {{"id", job.id},
          {"study_uid", job.study_uid},
          {"state", job.state},
          {"model", job.model},
          {"shadow", job.shadow},
          {"review", job.review == 0 ? base::Json() : base::Json(job.review)},
          {"verdict", job.verdict},
          {"reason", job.reason},
          {"sender", job.sender},
          {"instances", job.instances},
          {"attempts", job.attempts},
          {"results", job.results},
          {"first_arrival", UtcText(job.first_arrival)},
          {"last_arrival", UtcText(job.last_arrival)},
          {"started", UtcText(job.started)},
          {"analysed", UtcText(job.analysed)},
          {"ended", UtcText(job.ended)}};
}

int List(jobs::Database& database, const QueueFlags& flags) {
  const std::vector<jobs::JobRecord> list =
      jobs::ListJobs(database, {.state = flags.state, .study_uid = "", .id = 0, .limit = flags.limit});
  if (common().json) {
    base::Json json = {{"counts", jobs::CountJobs(database)}, {"jobs", base::Json::array()}};
    for (const jobs::JobRecord& job : list) json["jobs"].push_back(ToJson(job));
    fmt::print("{}", base::DumpJson(json));
    return kDone;
  }
  for (const auto& [state, count] : jobs::CountJobs(database)) {
    if (count > 0) fmt::print("{} {}   ", count, state);
  }
  fmt::print("\n{:>6}  {:<9} {:<20} {:>5}  {:<19}  {}\n", "job", "state", "model", "files", "last arrival (UTC)",
             "answer");
  for (const jobs::JobRecord& job : list) {
    fmt::print("{:>6}  {:<9} {:<20} {:>5}  {:<19}  {}\n", job.id, job.state, job.model + Kind(job), job.instances,
               UtcText(job.last_arrival), job.verdict.empty() ? job.reason : job.verdict);
  }
  return kDone;
}

int Show(jobs::Database& database, std::int64_t id) {
  const std::vector<jobs::JobRecord> found =
      jobs::ListJobs(database, {.state = "", .study_uid = "", .id = id, .limit = 1});
  if (found.empty()) base::Throw(base::ErrorKind::kUsage, fmt::format("there is no job {}", id));
  base::Json json = ToJson(found[0]);
  json["deliveries"] = base::Json::array();
  for (const jobs::DeliveryRecord& delivery : jobs::DeliveriesOf(database, id)) {
    json["deliveries"].push_back({{"peer", delivery.peer},
                                  {"state", delivery.state},
                                  {"attempts", delivery.attempts},
                                  {"reason", delivery.reason}});
  }
  if (common().json) {
    fmt::print("{}", base::DumpJson(json));
    return kDone;
  }
  for (const auto& [key, value] : json.items()) {
    if (!value.is_array()) fmt::print("{:<14} {}\n", key, value.is_string() ? value.get<std::string>() : value.dump());
  }
  for (const base::Json& delivery : json["deliveries"]) {
    fmt::print("to {:<11} {}, {} attempts {}\n", delivery["peer"].get<std::string>(),
               delivery["state"].get<std::string>(), delivery["attempts"].get<int>(),
               delivery["reason"].get<std::string>());
  }
  return kDone;
}

int Models(jobs::Database& database, const service::NodeConfig& config) {
  const std::string active = jobs::ActiveModel(database);
  for (const service::ModelEntry& model : config.models) {
    const bool shadow = model.role == service::ModelRole::kShadow && model.name != active;
    fmt::print("{:<20} {:<8} {}\n", model.name,
               model.name == active ? "active"
               : shadow             ? "shadow"
                                    : "standby",
               model.file.empty() ? "(the one that comes with the program)" : model.file.string());
  }
  for (const jobs::Activation& activation : jobs::Activations(database))
    fmt::print("  {}  {} by {}\n", UtcText(activation.since), activation.model, activation.by_whom);
  return kDone;
}

void ActivateModel(jobs::Database& database, const service::NodeConfig& config, const std::string& name) {
  if (config.Model(name) == nullptr)
    base::Throw(base::ErrorKind::kUsage,
                fmt::format("{} has no model \"{}\"; --models lists them", config.file.string(), name));
  jobs::Activate(database, name, Who());
  fmt::print("{} is active: studies that are begun from now on are answered by it\n", name);
}

int Run(const QueueFlags& flags) {
  const service::NodeConfig config = service::ReadNodeConfig(flags.config);
  if (config.database.empty() && !fs::exists(config.DatabaseOrDefault()))
    base::Throw(base::ErrorKind::kUsage, fmt::format("there is no node in {} yet: start it with parotis serve {}",
                                                     config.folder.string(), flags.config.string()));
  const auto database = jobs::OpenDatabase(config.DatabaseOrDefault());
  jobs::MakeTables(*database);
  if (flags.retry > 0) {
    jobs::RetryJob(*database, flags.retry);
    fmt::print("job {} is taken up again\n", flags.retry);
    return kDone;
  }
  if (!flags.activate.empty()) {
    ActivateModel(*database, config, flags.activate);
    return kDone;
  }
  if (flags.roll_back) {
    fmt::print("{} is active again\n", jobs::RollBackModel(*database, Who()));
    return kDone;
  }
  if (flags.models) return Models(*database, config);
  return flags.show > 0 ? Show(*database, flags.show) : List(*database, flags);
}

}  // namespace

std::function<int()> DefineQueue(CLI::App& app) {
  const auto flags = std::make_shared<QueueFlags>();
  app.add_option("config", flags->config, "the node's configuration")->required()->check(CLI::ExistingFile);
  app.add_option("--state", flags->state, "only jobs in this state")
      ->check(CLI::IsMember({"received", "ready", "running", "sending", "done", "refused", "failed"}));
  app.add_option("--limit", flags->limit, "how many")->capture_default_str();
  app.add_option("--show", flags->show, "everything about this job");
  app.add_option("--retry", flags->retry, "take this job up again, from the beginning or from its failed deliveries");
  app.add_flag("--models", flags->models, "list the models, and when each was activated");
  app.add_option("--activate", flags->activate, "send this model's answers from now on");
  app.add_flag("--roll-back", flags->roll_back, "activate the model that was active before");
  return [flags] { return Run(*flags); };
}

}  // namespace parotis::app
