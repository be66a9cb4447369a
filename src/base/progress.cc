#include "base/progress.h"

#include <algorithm>

#include "base/log.h"
#include "base/status_line.h"

namespace parotis::base {
namespace {

constexpr int kBarWidth = 28;
constexpr std::chrono::milliseconds kRedrawOnTerminal{100};
constexpr std::chrono::seconds kRedrawElsewhere{15};

std::string Bar(double fraction) {
  const int full = static_cast<int>(fraction * kBarWidth);
  return std::string(full, '=') + std::string(full < kBarWidth ? 1 : 0, '>') +
         std::string(std::max(0, kBarWidth - full - 1), ' ');
}

}  // namespace

std::string FormatDuration(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  if (whole >= 3600) return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
  if (whole >= 60) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} s", whole);
}

Progress::Progress(std::string label, std::int64_t total)
    : label_(std::move(label)), total_(total), start_(std::chrono::steady_clock::now()), last_drawn_(start_) {}

Progress::~Progress() {
  const std::lock_guard lock(mutex_);
  if (total_ > 0) DrawLocked(/*final=*/true);
}

void Progress::Advance(std::int64_t steps, const std::string& note) {
  const std::lock_guard lock(mutex_);
  done_ += steps;
  if (!note.empty()) note_ = note;
  const auto interval =
      StderrIsTerminal() ? std::chrono::nanoseconds(kRedrawOnTerminal) : std::chrono::nanoseconds(kRedrawElsewhere);
  if (total_ > 0 && std::chrono::steady_clock::now() - last_drawn_ >= interval) DrawLocked(/*final=*/false);
}

void Progress::SetNote(const std::string& note) {
  const std::lock_guard lock(mutex_);
  note_ = note;
}

void Progress::DrawLocked(bool final) {
  last_drawn_ = std::chrono::steady_clock::now();
  const double elapsed_s = std::chrono::duration<double>(last_drawn_ - start_).count();
  const double fraction = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
  const std::string note = note_.empty() ? "" : "  " + note_;
  if (final) {
    if (StderrIsTerminal()) SetStatusLine("");
    Info("{}: {} of {} in {}{}", label_, done_, total_, FormatDuration(elapsed_s), note);
    return;
  }
  const std::string remaining = done_ > 0 ? FormatDuration(elapsed_s / fraction - elapsed_s) + " left" : "starting";
  if (StderrIsTerminal()) {
    SetStatusLine(fmt::format("{} [{}] {}/{}  {}{}", label_, Bar(fraction), done_, total_, remaining, note));
  } else {
    Info("{}: {} of {} ({:.0f} %), {}{}", label_, done_, total_, 100 * fraction, remaining, note);
  }
}

}  // namespace parotis::base
