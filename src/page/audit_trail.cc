#include "page/audit_trail.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <map>
#include <system_error>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"

namespace parotis::page {
namespace {

namespace fs = std::filesystem;
using base::Json;

// "2026-11-29T10:18:03.125Z"; 0 for what is none.
double SecondsOf(const std::string& time) {
  std::tm t{};
  int milliseconds = 0;
  const int read = std::sscanf(time.c_str(), "%d-%d-%dT%d:%d:%d.%dZ", &t.tm_year, &t.tm_mon, &t.tm_mday, &t.tm_hour,
                               &t.tm_min, &t.tm_sec, &milliseconds);
  if (read < 6) return 0;
  t.tm_year -= 1900;
  t.tm_mon -= 1;
  return static_cast<double>(timegm(&t)) + milliseconds / 1000.0;
}

std::string DayOf(double seconds) {
  constexpr double kEndOf9999 = 253'402'300'799;
  const auto time = static_cast<std::time_t>(std::clamp(seconds, 0.0, kEndOf9999));
  std::tm t{};
  gmtime_r(&time, &t);
  char day[16];
  std::strftime(day, sizeof day, "%Y-%m-%d", &t);
  return day;
}

// Files of all nodes by their day.
std::map<std::string, std::vector<fs::path>> FilesByDay(const fs::path& folder) {
  std::map<std::string, std::vector<fs::path>> files;
  std::error_code code;
  for (const auto& node : fs::directory_iterator(folder, code)) {
    for (const auto& entry : fs::directory_iterator(node.path(), code)) {
      if (entry.path().extension() == ".jsonl") files[entry.path().stem().string()].push_back(entry.path());
    }
  }
  return files;
}

void AddEventsOf(const fs::path& file, const AuditFilter& filter, std::vector<Json>& events) {
  std::string text;
  try {
    text = base::ReadFile(file);
  } catch (const base::Error&) {
    return;
  }
  for (const std::string_view line : base::PartsOf(text, '\n')) {
    const std::string lower = base::AsciiLower(line);
    const bool fits = std::all_of(filter.words.begin(), filter.words.end(),
                                  [&](const std::string& word) { return lower.find(word) != std::string::npos; });
    if (!fits || line.empty()) continue;
    Json event = Json::parse(line, nullptr, false);
    if (!event.is_object()) continue;
    if (!filter.user.empty() && event.value("user", std::string()) != filter.user) continue;
    const double at = SecondsOf(event.value("time", std::string()));
    if ((filter.from && at < *filter.from) || (filter.before && at >= *filter.before)) continue;
    event["at"] = at;
    events.push_back(std::move(event));
  }
}

}  // namespace

std::vector<Json> ReadAuditTrail(const fs::path& folder, const AuditFilter& filter) {
  std::vector<Json> found;
  const auto files = FilesByDay(folder);
  for (auto day = files.rbegin(); day != files.rend() && found.size() < filter.limit; ++day) {
    if (filter.before && day->first > DayOf(*filter.before)) continue;
    if (filter.from && day->first < DayOf(*filter.from)) break;
    std::vector<Json> events;
    for (const fs::path& file : day->second) AddEventsOf(file, filter, events);
    std::reverse(events.begin(), events.end());  // of one moment, what was written last
    std::stable_sort(events.begin(), events.end(),
                     [](const Json& a, const Json& b) { return a["at"].get<double>() > b["at"].get<double>(); });
    found.insert(found.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
  }
  if (found.size() > filter.limit) found.resize(filter.limit);
  return found;
}

}  // namespace parotis::page
