// A server of DICOM associations for tests: a process of its own that listens on a free port and serves every
// connection in a further one, as a node does. What it took and how each association ended can be read here.
#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "dimse/association.h"
#include "dimse/peer.h"
#include "tests/support/loopback.h"
#include "tests/support/temporary_folder.h"

namespace parotis::test {

struct DimseSettings {
  dimse::AcceptRules rules = {"PAROTIS", {{"MODALITY", {}}}, std::nullopt};
  dimse::AssociationLimits limits = {};
  // Run in the process that serves, before it does.
  std::function<void()> before = [] {};
  std::function<bool()> has_room = [] { return true; };
  dimse::Reception answer = dimse::Reception::kStored;
  bool commits = true;
};

class DimseNode {
 public:
  explicit DimseNode(const DimseSettings& settings = {}) {
    std::filesystem::create_directories(arriving());
    std::filesystem::create_directories(folder_.path() / "stored");
    const auto [listener, port] = ListenOnLoopback();
    port_ = port;
    process_ = fork();
    if (process_ == 0) {
      setpgid(0, 0);
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      Run(listener, settings);
      _exit(0);
    }
    close(listener);
  }
  ~DimseNode() {
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
  }
  DimseNode(const DimseNode&) = delete;
  DimseNode& operator=(const DimseNode&) = delete;

  std::uint16_t port() const { return port_; }
  std::filesystem::path folder() const { return folder_.path(); }
  // Where datasets are before they are taken over.
  std::filesystem::path arriving() const { return folder_.path() / "arriving"; }
  dimse::Peer AsPeer() const { return {"node", "PAROTIS", "127.0.0.1", port_, std::nullopt, 10}; }

  // How the associations ended, once that many have.
  std::vector<nlohmann::json> Ends(std::size_t count) const { return Lines("ends", count); }
  std::vector<nlohmann::json> Arrivals(std::size_t count) const { return Lines("arrivals", count); }
  std::vector<nlohmann::json> Commitments(std::size_t count) const { return Lines("commitments", count); }
  std::vector<nlohmann::json> Reports(std::size_t count) const { return Lines("reports", count); }
  bool NothingIsLeft() const { return std::filesystem::is_empty(arriving()); }

 private:
  void Run(int listener, const DimseSettings& settings) {
    signal(SIGCHLD, SIG_IGN);
    while (true) {
      const int connection = accept(listener, nullptr, nullptr);
      if (connection < 0) return;
      if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(listener);
        settings.before();
        ServeOne(connection, settings);
        _exit(0);
      }
      close(connection);
    }
  }

  void ServeOne(int connection, const DimseSettings& settings) {
    dimse::AssociationServices services;
    services.folder = arriving();
    services.has_room = [&](std::uint64_t) { return settings.has_room(); };
    services.store = [&](const dimse::Arrival& arrival) { return Take(arrival, settings.answer); };
    services.commit = [&](const dimse::CommitmentRequest& request) {
      nlohmann::json references = nlohmann::json::array();
      for (const auto& each : request.references)
        references.push_back(each.sop_class_uid + " " + each.sop_instance_uid);
      Append("commitments", {{"transaction", request.transaction_uid},
                             {"calling_ae", request.calling_ae},
                             {"address", request.address},
                             {"references", references}});
      return settings.commits;
    };
    services.reported = [&](const dimse::CommitmentReport& report) {
      nlohmann::json references = nlohmann::json::array();
      for (const auto& each : report.answer.references)
        references.push_back(each.sop_class_uid + " " + each.sop_instance_uid + " " + std::to_string(each.failure));
      Append("reports", {{"transaction", report.answer.transaction_uid},
                         {"calling_ae", report.calling_ae},
                         {"references", references}});
      return settings.commits;
    };
    const dimse::AssociationEnd end = dimse::ServeAssociation(connection, settings.rules, settings.limits, services);
    static const char* const kNames[] = {"released", "aborted", "rejected", "broken", "timed out", "over limit"};
    Append("ends", {{"how", kNames[static_cast<int>(end.how)]},
                    {"reason", end.reason},
                    {"calling_ae", end.calling_ae},
                    {"address", end.address},
                    {"instances", end.instances},
                    {"bytes", end.bytes}});
  }

  dimse::Reception Take(const dimse::Arrival& arrival, dimse::Reception answer) const {
    if (answer != dimse::Reception::kStored) return answer;
    const auto target = folder_.path() / "stored" / arrival.file.filename();
    std::filesystem::rename(arrival.file, target);
    Append("arrivals", {{"file", target.string()},
                        {"study", arrival.study_uid},
                        {"series", arrival.series_uid},
                        {"class", arrival.sop_class_uid},
                        {"instance", arrival.sop_instance_uid},
                        {"syntax", arrival.transfer_syntax_uid},
                        {"calling_ae", arrival.calling_ae},
                        {"address", arrival.address},
                        {"own", arrival.own_result}});
    return answer;
  }

  void Append(const std::string& name, const nlohmann::json& line) const {
    std::ofstream(folder_.path() / name, std::ios::app) << line.dump() + "\n";
  }

  std::vector<nlohmann::json> Lines(const std::string& name, std::size_t count) const {
    std::vector<nlohmann::json> lines;
    for (int attempt = 0; attempt < 1500 && lines.size() < count; ++attempt) {
      if (attempt > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
      lines.clear();
      std::ifstream file(folder_.path() / name);
      for (std::string line; std::getline(file, line) && !file.eof();) lines.push_back(nlohmann::json::parse(line));
    }
    return lines;
  }

  TemporaryFolder folder_;
  std::uint16_t port_ = 0;
  pid_t process_ = -1;
};

}  // namespace parotis::test
