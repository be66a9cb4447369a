#include "intake/diffusion_set.h"

#include <algorithm>
#include <cmath>

#include "dataset/case.h"
#include "maps/decay.h"

namespace parotis::intake {

bool SameBValue(double a_s_mm2, double b_s_mm2) {
  return std::abs(a_s_mm2 - b_s_mm2) <= std::max(kSameB_s_mm2, 0.02 * std::max(a_s_mm2, b_s_mm2));
}

std::vector<double> DistinctBValues(const dicom::Study& study, const std::vector<VolumeReference>& volumes) {
  std::vector<double> all;
  all.reserve(volumes.size());
  for (const VolumeReference& each : volumes) {
    all.push_back(study.series.at(each.series).volumes.at(each.volume).b_value_s_mm2.value_or(0));
  }
  std::sort(all.begin(), all.end());
  std::vector<double> distinct;
  for (auto first = all.begin(); first != all.end();) {
    const auto last = std::find_if(first, all.end(), [&](double b) { return !SameBValue(*first, b); });
    double sum = 0;
    for (auto each = first; each != last; ++each) sum += *each;
    distinct.push_back(sum / static_cast<double>(last - first));
    first = last;
  }
  return distinct;
}

std::string MapNeeds(const std::string& channel, const std::vector<double>& distinct_b_s_mm2) {
  std::string kurtosis = maps::KurtosisNeeds(distinct_b_s_mm2);
  if (channel == dataset::kKurtosis) return kurtosis;
  const std::string perfusion = maps::IvimNeeds(distinct_b_s_mm2);
  if (perfusion.empty() || maps::IvimKurtosisNeeds(distinct_b_s_mm2).empty()) return "";
  return channel == dataset::kDiffusivity && kurtosis.empty() ? "" : perfusion;
}

std::vector<std::string> DiffusionChannels(const std::vector<double>& distinct_b_s_mm2) {
  if (distinct_b_s_mm2.size() >= 2) {
    std::vector<std::string> channels = {dataset::kB0, dataset::kB1000, dataset::kAdc};
    for (const char* map :
         {dataset::kDiffusivity, dataset::kPerfusionFraction, dataset::kPseudoDiffusion, dataset::kKurtosis}) {
      if (MapNeeds(map, distinct_b_s_mm2).empty()) channels.emplace_back(map);
    }
    return channels;
  }
  if (distinct_b_s_mm2.empty()) return {};
  if (distinct_b_s_mm2.front() <= kHighestB0_s_mm2) return {dataset::kB0};
  if (std::abs(distinct_b_s_mm2.front() - 1000) <= kB1000Tolerance_s_mm2) return {dataset::kB1000};
  return {};
}

}  // namespace parotis::intake
