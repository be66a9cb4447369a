// What classic and enhanced MR objects have in common. Private to this folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "dicom/mr_writer.h"

class DcmFileFormat;
class DcmItem;

namespace parotis::dicom {

// Which slice of which volume comes at which place.
struct Instance {
  std::size_t volume = 0;
  std::int64_t slice = 0;
};
std::vector<Instance> InstancesInOrder(const MrSeries& series, const std::vector<MrVolume>& volumes);

// HHMMSS.FFFFFF, `later_s` after HHMMSS.
std::string TimeAfter(const std::string& time, double later_s);
std::string TimeOf(const MrSeries& series, const MrVolume& volume, std::int64_t slice);

void PutPatientStudyAndEquipment(DcmItem& item, const MrStudy& study);
void PutSeriesAndDates(DcmItem& item, const MrStudy& study, const MrSeries& series);
void PutPixelDescription(DcmItem& item, const MrStudy& study, const image::Geometry& grid);

// The window that shows a volume from black to its bright end.
struct Window {
  double centre = 0, width = 1;
};
Window WindowOf(const MrVolume& volume);

// Into Real World Value Mapping (0040,9096); signed numbers for signed pixels.
void PutUnit(DcmItem& item, const RealWorldUnit& unit, bool signed_pixels);

// The stored values of one slice, checked. Throws kInternal for what is no whole number of 12 bits.
std::vector<std::uint16_t> PixelsOf(const MrVolume& volume, std::int64_t slice);

// Explicit VR little endian; texts in the study's character set.
void SaveObject(const std::filesystem::path& path, DcmFileFormat& file, const MrStudy& study);

}  // namespace parotis::dicom
