#include "app/own_command.h"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "base/error.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

constexpr auto kPoll = std::chrono::milliseconds(200);

}  // namespace

std::vector<std::string> OwnCommand(const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {fs::read_symlink("/proc/self/exe").string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

OwnProcess::OwnProcess(std::string what, const std::vector<std::string>& arguments, fs::path log)
    : what_(std::move(what)), log_(std::move(log)), child_(base::StartChild(OwnCommand(arguments), {.log = log_})) {}

OwnProcess::~OwnProcess() { Stop(); }

bool OwnProcess::HasEnded() {
  if (child_ <= 0) return true;
  const auto end = base::EndOf(child_);
  if (!end) return false;
  child_ = -1;
  if (!end->well)
    base::Throw(base::ErrorKind::kIo, fmt::format("{} has failed ({}); {} says why", what_, end->how, log_.string()));
  return true;
}

void OwnProcess::Stop() {
  if (child_ <= 0) return;
  ::kill(child_, SIGTERM);
  base::WaitFor(child_);
  child_ = -1;
}

bool RunOwnCommand(const std::string& what, const std::vector<std::string>& arguments, const fs::path& log,
                   const std::atomic<bool>& stop, const std::function<void()>& meanwhile) {
  OwnProcess process(what, arguments, log);
  for (;;) {
    // Ctrl-C reaches it, too: how it ends then is not a failure.
    if (stop) {
      process.Stop();
      return false;
    }
    if (process.HasEnded()) break;
    std::this_thread::sleep_for(kPoll);
    if (meanwhile) meanwhile();
  }
  if (meanwhile) meanwhile();
  return true;
}

}  // namespace parotis::app
