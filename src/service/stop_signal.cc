#include "service/stop_signal.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace parotis::service {
namespace {

std::atomic<bool> g_stop = false;
std::array<int, 2> g_pipe = {-1, -1};

// Only what is safe in a signal handler.
void Stop(int) {
  g_stop = true;
  const char byte = 0;
  [[maybe_unused]] const ssize_t written = ::write(g_pipe[1], &byte, 1);
}

void Heed(int signal, int flags) {
  struct sigaction action{};
  action.sa_handler = Stop;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

const std::atomic<bool>& StopOnSignal() {
  if (::pipe2(g_pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) g_pipe = {-1, -1};
  Heed(SIGTERM, 0);
  Heed(SIGINT, SA_RESETHAND);
  struct sigaction present{};
  ::sigaction(SIGHUP, nullptr, &present);
  if (present.sa_handler != SIG_IGN) Heed(SIGHUP, 0);
  std::signal(SIGPIPE, SIG_IGN);
  return g_stop;
}

int StopDescriptor() { return g_pipe[0]; }

}  // namespace parotis::service
