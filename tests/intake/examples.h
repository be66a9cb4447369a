// Series and studies as the index would describe them, without files.
#pragma once

#include <string>
#include <vector>

#include "dicom/series.h"

namespace parotis::intake {

// An axial T2 turbo spin echo of 20 slices; change what the test is about.
inline dicom::Series T2Series(int number = 4, const std::string& description = "t2_tse_tra") {
  dicom::Series series;
  series.uid = "1.2.3." + std::to_string(number);
  series.number = number;
  series.description = description;
  series.modality = "MR";
  series.frame_of_reference_uid = "1.2.3.9";
  series.image_type = {"ORIGINAL", "PRIMARY", "M"};
  series.scanning_sequence = {"SE"};
  series.echo_time_ms = 90;
  series.repetition_time_ms = 4000;
  series.plane = dicom::SlicePlane::kAxial;
  dicom::SeriesVolume volume;
  volume.geometry = {{256, 256, 20}, {0.8, 0.8, 4}, {-100, -100, 0}, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}};
  volume.plane = dicom::SlicePlane::kAxial;
  volume.image_type = series.image_type;
  volume.echo_time_ms = series.echo_time_ms;
  series.volumes = {volume};
  return series;
}

inline dicom::Series T1Series(int number = 5, const std::string& description = "t1_tse_tra") {
  dicom::Series series = T2Series(number, description);
  series.echo_time_ms = 12;
  series.repetition_time_ms = 600;
  return series;
}

inline dicom::Series T1cSeries(int number = 9) {
  dicom::Series series = T1Series(number, "t1_tse_tra_fs");
  series.contrast_agent = "Gadovist";
  return series;
}

inline dicom::Series DiffusionSeries(const std::vector<double>& b_values_s_mm2, int number = 6,
                                     const std::string& description = "ep2d_diff") {
  dicom::Series series = T2Series(number, description);
  series.scanning_sequence = {"EP"};
  series.fat_suppressed = true;
  dicom::SeriesVolume volume = series.volumes.front();
  volume.geometry = {{128, 128, 20}, {1.8, 1.8, 4}, {-115, -115, 0}, volume.geometry.direction};
  series.volumes.clear();
  for (const double b : b_values_s_mm2) {
    volume.b_value_s_mm2 = b;
    volume.b_value_source = "(0018,9087)";
    series.volumes.push_back(volume);
  }
  return series;
}

inline dicom::Series AdcSeries(int number = 7) {
  dicom::Series series = DiffusionSeries({800}, number, "ep2d_diff_ADC");
  series.volumes.front().image_type = {"DERIVED", "PRIMARY", "DIFFUSION", "ADC"};
  return series;
}

inline dicom::Study StudyOf(const std::vector<dicom::Series>& series) {
  dicom::Study study;
  study.uid = "1.2.3";
  study.patient.id = "patient-1";
  study.series = series;
  return study;
}

}  // namespace parotis::intake
