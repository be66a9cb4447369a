#include "dicom/mr_writer.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "dicom/dcmtk_setup.h"
#include "dicom/mr_objects.h"
#include "dicom/put.h"

namespace parotis::dicom {
namespace {

namespace fs = std::filesystem;

std::string Joined(const std::vector<std::string>& values) { return fmt::format("{}", fmt::join(values, "\\")); }

void PutAcquisition(DcmItem& item, const MrStudy& study, const MrSeries& series, const MrVolume& volume) {
  Put(item, DCM_ScanningSequence, Joined(series.scanning_sequence));
  Put(item, DCM_SequenceVariant, Joined(series.sequence_variant));
  Put(item, DCM_ScanOptions, Joined(series.scan_options));
  Put(item, DCM_MRAcquisitionType, series.three_dimensional ? "3D" : "2D");
  const std::string& name = volume.sequence_name.empty() ? series.sequence_name : volume.sequence_name;
  if (!name.empty()) Put(item, DCM_SequenceName, name);
  PutDecimals(item, DCM_RepetitionTime, {series.repetition_time_ms});
  PutDecimals(item, DCM_EchoTime, {series.echo_time_ms});
  if (series.inversion_time_ms > 0) PutDecimals(item, DCM_InversionTime, {series.inversion_time_ms});
  PutInteger(item, DCM_EchoTrainLength, series.echo_train_length);
  PutDecimals(item, DCM_FlipAngle, {series.flip_angle_deg});
  PutDecimals(item, DCM_NumberOfAverages, {series.averages});
  PutDecimals(item, DCM_ImagingFrequency, {42.577478 * study.field_strength_t});  // 1H, MHz
  Put(item, DCM_ImagedNucleus, "1H");
  PutInteger(item, DCM_AcquisitionNumber, volume.acquisition_number);
  if (!series.contrast_agent.empty()) Put(item, DCM_ContrastBolusAgent, series.contrast_agent);
  if (!series.contrast_start_time.empty()) Put(item, DCM_ContrastBolusStartTime, series.contrast_start_time);
  if (series.pixel_bandwidth_hz > 0) PutDecimals(item, DCM_PixelBandwidth, {series.pixel_bandwidth_hz});
}

// (0018,1310) is frequency rows, frequency columns, phase rows, phase columns: two of them are 0.
void PutPhaseEncoding(DcmItem& item, const std::string& direction, const image::Geometry& grid) {
  if (direction.empty()) return;
  Put(item, DCM_InPlanePhaseEncodingDirection, direction);
  const auto rows = static_cast<double>(grid.size[1]), columns = static_cast<double>(grid.size[0]);
  const bool along_rows = direction == "ROW";
  PutAttributes(item, {NumberAttribute(Tag{0x0018, 0x1310, "US"}, {along_rows ? rows : 0, along_rows ? 0 : columns,
                                                                   along_rows ? 0 : rows, along_rows ? columns : 0})});
}

void PutDiffusion(DcmItem& item, const MrVolume& volume) {
  if (!volume.b_value_s_mm2) return;
  PutDouble(item, DCM_DiffusionBValue, *volume.b_value_s_mm2);
  const bool along = volume.direction_world.has_value();
  Put(item, DCM_DiffusionDirectionality, *volume.b_value_s_mm2 == 0 ? "NONE" : along ? "DIRECTIONAL" : "ISOTROPIC");
  if (!along) return;
  const auto& d = *volume.direction_world;
  PutDoubles(item, DCM_DiffusionGradientOrientation, {d[0], d[1], d[2]});
}

void PutVolume(DcmItem& item, const MrStudy& study, const MrSeries& series, const MrVolume& volume,
               const Window& window) {
  const image::Geometry& grid = volume.image.geometry;
  Put(item, DCM_ImageType, Joined(volume.image_type));
  if (!volume.derivation.empty()) Put(item, DCM_DerivationDescription, volume.derivation);
  PutDecimals(item, DCM_PixelSpacing, {grid.spacing_mm[1], grid.spacing_mm[0]});  // rows, columns (PS3.3 10.7.1.3)
  PutDecimals(item, DCM_SliceThickness, {series.slice_thickness_mm});
  PutDecimals(item, DCM_SpacingBetweenSlices, {grid.spacing_mm[2]});
  const auto& d = grid.direction;
  PutDecimals(item, DCM_ImageOrientationPatient, {d[0][0], d[1][0], d[2][0], d[0][1], d[1][1], d[2][1]});
  PutPixelDescription(item, study, grid);
  PutDecimals(item, DCM_WindowCenter, {window.centre});
  PutDecimals(item, DCM_WindowWidth, {window.width});
  if (volume.rescale) {
    PutDecimals(item, DCM_RescaleIntercept, {volume.rescale->intercept});
    PutDecimals(item, DCM_RescaleSlope, {volume.rescale->slope});
    Put(item, DCM_RescaleType, volume.rescale->type);
  }
  if (volume.unit) PutUnit(item, *volume.unit, study.signed_pixels);
  PutPhaseEncoding(item, series.phase_encoding, grid);
  PutDiffusion(item, volume);
  if (volume.temporal_position > 0) PutInteger(item, DCM_TemporalPositionIdentifier, volume.temporal_position);
}

void PutSlice(DcmItem& item, const MrSeries& series, const MrVolume& volume, std::int64_t slice) {
  const std::string time = TimeOf(series, volume, slice);
  Put(item, DCM_AcquisitionTime, time);
  Put(item, DCM_ContentTime, time);
  const auto at = WorldFromVoxel(volume.image.geometry, {0, 0, static_cast<double>(slice)});
  PutDecimals(item, DCM_ImagePositionPatient, {at[0], at[1], at[2]});
  const auto& d = volume.image.geometry.direction;
  PutDecimals(item, DCM_SliceLocation, {at[0] * d[0][2] + at[1] * d[1][2] + at[2] * d[2][2]});
  const std::vector<std::uint16_t> pixels = PixelsOf(volume, slice);
  item.putAndInsertUint16Array(DCM_PixelData, pixels.data(), static_cast<unsigned long>(pixels.size()));
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

std::string InstanceUid(const MrSeries& series, std::size_t volume, std::int64_t slice) {
  return UidFromName(fmt::format("{} {} {}", series.uid, volume, slice));
}

void WriteMrSeries(const fs::path& folder, const MrStudy& study, const MrSeries& series,
                   const std::vector<MrVolume>& volumes) {
  SetUpDcmtk();
  base::CreateFolder(folder);
  std::vector<Window> windows;
  windows.reserve(volumes.size());
  for (const MrVolume& volume : volumes) windows.push_back(WindowOf(volume));
  int number = 0;
  for (const Instance& instance : InstancesInOrder(series, volumes)) {
    ++number;
    const MrVolume& volume = volumes[instance.volume];
    DcmFileFormat file;
    DcmDataset& item = *file.getDataset();
    Put(item, DCM_SOPClassUID, UID_MRImageStorage);
    Put(item, DCM_SOPInstanceUID, InstanceUid(series, instance.volume, instance.slice));
    PutPatientStudyAndEquipment(item, study);
    PutSeriesAndDates(item, study, series);
    // Of a part that is not named nobody knows whether it is one of a pair (PS3.3 C.7.3.1).
    if (series.body_part.empty()) Put(item, DCM_Laterality, "");
    Put(item, DCM_AcquisitionDate, study.date);
    PutAcquisition(item, study, series, volume);
    PutVolume(item, study, series, volume, windows[instance.volume]);
    PutInteger(item, DCM_InstanceNumber, number);
    PutSlice(item, series, volume, instance.slice);
    PutAttributes(item, series.attributes);
    PutAttributes(item, volume.attributes);
    SaveObject(folder / fmt::format("IM{:04d}.dcm", number), file, study);
  }
}

}  // namespace parotis::dicom
