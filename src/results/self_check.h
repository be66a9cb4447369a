// Objects are read again, by other code than what wrote them, and held against what was meant. All throw kInternal
// saying what differs; whatever calls them then lets nothing out. Private to this folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dicom/measurement_report.h"
#include "dicom/parametric_map.h"
#include "dicom/segmentation_writer.h"
#include "dicom/series.h"
#include "image/png.h"
#include "image/volume.h"

namespace parotis::results {

// One object of that class and UID, of the study's patient, in the study.
void CheckIdentity(const std::filesystem::path& path, const dicom::Study& study, const std::string& instance_uid,
                   const std::string& sop_class_uid);
// Every segment covers the same points of the patient as its voxels in `map`, and no other.
void CheckSegmentation(const std::filesystem::path& path, const image::LabelVolume& map,
                       const std::vector<dicom::SegmentDescription>& segments);
void CheckReport(const std::filesystem::path& path, const dicom::MeasurementReport& meant);
// To half a step; what is out of range, its ends.
void CheckMap(const std::filesystem::path& path, const image::Volume& map, const dicom::MappedQuantity& quantity);
void CheckPage(const std::filesystem::path& path, const std::string& pdf);
void CheckPicture(const std::filesystem::path& path, const image::Picture& picture);

}  // namespace parotis::results
