#include "evaluate/agreement.h"

#include <map>

#include "evaluate/overlap.h"

namespace parotis::evaluate {

double CohenKappa(std::span<const std::string> first, std::span<const std::string> second) {
  if (first.empty()) return kUndefined;
  std::map<std::string, std::pair<double, double>> said;
  double agreed = 0;
  for (std::size_t p = 0; p < first.size(); ++p) {
    ++said[first[p]].first;
    ++said[second[p]].second;
    agreed += first[p] == second[p] ? 1 : 0;
  }
  const auto n = static_cast<double>(first.size());
  double by_chance = 0;
  for (const auto& [category, counts] : said) by_chance += counts.first * counts.second / (n * n);
  return by_chance == 1 ? kUndefined : (agreed / n - by_chance) / (1 - by_chance);
}

double FleissKappa(const std::vector<std::vector<std::string>>& ratings) {
  if (ratings.empty() || ratings[0].size() < 2) return kUndefined;
  const auto readers = static_cast<double>(ratings[0].size());
  const auto patients = static_cast<double>(ratings.size());
  std::map<std::string, double> said;
  double agreed = 0;  // Σ over patients of the pairs of readers that agree
  for (const std::vector<std::string>& patient : ratings) {
    std::map<std::string, double> here;
    for (const std::string& category : patient) ++here[category];
    for (const auto& [category, count] : here) {
      said[category] += count;
      agreed += count * (count - 1);
    }
  }
  const double observed = agreed / (patients * readers * (readers - 1));
  double by_chance = 0;
  for (const auto& [category, count] : said) by_chance += count / (patients * readers) * (count / (patients * readers));
  return by_chance == 1 ? kUndefined : (observed - by_chance) / (1 - by_chance);
}

}  // namespace parotis::evaluate
