// The names that a plan's enumerations have in JSON and in print, in the order of the enumerators.
#pragma once

#include <array>
#include <string>

#include "plan/plan.h"

namespace parotis::plan {

constexpr std::array<const char*, 3> NamesOf(Normalisation) { return {"robust", "physical", "none"}; }
constexpr std::array<const char*, 3> NamesOf(CropRule) { return {"body", "nonzero", "none"}; }
constexpr std::array<const char*, 3> NamesOf(NetworkNorm) { return {"instance", "batch", "group"}; }
constexpr std::array<const char*, 3> NamesOf(BatchDesign) { return {"quota", "uniform", "foreground"}; }
constexpr std::array<const char*, 3> NamesOf(ChannelTransfer) { return {"by_name", "average", "fresh"}; }
constexpr std::array<const char*, 2> NamesOf(ClassTransfer) { return {"by_name", "fresh"}; }
constexpr std::array<const char*, 2> NamesOf(OptimiserKind) { return {"adamw", "sgd"}; }

template <class Enum>
std::string NameOf(Enum value) {
  return NamesOf(value)[static_cast<std::size_t>(value)];
}

}  // namespace parotis::plan
