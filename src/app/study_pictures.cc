#include "app/study_pictures.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "image/nifti.h"
#include "report/case_pictures.h"

namespace parotis::app {
namespace {

constexpr std::size_t kMostChannels = 3;

std::vector<std::string> ShownChannels(const std::vector<std::string>& all,
                                       const std::vector<std::string>& of_the_set) {
  std::vector<std::string> shown = of_the_set;
  if (shown.size() > kMostChannels) shown.resize(kMostChannels);
  if (shown.size() > 1) return shown;
  for (const std::string& name : all) {
    if (shown.size() < kMostChannels && std::find(shown.begin(), shown.end(), name) == shown.end())
      shown.push_back(name);
  }
  return shown;
}

}  // namespace

std::vector<report::Panel> PicturesOf(const dataset::Dataset& dataset, const std::filesystem::path& runs,
                                      const std::vector<std::pair<std::string, std::vector<std::string>>>& sets,
                                      const report::StudyPlace& at, const report::HardPatient& patient) {
  const auto set =
      std::find_if(sets.begin(), sets.end(), [&](const auto& one) { return one.first == at.contrast_set; });
  try {
    const dataset::Case examination = dataset::LoadCase(
        dataset, patient.case_id,
        ShownChannels(dataset.channel_names, set == sets.end() ? std::vector<std::string>() : set->second));
    const std::filesystem::path run = runs / fmt::format("{}/{}/repeat-{}/seed-{}/fold-{}", at.variant, at.contrast_set,
                                                         at.repeat, at.seed, patient.fold);
    return report::CasePictures(examination,
                                image::ReadNiftiLabels(run / "predictions" / (patient.case_id + ".nii.gz")));
  } catch (const base::Error& error) {
    base::Warn("no picture of {}: {}", patient.case_id, error.message());
    return {};
  }
}

}  // namespace parotis::app
