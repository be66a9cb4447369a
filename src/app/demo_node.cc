#include "app/demo_node.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "accounts/schema.h"
#include "accounts/users.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/log.h"
#include "base/progress.h"
#include "dimse/peer.h"
#include "http/client.h"
#include "jobs/catalogue.h"
#include "plan/bundle_info.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUser = "demo";
constexpr const char* kScanner = "SIMULATOR";
constexpr std::uint16_t kWebPort = 8104, kDicomPort = 11112;
constexpr auto kPoll = std::chrono::milliseconds(200);
constexpr auto kLongestStart = std::chrono::minutes(2);

// Written anew every time: ports that were free the last time may be taken now. What another model has answered is kept
// apart.
service::NodeConfig WriteConfig(const fs::path& folder, const fs::path& model, const FreePort& dicom,
                                const FreePort& web) {
  const fs::path file = folder / "node.json";
  const plan::BundleInfo bundle = plan::ReadBundleInfo(model);
  base::Json config = {{"name", "demo"},
                       {"folder", "kept-" + bundle.file_hash.substr(0, 12)},
                       {"models", {{{"name", bundle.name}, {"file", fs::absolute(model).string()}}}},
                       {"complete", {{"quiet_s", 2}, {"on_release", true}}},
                       {"alignment", {{"motion", "rigid"}}},
                       {"limits", {{"free_gb", 0.5}}},
                       {"dicom", {{"port", dicom.number()}, {"allowed", {{{"ae_title", kScanner}}}}}},
                       {"web", {{"port", web.number()}}}};
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

}  // namespace

DemoNode::DemoNode(fs::path folder, const fs::path& model)
    : folder_(std::move(folder)),
      dicom_port_(kDicomPort),
      web_port_(kWebPort),
      config_(WriteConfig(folder_, model, dicom_port_, web_port_)),
      password_(MakeUser(config_)) {}

std::string DemoNode::address() const { return fmt::format("http://127.0.0.1:{}/", config_.web.port); }
const char* DemoNode::user() { return kUser; }

void DemoNode::DemandRuns() {
  if (process_->HasEnded())
    base::Throw(base::ErrorKind::kIo, fmt::format("the node has ended; {} says why", process_->log().string()));
}

void DemoNode::Analyse(const DemoPatients& patients, const std::atomic<bool>& stop) {
  base::Info("simulating {} patients", patients.count);
  Simulate(patients, stop);
  process_ = std::make_unique<OwnProcess>("the node", std::vector<std::string>{"serve", config_.file.string()},
                                          folder_ / "node.log");
  AwaitReady(stop);
  Send(stop);
  AwaitAnswers(stop);
}

void DemoNode::Simulate(const DemoPatients& patients, const std::atomic<bool>& stop) {
  const fs::path studies = folder_ / "studies";
  if (StudiesIn(studies).size() == static_cast<std::size_t>(patients.count)) return;
  fs::remove_all(studies);
  RunOwnCommand("the simulation of the patients",
                {"simulate", "-q", "--dicom", studies.string(), "--n", std::to_string(patients.count), "--seed",
                 std::to_string(patients.seed), "--vendor", "mixed"},
                folder_ / "simulate.log", stop);
}

void DemoNode::AwaitReady(const std::atomic<bool>& stop) {
  const auto is_ready = [this] {
    try {
      return http::ExchangeShort({.method = "GET", .url = address() + "ready", .headers = {}, .body = {}}, {}).status ==
             200;
    } catch (const base::Error&) {
      return false;
    }
  };
  const auto until = std::chrono::steady_clock::now() + kLongestStart;
  while (!stop && !is_ready()) {
    DemandRuns();
    if (std::chrono::steady_clock::now() > until)
      base::Throw(base::ErrorKind::kIo,
                  fmt::format("the node does not become ready; {} says why", process_->log().string()));
    std::this_thread::sleep_for(kPoll);
  }
}

// What the node has already, changes nothing.
void DemoNode::Send(const std::atomic<bool>& stop) {
  const std::vector<fs::path> studies = StudiesIn(folder_ / "studies");
  const dimse::Peer node{.name = "the node",
                         .ae_title = config_.dicom.ae_title,
                         .host = "127.0.0.1",
                         .port = config_.dicom.port,
                         .tls = {}};
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

void DemoNode::AwaitAnswers(const std::atomic<bool>& stop) {
  const auto studies = static_cast<std::int64_t>(StudiesIn(folder_ / "studies").size());
  const auto database = jobs::OpenDatabase(config_.DatabaseOrDefault());
  base::Progress progress("analyse", studies);
  for (std::int64_t shown = 0; !stop && shown < studies;) {
    const auto counts = jobs::CountJobs(*database);
    const std::int64_t ended = counts.at("done") + counts.at("refused") + counts.at("failed");
    if (ended > shown) progress.Advance(std::min(ended, studies) - shown);
    shown = std::max(shown, ended);
    DemandRuns();
    std::this_thread::sleep_for(kPoll);
  }
}

}  // namespace parotis::app
