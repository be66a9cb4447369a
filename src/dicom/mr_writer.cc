#include "dicom/mr_writer.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "dicom/dcmtk_setup.h"
#include "dicom/save_file.h"

namespace parotis::dicom {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;

constexpr double kLargestStored = 4095;  // 12 bits

// A decimal string has at most 16 characters (PS3.5 6.2).
std::string Decimal(double value) {
  for (int digits = 12; digits > 0; --digits) {
    std::string text = fmt::format("{:.{}g}", value, digits);
    if (text.size() <= 16) return text == "-0" ? "0" : text;
  }
  base::Throw(ErrorKind::kInternal, fmt::format("{} cannot be written as a DICOM decimal string", value));
}

std::string Joined(const std::vector<std::string>& values) { return fmt::format("{}", fmt::join(values, "\\")); }

template <std::size_t N>
std::string Decimals(const std::array<double, N>& values) {
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(Decimal(value));
  return Joined(texts);
}

void Check(const OFCondition& condition, const char* what) {
  if (condition.bad())
    base::Throw(ErrorKind::kInternal, fmt::format("cannot put {} into a DICOM object: {}", what, condition.text()));
}

void Put(DcmItem& item, const DcmTagKey& tag, const std::string& value) {
  Check(item.putAndInsertString(tag, value.c_str()), DcmTag(tag).getTagName());
}

void PutWhole(DcmItem& item, const DcmTagKey& tag, int value) {
  Check(item.putAndInsertUint16(tag, static_cast<Uint16>(value)), DcmTag(tag).getTagName());
}

void PutDouble(DcmItem& item, const DcmTagKey& tag, double value) {
  Check(item.putAndInsertFloat64(tag, value), DcmTag(tag).getTagName());
}

DcmItem& AddItem(DcmItem& item, const DcmTagKey& sequence) {
  DcmItem* added = nullptr;
  Check(item.findOrCreateSequenceItem(sequence, added, -2), DcmTag(sequence).getTagName());
  return *added;
}

void PutPatientAndStudy(DcmItem& item, const MrStudy& study) {
  Put(item, DCM_SpecificCharacterSet, "ISO_IR 192");
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
  Put(item, DCM_ImageComments, study.comment);
}

void PutSeries(DcmItem& item, const MrStudy& study, const MrSeries& series) {
  Put(item, DCM_Modality, "MR");
  Put(item, DCM_SeriesInstanceUID, series.uid);
  Put(item, DCM_SeriesNumber, std::to_string(series.number));
  Put(item, DCM_SeriesDescription, series.description);
  Put(item, DCM_ProtocolName, series.protocol);
  Put(item, DCM_SeriesDate, study.date);
  Put(item, DCM_SeriesTime, series.time);
  Put(item, DCM_AcquisitionDate, study.date);
  Put(item, DCM_AcquisitionTime, series.time);
  Put(item, DCM_ContentDate, study.date);
  Put(item, DCM_ContentTime, series.time);
  Put(item, DCM_PatientPosition, "HFS");
  Put(item, DCM_BodyPartExamined, series.body_part);
  Put(item, DCM_ScanningSequence, Joined(series.scanning_sequence));
  Put(item, DCM_SequenceVariant, Joined(series.sequence_variant));
  Put(item, DCM_ScanOptions, Joined(series.scan_options));
  Put(item, DCM_MRAcquisitionType, "2D");
  if (!series.sequence_name.empty()) Put(item, DCM_SequenceName, series.sequence_name);
  Put(item, DCM_RepetitionTime, Decimal(series.repetition_time_ms));
  Put(item, DCM_EchoTime, Decimal(series.echo_time_ms));
  Put(item, DCM_EchoTrainLength, std::to_string(series.echo_train_length));
  Put(item, DCM_FlipAngle, Decimal(series.flip_angle_deg));
  Put(item, DCM_MagneticFieldStrength, Decimal(study.field_strength_t));
  Put(item, DCM_ImagedNucleus, "1H");
  Put(item, DCM_AcquisitionNumber, "1");
  if (!series.contrast_agent.empty()) Put(item, DCM_ContrastBolusAgent, series.contrast_agent);
}

void PutPixelDescription(DcmItem& item, const image::Geometry& grid) {
  PutWhole(item, DCM_SamplesPerPixel, 1);
  Put(item, DCM_PhotometricInterpretation, "MONOCHROME2");
  PutWhole(item, DCM_Rows, static_cast<int>(grid.size[1]));
  PutWhole(item, DCM_Columns, static_cast<int>(grid.size[0]));
  PutWhole(item, DCM_BitsAllocated, 16);
  PutWhole(item, DCM_BitsStored, 12);
  PutWhole(item, DCM_HighBit, 11);
  PutWhole(item, DCM_PixelRepresentation, 0);
}

// The window that shows the volume from black to its bright end.
void PutWindow(DcmItem& item, const image::Volume& volume) {
  std::vector<float> values = volume.voxels;
  const auto bright = values.begin() + static_cast<std::int64_t>(0.995 * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), bright, values.end());
  const double width = std::max(1.0F, *bright);
  Put(item, DCM_WindowCenter, Decimal(std::round(width / 2)));
  Put(item, DCM_WindowWidth, Decimal(width));
}

