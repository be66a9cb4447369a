#include "service/node_log.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>

#include "base/error.h"
#include "base/files.h"

namespace parotis::service {
namespace {

std::string Now() {
  const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto ms = now.time_since_epoch().count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)), ms);
}

// One write for one line: those of several processes do not mix.
bool Append(int descriptor, const base::Json& line) {
  // Bytes that are no UTF-8 came from outside; they must not cost the line.
  const std::string text = line.dump(-1, ' ', false, base::Json::error_handler_t::replace) + "\n";
  return ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

base::Json Line(base::Json head, const base::Json& fields) {
  for (const auto& [key, value] : fields.items()) head[key] = value;
  return head;
}

}  // namespace

std::string ReasonOf(const std::exception& error) {
  const auto* own = dynamic_cast<const base::Error*>(&error);
  const std::string reason = own != nullptr ? own->message() : error.what();
  return reason.substr(0, reason.find('\n'));
}

void LogEvent(const std::string& level, const std::string& event, const base::Json& fields) {
  Append(STDERR_FILENO, Line({{"time", Now()}, {"level", level}, {"event", event}, {"process", ::getpid()}}, fields));
}

void Audit(const std::filesystem::path& folder, const std::string& event, const base::Json& fields) {
  const std::string now = Now();
  const std::filesystem::path file = folder / (now.substr(0, 10) + ".jsonl");
  bool written = false;
  try {
    base::CreateFolder(folder);
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
      // Half a line, of a disk that is full, would spoil the next one.
      ::flock(descriptor, LOCK_EX);
      const off_t before = ::lseek(descriptor, 0, SEEK_END);
      written = Append(descriptor, Line({{"time", now}, {"event", event}}, fields));
      if (!written && before >= 0 && ::ftruncate(descriptor, before) != 0) LogEvent("error", "audit_spoilt");
      ::close(descriptor);
    }
  } catch (const base::Error&) {
    written = false;
  }
  if (!written) LogEvent("error", "audit_not_written", {{"of", event}});
}

}  // namespace parotis::service
