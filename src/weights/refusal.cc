#include "weights/refusal.h"

#include <fmt/format.h>

#include "base/conditions.h"

namespace parotis::weights {

void Unsafe(const std::string& name, const std::string& fact) {
  base::Refuse(base::Found("weights_unsafe", fmt::format("{} {}", name, fact)));
}

void Damaged(const std::string& name, const std::string& fact) {
  base::Refuse(base::Found("weights_damaged", fmt::format("{} {}", name, fact)));
}

std::string Quoted(std::string_view text) {
  constexpr std::size_t kMost = 80;
  std::string quoted;
  for (const char c : text.substr(0, kMost)) quoted += c >= ' ' && c <= '~' ? c : '?';
  return text.size() > kMost ? quoted + "..." : quoted;
}

}  // namespace parotis::weights
