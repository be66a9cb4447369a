#include "intake/evidence.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace parotis::intake {

double SumOf(std::span<const Term> terms) {
  double sum = 0;
  for (const Term& term : terms) sum += term.points;
  return sum;
}

std::string Written(std::span<const Term> terms) {
  std::vector<std::string> texts;
  for (const Term& term : terms) texts.push_back(fmt::format("{}: {} {:+.3g}", term.about, term.fact, term.points));
  return fmt::format("{}", fmt::join(texts, "; "));
}

}  // namespace parotis::intake
