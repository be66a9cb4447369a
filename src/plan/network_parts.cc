#include "plan/network_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace parotis::plan {
namespace {

constexpr const char* kPatientHead = "patient_head";

bool IsNamed(const std::vector<std::string>& parts, const std::string& level_part) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](const std::string& part) { return part == level_part || part == WholePartOf(level_part); });
}

int LevelOf(const std::string& level_part) { return std::stoi(level_part.substr(level_part.rfind('_') + 1)); }

}  // namespace

std::vector<std::string> PartsOf(const NetworkPlan& network) {
  const int levels = static_cast<int>(network.widths.size());
  const int heads = network.deep_supervision ? std::max(1, levels - 2) : 1;
  std::vector<std::string> parts = {"encoder", "decoder", "heads"};
  for (int level = 0; level < levels; ++level) parts.push_back(fmt::format("encoder_{}", level));
  for (int level = 0; level + 1 < levels; ++level) parts.push_back(fmt::format("decoder_{}", level));
  for (int level = 0; level < heads; ++level) parts.push_back(fmt::format("head_{}", level));
  if (network.patient_head) parts.emplace_back(kPatientHead);
  return parts;
}

std::string LevelPartOf(const std::string& tensor) {
  const std::string module = tensor.substr(0, tensor.find('.'));
  return module.starts_with("up_") ? "decoder_" + module.substr(3) : module;
}

std::string WholePartOf(const std::string& level_part) {
  if (level_part == kPatientHead) return level_part;
  const std::string whole = level_part.substr(0, level_part.rfind('_'));
  return whole == "head" ? "heads" : whole;
}

int DistanceFromOutput(const std::string& level_part, const NetworkPlan& network) {
  const std::string whole = WholePartOf(level_part);
  const int levels = static_cast<int>(network.widths.size());
  if (whole == "heads" || whole == kPatientHead) return 0;
  return whole == "decoder" ? LevelOf(level_part) + 1 : 2 * levels - 1 - LevelOf(level_part);
}

bool FreezesEverything(const Plan& plan) {
  const std::vector<std::string> parts = PartsOf(plan.network);
  return std::all_of(parts.begin() + 3, parts.end(),
                     [&](const std::string& part) { return IsNamed(plan.transfer.frozen, part); });
}

LearningSpeed SpeedOf(const std::string& tensor, const Plan& plan) {
  const TransferPlan& transfer = plan.transfer;
  const std::string part = LevelPartOf(tensor);
  LearningSpeed speed;
  const auto& factors = transfer.learning_rate_factors;
  if (const auto whole = factors.find(WholePartOf(part)); whole != factors.end()) speed.factor = whole->second;
  if (const auto own = factors.find(part); own != factors.end()) speed.factor = own->second;
  if (transfer.level_decay < 1) speed.factor *= std::pow(transfer.level_decay, DistanceFromOutput(part, plan.network));
  if (IsNamed(transfer.frozen, part)) {
    speed.first_iteration =
        transfer.freeze_iterations < 0 ? std::numeric_limits<std::int64_t>::max() : transfer.freeze_iterations;
  }
  return speed;
}

}  // namespace parotis::plan
