#include "service/node.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <optional>
#include <thread>

#include "accounts/users.h"
#include "base/build_info.h"
#include "base/child.h"
#include "base/error.h"
#include "base/files.h"
#include "base/resumable.h"
#include "dimse/association.h"
#include "service/associate.h"
#include "service/associations.h"
#include "service/courier.h"
#include "service/helpers.h"
#include "service/layout.h"
#include "service/listener.h"
#include "service/node_log.h"
#include "service/owners.h"
#include "service/stop_signal.h"
#include "service/upkeep.h"
#include "service/web.h"

namespace parotis::service {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPoll_ms = 50;
constexpr auto kBetweenStatus = std::chrono::seconds(1);

std::vector<std::string> WithRole(std::vector<std::string> command, const std::string& role) {
  command.insert(command.end(), {"--role", role});
  return command;
}

class Supervisor {
 public:
  Supervisor(const NodeConfig& config, const NodeProgram& program)
      : config_(config),
        layout_(config),
        lock_(layout_.state / "lock", fmt::format("a node named \"{}\" runs already in {}: stop it first, or give this "
                                                  "one another name",
                                                  config.name, config.folder.string())),
        upkeep_(config, layout_),
        listener_(config.dicom.address, config.dicom.port),
        associations_(config, WithRole(program.command, "associate")),
        helpers_(program.command) {
    helpers_.Add("analysis", config.limits.memory_bytes);
    helpers_.Add("courier", 0);
    if (config.web.enabled) helpers_.Add("web", 0);
  }

  int Run(const std::atomic<bool>& stop) {
    upkeep_.Begin();
    Announce();
    std::atomic<bool> filing_stops = false;
    std::thread filing([&] { upkeep_.Run(filing_stops); });
    while (!stop) {
      helpers_.StartMissing();
      if (Await(listener_.descriptor())) {
        const int connection = listener_.Accept();
        if (connection >= 0) associations_.Take(connection);
      }
      Reap();
      WriteStatus(true);
    }
    Drain();
    filing_stops = true;
    filing.join();
    WriteStatus(false);
    LogEvent("info", "stopped");
    return 0;
  }

 private:
  void Announce() const {
    LogEvent("info", "started",
             {{"version", base::Version()},
              {"name", config_.name},
              {"ae_title", config_.dicom.ae_title},
              {"dicom", fmt::format("{}:{}", config_.dicom.address, listener_.port())},
              {"tls", config_.dicom.tls.has_value()},
              {"intended_use", base::kResearchUseOnly}});
    for (const std::string& line : LimitLines(config_)) LogEvent("info", "limit", {{"is", line}});
    for (const std::string& doubt : config_.Doubts()) LogEvent("warning", "configuration", {{"is", doubt}});
  }

  // Whether somebody waits at the door; soon, in any case.
  static bool Await(int door) {
    pollfd watched[] = {{door, POLLIN, 0}, {StopDescriptor(), POLLIN, 0}};
    return ::poll(watched, 2, kPoll_ms) > 0 && (watched[0].revents & POLLIN) != 0;
  }

  void Reap() {
    associations_.Reap();
    for (const HelperEnd& end : helpers_.Reap()) {
      LogEvent("error", "process_ended", {{"role", end.role}, {"how", end.how}});
      upkeep_.ProcessEnded(OwnerOf(config_, end.role, end.process));
    }
  }

  // What is under way may end; who does not end in time is ended, and goes on when the node is started again.
  void Drain() {
    LogEvent("info", "stopping", {{"associations", associations_.open()}});
    listener_.Close();
    helpers_.SignalAll(SIGTERM);
    const auto until = Clock::now() + std::chrono::duration<double>(config_.limits.drain_s);
    while ((associations_.open() > 0 || helpers_.AnyRuns()) && Clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(kPoll_ms));
      associations_.Reap();
      helpers_.Reap();
    }
    associations_.SignalAll(SIGKILL);
    helpers_.SignalAll(SIGKILL);
  }

  void WriteStatus(bool runs) {
    if (runs && Clock::now() < next_status_) return;
    next_status_ = Clock::now() + kBetweenStatus;
    try {
      base::WriteJson(
          layout_.status(),
          {{"runs", runs},
           {"at", std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count()},
           {"process", ::getpid()},
           {"dicom_port", listener_.port()},
           {"associations_open", associations_.open()},
           {"associations_accepted", associations_.accepted()},
           {"associations_turned_away", associations_.turned_away()},
           {"associations_died", associations_.died()},
           {"instances_filed", upkeep_.filed()},
           {"process_restarts", helpers_.restarts()},
           {"no_room", upkeep_.no_room()}});
    } catch (const base::Error& error) {
      LogEvent("error", "status_not_written", {{"reason", error.message()}});
    }
  }

  const NodeConfig& config_;
  const Layout layout_;
  base::OutputLock lock_;
  Upkeep upkeep_;
  Listener listener_;
  Associations associations_;
  Helpers helpers_;
  Clock::time_point next_status_;
};

// Nobody else may reach a port at which nobody could say who he is.
void DemandSomebody(const NodeConfig& config) {
  if (!config.web.enabled || config.web.IsLoopbackOnly()) return;
  const bool has_archives =
      std::any_of(config.web.archives.begin(), config.web.archives.end(),
                  [](const std::string& archive) { return !archive.starts_with("127.") && archive != "::1"; });
  if (has_archives) return;
  base::CreateFolder(config.folder);
  const auto database = jobs::OpenDatabase(config.DatabaseOrDefault());
  accounts::MakeTables(*database);
  if (accounts::AnyUser(*database)) return;
  base::Throw(base::ErrorKind::kUsage,
              fmt::format("{}: web.address is {}, which other machines can reach, and there is no account yet: add one "
                          "(parotis account {} --add NAME --role admin), or use 127.0.0.1",
                          config.file.string(), config.web.address, config.file.string()));
}

}  // namespace

int RunNode(const NodeConfig& config, const NodeProgram& program) {
  ::umask(0077);  // what patients' images are in is nobody else's
  DemandOwner(config.folder);
  dimse::CheckRules({config.dicom.ae_title, config.dicom.allowed, config.dicom.tls});
  DemandSomebody(config);
  const std::atomic<bool>& stop = StopOnSignal();
  return Supervisor(config, program).Run(stop);
}

int RunRole(const NodeConfig& config, const NodeProgram& program, const std::string& role) {
  ::umask(0077);
  if (role == "associate") return RunAssociation(config, base::kHandedOver);
  const std::atomic<bool>& stop = StopOnSignal();
  if (role == "analysis") return RunAnalysis(config, program.analyse, stop);
  if (role == "courier") return RunCourier(config, stop);
  if (role == "web") return RunWeb(config, program.make_page, stop);
  base::Throw(base::ErrorKind::kUsage, fmt::format("a node has no process \"{}\"", role));
}

}  // namespace parotis::service
