#include "dicom/mr_objects.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/files.h"
#include "dicom/put.h"
#include "dicom/save_file.h"

namespace parotis::dicom {

std::vector<Instance> InstancesInOrder(const MrSeries& series, const std::vector<MrVolume>& volumes) {
  std::vector<Instance> instances;
  for (std::size_t v = 0; v < volumes.size(); ++v) {
    const std::int64_t slices = volumes[v].image.geometry.size[2];
    for (std::int64_t n = 0; n < slices; ++n) instances.push_back({v, series.downwards ? slices - 1 - n : n});
  }
  if (series.order == InstanceOrder::kVolumes) return instances;
  std::stable_sort(instances.begin(), instances.end(), [&](const Instance& a, const Instance& b) {
    return series.downwards ? a.slice > b.slice : a.slice < b.slice;
  });
  return instances;
}

std::string TimeAfter(const std::string& time, double later_s) {
  if (time.size() < 6 || time.find_first_not_of("0123456789.") != std::string::npos) {
    base::Throw(base::ErrorKind::kUsage,
                fmt::format("a series whose images begin later than it does needs a time HHMMSS, not \"{}\"", time));
  }
  const int start_s =
      3600 * std::stoi(time.substr(0, 2)) + 60 * std::stoi(time.substr(2, 2)) + std::stoi(time.substr(4, 2));
  const auto microseconds = static_cast<std::int64_t>(std::llround(later_s * 1e6));
  const std::int64_t seconds = start_s + microseconds / 1000000;
  return fmt::format("{:02}{:02}{:02}.{:06}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60,
                     microseconds % 1000000);
}

std::string TimeOf(const MrSeries& series, const MrVolume& volume, std::int64_t slice) {
  const auto at = static_cast<std::size_t>(slice);
  const double later_s = volume.start_s + (at < series.slice_times_s.size() ? series.slice_times_s[at] : 0);
  return later_s == 0 ? series.time : TimeAfter(series.time, later_s);
}

void PutPatientStudyAndEquipment(DcmItem& item, const MrStudy& study) {
  Put(item, DCM_PatientName, study.patient_name);
  Put(item, DCM_PatientID, study.patient_id);
  Put(item, DCM_PatientBirthDate, study.birth_date);
  Put(item, DCM_PatientSex, study.sex);
  Put(item, DCM_PatientAge, study.age);
  Put(item, DCM_StudyInstanceUID, study.uid);
  Put(item, DCM_StudyDate, study.date);
  Put(item, DCM_StudyTime, study.time);
  Put(item, DCM_ReferringPhysicianName, "");
  Put(item, DCM_StudyID, study.id);
  Put(item, DCM_AccessionNumber, study.accession_number);
  Put(item, DCM_StudyDescription, study.description);
  Put(item, DCM_FrameOfReferenceUID, study.frame_of_reference_uid);
  Put(item, DCM_PositionReferenceIndicator, "");
  Put(item, DCM_Manufacturer, study.manufacturer);
  Put(item, DCM_ManufacturerModelName, study.model);
  Put(item, DCM_StationName, study.station);
  Put(item, DCM_SoftwareVersions, study.software);
  if (!study.device_serial_number.empty()) Put(item, DCM_DeviceSerialNumber, study.device_serial_number);
  Put(item, DCM_ImageComments, study.comment);
}

void PutSeriesAndDates(DcmItem& item, const MrStudy& study, const MrSeries& series) {
  Put(item, DCM_Modality, "MR");
  Put(item, DCM_SeriesInstanceUID, series.uid);
  PutInteger(item, DCM_SeriesNumber, series.number);
  Put(item, DCM_SeriesDescription, series.description);
  Put(item, DCM_ProtocolName, series.protocol);
  Put(item, DCM_SeriesDate, study.date);
  Put(item, DCM_SeriesTime, series.time);
  Put(item, DCM_ContentDate, study.date);
  Put(item, DCM_PatientPosition, "HFS");
  Put(item, DCM_BodyPartExamined, series.body_part);
  PutDecimals(item, DCM_MagneticFieldStrength, {study.field_strength_t});
}

void PutPixelDescription(DcmItem& item, const MrStudy& study, const image::Geometry& grid) {
  PutWhole(item, DCM_SamplesPerPixel, 1);
  Put(item, DCM_PhotometricInterpretation, "MONOCHROME2");
  PutWhole(item, DCM_Rows, static_cast<int>(grid.size[1]));
  PutWhole(item, DCM_Columns, static_cast<int>(grid.size[0]));
  PutWhole(item, DCM_BitsAllocated, 16);
  PutWhole(item, DCM_BitsStored, study.bits_stored);
  PutWhole(item, DCM_HighBit, study.bits_stored - 1);
  PutWhole(item, DCM_PixelRepresentation, study.signed_pixels ? 1 : 0);
}

Window WindowOf(const MrVolume& volume) {
  std::vector<float> values = volume.image.voxels;
  const auto bright = values.begin() + static_cast<std::int64_t>(0.995 * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), bright, values.end());
  const double stored = std::max(1.0F, *bright);
  const Rescale rescale = volume.rescale.value_or(Rescale());
  if (rescale.slope == 1 && rescale.intercept == 0) return {std::round(stored / 2), stored};
  const double width = stored * rescale.slope;
  return {width / 2 + rescale.intercept, width};
}

void PutUnit(DcmItem& item, const RealWorldUnit& unit, bool signed_pixels) {
  DcmItem& mapping = AddItem(item, DCM_RealWorldValueMappingSequence);
  const char* vr = signed_pixels ? "SS" : "US";
  const auto mapped = [&](std::uint16_t element, double value) {
    Tag tag{0x0040, element, {vr[0], vr[1], '\0'}};
    PutAttributes(mapping, {NumberAttribute(tag, {value})});
  };
  mapped(0x9211, kLargestPixel);  // last value mapped
  mapped(0x9216, 0);              // first value mapped
  PutDouble(mapping, DCM_RealWorldValueIntercept, unit.intercept);
  PutDouble(mapping, DCM_RealWorldValueSlope, unit.slope);
  Put(mapping, DCM_LUTLabel, unit.label);
  Put(mapping, DCM_LUTExplanation, unit.explanation);
  PutCode(mapping, DCM_MeasurementUnitsCodeSequence, unit.ucum.c_str(), "UCUM", unit.meaning.c_str());
}

std::vector<std::uint16_t> PixelsOf(const MrVolume& volume, std::int64_t slice) {
  const auto& size = volume.image.geometry.size;
  const auto plane = static_cast<std::size_t>(size[0] * size[1]);
  const std::size_t first = plane * static_cast<std::size_t>(slice);
  std::vector<std::uint16_t> pixels(plane);
  for (std::size_t p = 0; p < plane; ++p) {
    const float value = volume.image.voxels[first + p];
    if (!(value >= 0 && value <= kLargestPixel) || value != std::floor(value)) {
      base::Throw(base::ErrorKind::kInternal,
                  fmt::format("the value {:g} is no whole number of 12 bits and cannot be a pixel", value));
    }
    pixels[p] = static_cast<std::uint16_t>(value);
  }
  return pixels;
}

void SaveObject(const std::filesystem::path& path, DcmFileFormat& file, const MrStudy& study) {
  EncodeTexts(*file.getDataset(), study.character_set);
  base::AtomicFile output(path);
  SaveFile(file, UID_LittleEndianExplicitTransferSyntax, output);
  output.Commit();
}

}  // namespace parotis::dicom
