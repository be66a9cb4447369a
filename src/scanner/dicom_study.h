// A synthetic examination as the DICOM study a scanner would send: localizer, T2w, T1w before and after contrast, DWI
// with b = 0 and 1000 in one series, and, in most patients, the vendor's ADC map. Every object says that it is
// synthetic. Names, body part and what is missing vary between patients as they do between sites; the same examination
// gives the same bytes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dicom/mr_writer.h"
#include "physics/scan.h"

namespace parotis::scanner {

struct DicomSeries {
  dicom::MrSeries header;
  std::vector<dicom::MrVolume> volumes;
};

struct DicomStudy {
  dicom::MrStudy header;
  std::vector<DicomSeries> series;  // by number
};

// `examination` must have been scanned with ScanOptions::extras.
DicomStudy MakeDicomStudy(const physics::Examination& examination);

// Writes `folder`/SE0001/IM0001.dcm …. The folder appears when the study is complete. Throws kUsage when it is there
// already.
void WriteDicomStudy(const std::filesystem::path& folder, const DicomStudy& study);

}  // namespace parotis::scanner
