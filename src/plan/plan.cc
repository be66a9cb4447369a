#include "plan/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/hash.h"

namespace parotis::plan {
namespace {

using base::ErrorKind;
using base::Json;
using base::Throw;

std::vector<std::string> ChannelNames(const Plan& plan) {
  std::vector<std::string> names;
  for (const ChannelPlan& channel : plan.channels) names.push_back(channel.name);
  return names;
}

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> SplitNames(const std::string& text) {
  std::vector<std::string> names;
  std::size_t start = 0;
  while (true) {
    const std::size_t end = text.find_first_of("+,", start);
    names.push_back(text.substr(start, end - start));
    if (end == std::string::npos) return names;
    start = end + 1;
  }
}

// Names may come from a folder whose name is not UTF-8.
std::string HashOfJson(const Json& json) {
  return base::HashOf(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

[[noreturn]] void RefuseSet(const Plan& plan, const std::string& contrast_set) {
  std::vector<std::string> sets;
  for (const auto& [name, channels] : plan.contrast_sets) sets.push_back(name);
  Throw(ErrorKind::kInput,
        fmt::format(
            "the plan has no contrast set or list of distinct channels \"{}\"; its sets are {}; its channels are {}",
            contrast_set, sets.empty() ? "none" : fmt::format("{}", fmt::join(sets, ", ")),
            fmt::join(ChannelNames(plan), ", ")));
}

}  // namespace

const ChannelPlan& Plan::Channel(const std::string& channel_name) const {
  for (const ChannelPlan& channel : channels) {
    if (channel.name == channel_name) return channel;
  }
  Throw(ErrorKind::kInput,
        fmt::format("the plan has no channel {}; it has {}", channel_name, fmt::join(ChannelNames(*this), ", ")));
}

std::vector<std::string> Plan::ChannelsOf(const std::string& contrast_set) const {
  const std::vector<std::string> all = ChannelNames(*this);
  if (contrast_set.empty()) return all;
  if (const auto found = contrast_sets.find(contrast_set); found != contrast_sets.end()) return found->second;
  if (Contains(all, contrast_set)) return {contrast_set};
  std::vector<std::string> chosen;
  for (const std::string& channel : SplitNames(contrast_set)) {
    if (!Contains(all, channel) || Contains(chosen, channel)) RefuseSet(*this, contrast_set);
    chosen.push_back(channel);
  }
  return chosen;
}

Plan ReadPlan(const std::filesystem::path& path) { return PlanFromJson(base::ReadJson(path), path.string()); }

void WritePlan(const std::filesystem::path& path, const Plan& plan) {
  CheckPlan(plan, path.string());
  base::WriteJson(path, ToJson(plan));
}

std::string HashOf(const Plan& plan) { return HashOfJson(ToJson(plan)); }

std::string PreparationHashOf(const Plan& plan) {
  const Json whole = ToJson(plan);
  const Json part = {
      {"labels", whole.at("labels")}, {"channels", whole.at("channels")}, {"preparation", whole.at("preparation")}};
  return HashOfJson(part);
}

}  // namespace parotis::plan
