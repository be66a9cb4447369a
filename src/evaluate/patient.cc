#include "evaluate/patient.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace parotis::evaluate {
namespace {

const std::string& Likeliest(const std::vector<double>& values, const std::vector<std::string>& classes) {
  return classes[static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin())];
}

bool NamesClass(const CaseVerdict& verdict) {
  return verdict.predicted != kNoTumourFound && verdict.predicted != kIndeterminate;
}

// Adds up one list per verdict, member by member; empty when a verdict lacks its list.
template <class Member>
std::vector<double> Sum(const std::vector<CaseVerdict>& verdicts, Member member) {
  std::vector<double> sum;
  for (const CaseVerdict& verdict : verdicts) {
    const std::vector<double>& values = verdict.*member;
    if (values.empty()) return {};
    sum.resize(values.size(), 0);
    for (std::size_t c = 0; c < values.size(); ++c) sum[c] += values[c];
  }
  return sum;
}

}  // namespace

CaseVerdict VerdictOf(const dataset::Diagnosis& diagnosis, const std::vector<std::string>& classes) {
  if (diagnosis.classes != classes) {
    base::Throw(
        base::ErrorKind::kInput,
        fmt::format("the diagnosis of case {} knows the classes {}, but the dataset's labels are {}; evaluate on the "
                    "dataset whose labels the model was trained on",
                    diagnosis.case_id, fmt::join(diagnosis.classes, ", "), fmt::join(classes, ", ")));
  }
  CaseVerdict verdict;
  verdict.from_diagnosis = true;
  verdict.class_probabilities = diagnosis.class_probabilities;
  switch (diagnosis.verdict) {
    case dataset::Verdict::kClass: verdict.predicted = diagnosis.class_name; break;
    case dataset::Verdict::kNoTumour: verdict.predicted = kNoTumourFound; break;
    case dataset::Verdict::kIndeterminate:
    case dataset::Verdict::kRefused: verdict.predicted = kIndeterminate; break;
  }
  return verdict;
}

CaseVerdict VerdictOf(const image::LabelVolume& labels, const std::vector<std::string>& classes) {
  std::vector<std::int64_t> counts(256, 0);
  for (const std::uint8_t label : labels.voxels) ++counts[label];
  CaseVerdict verdict;
  const double voxel_ml = labels.geometry.voxel_volume_mm3() / 1000;
  bool found = false;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    verdict.class_volumes_ml.push_back(static_cast<double>(counts[c + 1]) * voxel_ml);
    found |= counts[c + 1] > 0;
  }
  if (found) verdict.predicted = Likeliest(verdict.class_volumes_ml, classes);
  return verdict;
}

CaseVerdict JoinVerdicts(const std::vector<CaseVerdict>& verdicts, const std::vector<std::string>& classes) {
  std::vector<CaseVerdict> found;
  std::copy_if(verdicts.begin(), verdicts.end(), std::back_inserter(found),
               [](const CaseVerdict& verdict) { return verdict.predicted != kNoTumourFound; });
  if (found.empty()) return verdicts.front();
  if (found.size() == 1) return found.front();
  CaseVerdict joined;
  joined.from_diagnosis =
      std::all_of(found.begin(), found.end(), [](const auto& verdict) { return verdict.from_diagnosis; });
  joined.class_probabilities = Sum(found, &CaseVerdict::class_probabilities);
  for (double& probability : joined.class_probabilities) probability /= static_cast<double>(found.size());
  joined.class_volumes_ml = Sum(found, &CaseVerdict::class_volumes_ml);
  const auto named = std::find_if(found.begin(), found.end(), NamesClass);
  if (named == found.end()) {
    joined.predicted = kIndeterminate;
    return joined;
  }
  const bool agree = std::all_of(found.begin(), found.end(), [&](const CaseVerdict& verdict) {
    return !NamesClass(verdict) || verdict.predicted == named->predicted;
  });
  const auto& evidence = joined.class_probabilities.empty() ? joined.class_volumes_ml : joined.class_probabilities;
  joined.predicted = agree              ? named->predicted
                     : evidence.empty() ? std::string(kIndeterminate)
                                        : Likeliest(evidence, classes);
  return joined;
}

}  // namespace parotis::evaluate
