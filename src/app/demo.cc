// `parotis demo`: a node on this machine alone, with simulated patients, to be looked at.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "accounts/schema.h"
#include "accounts/users.h"
#include "app/command.h"
#include "app/commands.h"
#include "app/free_port.h"
#include "app/page_folder.h"
#include "app/shipped_model.h"
#include "base/build_info.h"
#include "base/child.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/log.h"
#include "base/progress.h"
#include "dimse/peer.h"
#include "http/client.h"
#include "jobs/catalogue.h"
#include "service/node_config.h"
#include "service/stop_signal.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUser = "demo";
constexpr const char* kScanner = "SIMULATOR";
constexpr std::uint16_t kWebPort = 8104, kDicomPort = 11112;
constexpr auto kPoll = std::chrono::milliseconds(200);
constexpr auto kLongestStart = std::chrono::minutes(2);

struct DemoFlags {
  fs::path folder = "parotis-demo", model;
  int patients = 8;
  std::uint64_t seed = 880008;
  bool once = false;
};

std::vector<std::string> Program(const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {fs::read_symlink("/proc/self/exe").string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

// Written anew every time: ports that were free the last time may be taken now.
service::NodeConfig WriteConfig(const DemoFlags& flags) {
  const fs::path file = flags.folder / "node.json";
  base::Json config = {{"name", "demo"},
                       {"folder", "kept"},
                       {"complete", {{"quiet_s", 2}, {"on_release", true}}},
                       {"alignment", {{"motion", "rigid"}}},
                       {"limits", {{"free_gb", 0.5}}},
                       {"dicom", {{"port", FreePort(kDicomPort)}, {"allowed", {{{"ae_title", kScanner}}}}}},
                       {"web", {{"port", FreePort(kWebPort)}}}};
  if (!flags.model.empty())
    config["models"] = {{{"name", flags.model.stem().string()}, {"file", fs::absolute(flags.model).string()}}};
  base::WriteJson(file, config);
  return service::ReadNodeConfig(file);
}

// A password for this time.
std::string MakeUser(const service::NodeConfig& config) {
  base::CreateFolder(config.folder);
  const auto database = jobs::OpenDatabase(config.DatabaseOrDefault());
  accounts::MakeTables(*database);
  const std::string password = accounts::GeneratePassword();
  if (accounts::FindUser(*database, kUser)) {
    accounts::UserChange change;
    change.password = password;
    accounts::ChangeUser(*database, kUser, change);
  } else {
    accounts::AddUser(*database, {kUser, "Demo reader", accounts::Role::kAdmin, password});
  }
  return password;
}

std::vector<fs::path> StudiesIn(const fs::path& folder) {
  std::vector<fs::path> studies;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (entry.is_directory() && !entry.path().filename().string().starts_with('.')) studies.push_back(entry.path());
  }
  std::sort(studies.begin(), studies.end());
  return studies;
}

std::vector<fs::path> Simulate(const DemoFlags& flags) {
  const fs::path folder = flags.folder / "studies";
  if (StudiesIn(folder).size() != static_cast<std::size_t>(flags.patients)) {
    fs::remove_all(folder);
    const pid_t child =
        base::StartChild(Program({"simulate", "-q", "--dicom", folder.string(), "--n", std::to_string(flags.patients),
                                  "--seed", std::to_string(flags.seed), "--vendor", "mixed"}),
                         {.log = flags.folder / "simulate.log"});
    const base::ChildEnd end = base::WaitFor(child);
    if (!end.well)
      base::Throw(base::ErrorKind::kIo, fmt::format("the patients could not be simulated ({}); {} says why", end.how,
                                                    (flags.folder / "simulate.log").string()));
  }
  return StudiesIn(folder);
}

class Node {
 public:
  Node(const service::NodeConfig& config, const fs::path& log) : config_(config), log_(log) {
    child_ = base::StartChild(Program({"serve", config.file.string()}), {.log = log});
  }
  ~Node() { Stop(); }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  std::string url() const { return fmt::format("http://127.0.0.1:{}", config_.web.port); }

  void DemandRuns() {
    if (const auto end = base::EndOf(child_)) {
      child_ = -1;
      base::Throw(base::ErrorKind::kIo, fmt::format("the node has ended ({}); {} says why", end->how, log_.string()));
    }
  }
  void AwaitReady(const std::atomic<bool>& stop) {
    const auto until = std::chrono::steady_clock::now() + kLongestStart;
    while (!stop && !IsReady()) {
      DemandRuns();
      if (std::chrono::steady_clock::now() > until)
        base::Throw(base::ErrorKind::kIo, fmt::format("the node does not become ready; {} says why", log_.string()));
      std::this_thread::sleep_for(kPoll);
    }
  }
  void Stop() {
    if (child_ <= 0) return;
    ::kill(child_, SIGTERM);
    base::WaitFor(child_);
    child_ = -1;
  }

 private:
  bool IsReady() const {
    try {
      return http::ExchangeShort({.method = "GET", .url = url() + "/ready", .headers = {}, .body = {}}, {}).status ==
             200;
    } catch (const base::Error&) {
      return false;
    }
  }

  const service::NodeConfig& config_;
  const fs::path log_;
  pid_t child_ = -1;
};

// As a scanner does. What the node has already, changes nothing.
void Send(const service::NodeConfig& config, const std::vector<fs::path>& studies, const std::atomic<bool>& stop) {
  dimse::Peer node{
      .name = "the node", .ae_title = config.dicom.ae_title, .host = "127.0.0.1", .port = config.dicom.port, .tls = {}};
  base::Progress progress("send", static_cast<std::int64_t>(studies.size()));
  for (const fs::path& study : studies) {
    if (stop) return;
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(study)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    for (const dimse::Sent& sent : dimse::Store(kScanner, node, files)) {
      if (!sent.stored)
        base::Throw(base::ErrorKind::kIo, fmt::format("the node did not take {}: {}", sent.file.string(), sent.reason));
    }
    progress.Advance();
  }
}

void AwaitAnswers(const service::NodeConfig& config, Node& node, std::int64_t studies, const std::atomic<bool>& stop) {
  const auto database = jobs::OpenDatabase(config.DatabaseOrDefault());
  base::Progress progress("analyse", studies);
  for (std::int64_t shown = 0; !stop && shown < studies;) {
    const auto counts = jobs::CountJobs(*database);
    const std::int64_t ended = counts.at("done") + counts.at("refused") + counts.at("failed");
    if (ended > shown) progress.Advance(std::min(ended, studies) - shown);
    shown = std::max(shown, ended);
    node.DemandRuns();
    std::this_thread::sleep_for(kPoll);
  }
}

void PrintAddress(const Node& node, const std::string& password, const DemoFlags& flags) {
  if (common().json) {
    fmt::print("{}", base::DumpJson({{"url", node.url() + "/"}, {"name", kUser}, {"password", password}}));
  } else {
    fmt::print("\nLook at   {}/\nname      {}\npassword  {}\n\nSynthetic patients. {}\n", node.url(), kUser, password,
               base::kResearchUseOnly);
    if (!flags.once)
      fmt::print("Ctrl-C ends it; the same command goes on with what is in {}.\n", flags.folder.string());
  }
  std::fflush(stdout);
}

int Run(const DemoFlags& flags) {
  if (PageFolder().empty())
    base::Warn("the page is not built (make page): the node runs, and there is nothing to look at");
  if (!flags.model.empty()) ModelOrShipped(flags.model);
  base::CreateFolder(flags.folder);
  const std::atomic<bool>& stop = service::StopOnSignal();
  const service::NodeConfig config = WriteConfig(flags);
  const std::string password = MakeUser(config);
  base::Info("simulating {} patients", flags.patients);
  const std::vector<fs::path> studies = Simulate(flags);
  Node node(config, flags.folder / "node.log");
  node.AwaitReady(stop);
  Send(config, studies, stop);
  AwaitAnswers(config, node, static_cast<std::int64_t>(studies.size()), stop);
  if (!stop) PrintAddress(node, password, flags);
  while (!stop && !flags.once) {
    node.DemandRuns();
    std::this_thread::sleep_for(kPoll);
  }
  node.Stop();
  return kDone;
}

}  // namespace

std::function<int()> DefineDemo(CLI::App& app) {
  const auto flags = std::make_shared<DemoFlags>();
  app.add_option("folder", flags->folder, "where everything of it is kept; may be there from the last time")
      ->capture_default_str();
  app.add_option("-m,--model", flags->model, "model bundle (default: the one that comes with the program)")
      ->check(CLI::ExistingFile);
  app.add_option("--n", flags->patients, "simulated patients")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--seed", flags->seed, "seed of the patients")->capture_default_str();
  app.add_flag("--once", flags->once, "end when everything has been analysed, instead of waiting for Ctrl-C");
  return [flags] { return Run(*flags); };
}

}  // namespace parotis::app
