// An examination of a few voxels, and what was found in it.
#pragma once

#include <string>

#include "dataset/case.h"
#include "diagnose/diagnose.h"
#include "plan/bundle_info.h"

namespace parotis::test {

inline dataset::Case SmallCase() {
  dataset::Case examination;
  examination.id = "patient_7";
  examination.grid.size = {30, 30, 5};
  examination.grid.spacing_mm = {4, 4, 5};
  examination.channel_names = {"T2", "ADC"};
  examination.channels.assign(2, image::Volume(examination.grid, 10.0F));
  examination.provenance["channels"]["T2"] = {
      {"series_number", 5}, {"description", "<img src=x onerror=alert(1)>"}, {"interpolation", "linear"}};
  return examination;
}

inline diagnose::Result NothingFound(const dataset::Case& examination) {
  diagnose::Result result{{}, image::LabelVolume(examination.grid), image::LabelVolume(examination.grid)};
  result.diagnosis.case_id = examination.id;
  result.diagnosis.classes = {"alpha", "beta_gamma"};
  result.diagnosis.reason = "Nothing reached the threshold.";
  return result;
}

inline diagnose::Result OneLesion(const dataset::Case& examination) {
  diagnose::Result result = NothingFound(examination);
  result.lesion_map.At(10, 10, 2) = 1;
  dataset::Diagnosis& d = result.diagnosis;
  d.verdict = dataset::Verdict::kClass;
  d.class_probabilities = {0.25, 0.75};
  d.class_name = "beta_gamma";
  d.reason = "The larger probability.";
  dataset::Lesion lesion;
  lesion.id = 1;
  lesion.side = dataset::Side::kLeft;
  lesion.slice = 2;
  lesion.long_axis_mm = 21.26;
  lesion.short_axis_mm = 14;
  lesion.volume_ml = 3.456;
  lesion.adc_mean_um2_s = 1234.5;
  lesion.adc_sd_um2_s = 150;
  lesion.class_probabilities = {0.25, 0.75};
  d.lesions = {lesion};
  return result;
}

inline plan::BundleInfo DiagnosisModel() {
  plan::BundleInfo model;
  model.name = "parotis-test-1";
  model.file_hash = std::string(64, 'e');
  model.channels = {"T2", "ADC"};
  return model;
}

}  // namespace parotis::test
