// A series of images, and what was made from it, for tests of the objects that go back into its study.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "dicom/derived_object.h"
#include "dicom/index.h"
#include "dicom/mr_writer.h"
#include "tests/support/mr_study.h"

namespace parotis::test {

// One image for each slice, in `folder`, and their places.
inline std::vector<dicom::SourceImage> WriteImages(const std::filesystem::path& folder, image::Volume image,
                                                   const dicom::MrStudy& study = SomeStudy()) {
  dicom::MrSeries series;
  series.uid = dicom::UidFromName("source series");
  series.description = "AX T2";
  series.repetition_time_ms = 4000;
  series.echo_time_ms = 90;
  series.slice_thickness_mm = image.geometry.spacing_mm[2];
  dicom::MrVolume volume;
  volume.image = std::move(image);
  dicom::WriteMrSeries(folder, study, series, {volume});
  const dicom::Index index = dicom::IndexDicom(folder);
  const dicom::Series& read = index.studies.at(0).series.at(0);
  return SourceImagesOf(read, read.volumes.at(0));
}

inline std::vector<dicom::SourceImage> WriteImages(const std::filesystem::path& folder, const image::Geometry& grid,
                                                   const dicom::MrStudy& study = SomeStudy()) {
  return WriteImages(folder, image::Volume(grid, 100), study);
}

inline dicom::DerivedObject DerivedFrom(const std::filesystem::path& folder, const std::string& name) {
  dicom::DerivedObject object;
  object.source = *std::filesystem::directory_iterator(folder);
  object.instance_uid = dicom::UidFromName(name);
  object.series_uid = dicom::UidFromName(name + " series");
  object.series_number = 901;
  object.series_description = "parotis: " + name;
  object.content_label = "TUMOURS";
  object.content_description = "research use only";
  object.made_at = 1700000000;  // 2023-11-14 22:13:20 UTC
  object.manufacturer = "parotis";
  object.model = "parotis";
  object.serial_number = "abc";
  object.software = "0.2.0";
  return object;
}

}  // namespace parotis::test
