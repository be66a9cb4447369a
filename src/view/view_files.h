// What a viewer needs of one analysed study, in one folder: every channel, the lesions and the tumour probability as
// compact NIfTI files on one grid, and view.json, which says what they are, which series were chosen for what and why,
// and what the model says about itself.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dataset/case.h"
#include "diagnose/diagnose.h"
#include "dicom/series.h"
#include "intake/roles.h"
#include "plan/bundle_info.h"

namespace parotis::view {

inline constexpr const char* kManifest = "view.json";
inline constexpr const char* kLesions = "lesions";          // uint8, lesion ids
inline constexpr const char* kProbability = "probability";  // 1 − P(background), steps of 1/255

struct ViewInput {
  const dicom::Study& study;
  const intake::StudyRoles& roles;
  const dataset::Case& examination;
  const dataset::Case* by_header = nullptr;  // the same without alignment; null when nothing was moved
  const diagnose::Result& result;
  const image::Volume& tumour_probability;
  const plan::BundleInfo& model;
};

// Of a study that was refused: "view" is null, the series and the model say what they are.
void WriteReasons(const std::filesystem::path& folder, const dicom::Study& study, const intake::StudyRoles& roles,
                  const plan::BundleInfo& model);

// Channels are rounded: ADC to 1 µm²/s, other quantities to 1/32767 of their greatest value, images to 1/4096 of what
// is shown. Throws kIo.
void WriteViewFiles(const std::filesystem::path& folder, const ViewInput& input);

}  // namespace parotis::view
