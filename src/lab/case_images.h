// A patient's images for a browser: channels and the reference as compact NIfTI files in a scratch folder, made when
// they are first asked for; the predictions as they lie in the study.
#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <mutex>
#include <optional>
#include <string>

#include "base/json.h"
#include "dataset/dataset.h"
#include "experiment/tasks.h"
#include "lab/scratch.h"
#include "report/contrast_study.h"

namespace parotis::lab {

class CaseImages {
 public:
  // Throws kIo when there is no room for temporary files.
  CaseImages(dataset::Dataset dataset, std::filesystem::path runs);

  const std::filesystem::path& scratch() const { return scratch_.path(); }
  bool Has(const std::string& case_id) const;
  // What a viewer needs: {"view": {"size", "spacing_mm", "slice_axis", "channels", "lesions", "probability"},
  // "predictions": [{"run": its place among `study`'s cross-validations, "volume", "lesions": […], "problem": why its
  // lesions cannot be read, or ""}]}. Throws as LoadCase.
  base::Json Describe(const std::string& case_id, const report::ContrastStudyInput& study,
                      const std::vector<experiment::Task>& tasks);
  // The file of one of these volumes; nothing when there is none.
  std::optional<std::filesystem::path> Find(const std::string& case_id, const std::string& volume,
                                            const std::vector<experiment::Task>& tasks);

 private:
  std::filesystem::path Made(const std::string& case_id);  // where its files are

  const dataset::Dataset dataset_;
  const std::filesystem::path runs_;
  const Scratch scratch_;
  std::mutex mutex_;
  std::list<std::string> kept_;  // cases, the last asked for first
};

}  // namespace parotis::lab
