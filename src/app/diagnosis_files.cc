#include "app/diagnosis_files.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <set>

#include "base/build_info.h"
#include "base/files.h"
#include "image/nifti.h"
#include "report/study_report.h"

namespace parotis::app {
namespace {

base::Json DiagnosisDocument(const ChainResult& chain, const plan::BundleInfo& model, const std::string& date) {
  base::Json document = dataset::ToJson(chain.result.diagnosis);
  document["model"] = {{"name", model.name},
                       {"sha256", model.file_hash},
                       {"contrast_set", model.contrast_set},
                       {"channels", model.channels}};
  document["provenance"] = chain.examination ? chain.examination->provenance : base::Json::object();
  document["build_id"] = base::BuildId();
  document["date"] = date;
  document["intended_use"] = base::kResearchUseOnly;
  return document;
}

// What travels inside the segmentation file itself.
std::string DescriptionOf(const dataset::Diagnosis& diagnosis) {
  const bool forced = std::any_of(diagnosis.flags.begin(), diagnosis.flags.end(),
                                  [](const dataset::QualityFlag& flag) { return flag.code == "forced"; });
  return fmt::format("parotis {}: research use only{}", base::Version(), forced ? "; FORCED on a refused study" : "");
}

std::vector<results::StudyObject> WriteObjects(const dicom::Study& study, const ChainOptions& options,
                                               const ChainResult& chain, const plan::BundleInfo& model,
                                               std::time_t made_at, base::FilesTogether& files) {
  std::vector<results::StudyObject> objects;
  std::set<std::string> left;
  for (const std::string& file : results::StudyObjectFiles()) left.insert(file);
  if (!chain.refused()) {
    const auto path_for = [&](const std::string& file) { return files.For(file); };
    objects = results::WriteStudyObjects(path_for, {study, *chain.examination, chain.result, chain.tumour_probability,
                                                    model, SettingsOf(options), made_at});
  }
  for (const results::StudyObject& object : objects) left.erase(object.file);
  for (const std::string& file : left) files.Remove(file);
  return objects;
}

std::string UtcOf(std::time_t when) { return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(when)); }

}  // namespace

std::string SettingsOf(const ChainOptions& options) {
  std::vector<std::string> pins;
  pins.reserve(options.pins.size());
  for (const intake::Pin& pin : options.pins) pins.push_back(intake::NameOf(pin.role) + "=" + pin.series);
  return base::Json({{"force", options.force},
                     {"pins", pins},
                     {"motion", intake::NameOf(options.alignment.motion)},
                     {"distortion", options.alignment.correct_distortion},
                     {"site", options.site.sha256}})
      .dump();
}

WrittenDiagnosis WriteDiagnosis(const std::filesystem::path& folder, const std::string& study_name,
                                const dicom::Study& study, const ChainOptions& options, const ChainResult& chain,
                                const plan::BundleInfo& model) {
  const std::time_t made_at = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  WrittenDiagnosis written{DiagnosisDocument(chain, model, UtcOf(made_at)), {}};
  base::FilesTogether files(folder);
  if (chain.refused()) {
    files.Remove("segmentation.nii.gz");
  } else {
    image::WriteNifti(files.For("segmentation.nii.gz"), chain.result.segmentation,
                      DescriptionOf(chain.result.diagnosis));
  }
  written.objects = WriteObjects(study, options, chain, model, made_at, files);
  report::WriteStudyReport(files.For("report.html"), {chain.result, chain.examination ? &*chain.examination : nullptr,
                                                      model, study_name, written.document["date"].get<std::string>()});
  base::WriteJson(files.For("diagnosis.json"), written.document);
  files.Commit();
  return written;
}

}  // namespace parotis::app