void PutUnit(DcmItem& item, const RealWorldUnit& unit) {
  DcmItem& mapping = AddItem(item, DCM_RealWorldValueMappingSequence);
  PutWhole(mapping, DCM_RealWorldValueFirstValueMapped, 0);
  PutWhole(mapping, DCM_RealWorldValueLastValueMapped, static_cast<int>(kLargestStored));
  PutDouble(mapping, DCM_RealWorldValueIntercept, 0);
  PutDouble(mapping, DCM_RealWorldValueSlope, 1);
  Put(mapping, DCM_LUTLabel, "ADC");
  Put(mapping, DCM_LUTExplanation, unit.explanation);
  DcmItem& code = AddItem(mapping, DCM_MeasurementUnitsCodeSequence);
  Put(code, DCM_CodeValue, unit.ucum);
  Put(code, DCM_CodingSchemeDesignator, "UCUM");
  Put(code, DCM_CodeMeaning, unit.meaning);
}

void PutVolume(DcmItem& item, const MrVolume& volume, double slice_thickness_mm) {
  const image::Geometry& grid = volume.image.geometry;
  Put(item, DCM_ImageType, Joined(volume.image_type));
  if (!volume.derivation.empty()) Put(item, DCM_DerivationDescription, volume.derivation);
  // PixelSpacing is row spacing, then column spacing (PS3.3 10.7.1.3).
  Put(item, DCM_PixelSpacing, Decimals(std::array{grid.spacing_mm[1], grid.spacing_mm[0]}));
  Put(item, DCM_SliceThickness, Decimal(slice_thickness_mm));
  Put(item, DCM_SpacingBetweenSlices, Decimal(grid.spacing_mm[2]));
  const auto& d = grid.direction;
  Put(item, DCM_ImageOrientationPatient, Decimals(std::array{d[0][0], d[1][0], d[2][0], d[0][1], d[1][1], d[2][1]}));
  PutPixelDescription(item, grid);
  PutWindow(item, volume.image);
  if (volume.unit) PutUnit(item, *volume.unit);
  if (!volume.b_value_s_mm2) return;
  PutDouble(item, DCM_DiffusionBValue, *volume.b_value_s_mm2);
  Put(item, DCM_DiffusionDirectionality, *volume.b_value_s_mm2 == 0 ? "NONE" : "ISOTROPIC");
}

void PutSlice(DcmItem& item, const image::Volume& volume, std::int64_t slice) {
  const auto plane = static_cast<std::size_t>(volume.geometry.size[0] * volume.geometry.size[1]);
  const std::size_t first = plane * static_cast<std::size_t>(slice);
  std::vector<Uint16> pixels(plane);
  for (std::size_t p = 0; p < plane; ++p) {
    const float value = volume.voxels[first + p];
    if (!(value >= 0 && value <= kLargestStored) || value != std::floor(value)) {
      base::Throw(ErrorKind::kInternal,
                  fmt::format("the value {:g} is no whole number of 12 bits and cannot be a pixel", value));
    }
    pixels[p] = static_cast<Uint16>(value);
  }
  Put(item, DCM_ImagePositionPatient, Decimals(WorldFromVoxel(volume.geometry, {0, 0, static_cast<double>(slice)})));
  Check(item.putAndInsertUint16Array(DCM_PixelData, pixels.data(), static_cast<unsigned long>(pixels.size())),
        "PixelData");
}

void Save(const fs::path& path, DcmFileFormat& file) {
  base::AtomicFile output(path);
  SaveFile(file, UID_LittleEndianExplicitTransferSyntax, output);
  output.Commit();
}

}  // namespace

std::string UidFromName(const std::string& name) {
  const std::string hex = base::HashOf(name);
  std::array<unsigned, 16> bytes{};
  for (std::size_t b = 0; b < bytes.size(); ++b)
    bytes[b] = static_cast<unsigned>(std::stoul(hex.substr(2 * b, 2), nullptr, 16));
  bytes[6] = (bytes[6] & 0x0FU) | 0x80U;  // version 8
  bytes[8] = (bytes[8] & 0x3FU) | 0x80U;  // variant
  // The 128-bit number in decimal, by repeated division.
  std::string digits;
  for (bool any = true; any;) {
    unsigned remainder = 0;
    any = false;
    for (unsigned& byte : bytes) {
      const unsigned value = remainder * 256 + byte;
      byte = value / 10;
      remainder = value % 10;
      any = any || byte != 0;
    }
    digits.insert(digits.begin(), static_cast<char>('0' + remainder));
  }
  return "2.25." + digits;
}

void WriteMrSeries(const fs::path& folder, const MrStudy& study, const MrSeries& series,
                   const std::vector<MrVolume>& volumes) {
  SetUpDcmtk();
  base::CreateFolder(folder);
  int instance = 0;
  for (const MrVolume& volume : volumes) {
    for (std::int64_t slice = 0; slice < volume.image.geometry.size[2]; ++slice) {
      ++instance;
      DcmFileFormat file;
      DcmDataset& item = *file.getDataset();
      Put(item, DCM_SOPClassUID, UID_MRImageStorage);
      Put(item, DCM_SOPInstanceUID, UidFromName(fmt::format("{} {}", series.uid, instance)));
      PutPatientAndStudy(item, study);
      PutSeries(item, study, series);
      PutVolume(item, volume, series.slice_thickness_mm);
      Put(item, DCM_InstanceNumber, std::to_string(instance));
      PutSlice(item, volume.image, slice);
      Save(folder / fmt::format("IM{:04d}.dcm", instance), file);
    }
  }
}

}  // namespace parotis::dicom
