// A synthetic examination as the DICOM study that one of five vendors' scanners would send (docs/scanner.md):
// localizer, T2w, T1w before and after contrast, diffusion with or without its directions, in most patients the
// vendor's ADC map, the dynamic series of extended protocols, and, if asked for, what else lies in real studies and
// disturbs. Every object says that it is synthetic. Names, language, order and arrangement vary between patients as
// they do between sites; the same examination and options give the same bytes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dicom/mr_writer.h"
#include "physics/scan.h"

namespace parotis::scanner {

// What a series was made from; its role for a reader is another question (DicomSeries::role).
enum class SeriesKind { kLocalizer, kT2, kT1, kT1c, kDiffusion, kAdc, kDynamic, kOther };

struct DicomSeries {
  SeriesKind kind = SeriesKind::kOther;
  // What a reader should use it for: "t2", "t1c", "dwi", "adc" or "" (spoilt runs, other regions, …).
  std::string role;
  bool enhanced = false;    // one object for all of its images (dicom/enhanced_mr_writer.h)
  bool screenshot = false;  // a secondary capture
  dicom::MrSeries header;
  std::vector<dicom::MrVolume> volumes;
};

struct DicomStudy {
  dicom::MrStudy header;
  std::vector<DicomSeries> series;  // in order of acquisition
};

struct StudyOptions {
  // Enhanced multi-frame objects, or one file per slice. None: drawn for each patient, of the vendors whose scanners
  // write enhanced objects by themselves (standard, Siemens, Philips).
  std::optional<bool> enhanced = std::nullopt;
  // Also series that were repeated or stopped, other planes and regions, reformats, subtractions, screenshots, and now
  // and then a series that is missing.
  bool clutter = false;
};

// `examination` must have been scanned with ScanOptions::extras.
DicomStudy MakeDicomStudy(const physics::Examination& examination, const StudyOptions& options = {});

// Writes `folder`/SE0001/IM0001.dcm …. The folder appears when the study is complete: until then it is called
// `folder`.part, and what a killed run left under that name is removed first. Throws kUsage when it is there already.
void WriteDicomStudy(const std::filesystem::path& folder, const DicomStudy& study);

// Removes the unfinished studies (*.part) that killed runs left in a folder of studies.
void RemoveUnfinishedStudies(const std::filesystem::path& folder);

}  // namespace parotis::scanner
