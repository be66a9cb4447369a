#include "intake/diffusion_set.h"

#include <algorithm>
#include <cmath>

#include "dataset/case.h"

namespace parotis::intake {

bool SameBValue(double a_s_mm2, double b_s_mm2) {
  return std::abs(a_s_mm2 - b_s_mm2) <= std::max(kSameB_s_mm2, 0.02 * std::max(a_s_mm2, b_s_mm2));
}

std::vector<double> DistinctBValues(const dicom::Study& study, const std::vector<VolumeReference>& volumes) {
  std::vector<double> all;
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

std::vector<std::string> DiffusionChannels(const std::vector<double>& distinct_b_s_mm2) {
  if (distinct_b_s_mm2.size() >= 2) return {dataset::kB0, dataset::kB1000, dataset::kAdc};
  if (distinct_b_s_mm2.empty()) return {};
  if (distinct_b_s_mm2.front() <= kHighestB0_s_mm2) return {dataset::kB0};
  if (std::abs(distinct_b_s_mm2.front() - 1000) <= kB1000Tolerance_s_mm2) return {dataset::kB1000};
  return {};
}

}  // namespace parotis::intake
