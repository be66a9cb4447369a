// Finds out what a folder of DICOM files holds, from headers alone. File names and sub-folders mean nothing; files that
// are not DICOM, or cannot be read, are listed with a sentence each and never stop the rest.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dicom/series.h"

namespace parotis::dicom {

struct SkippedFile {
  std::filesystem::path path;
  std::string reason;  // a sentence that names the file
  std::string code;    // of a Condition: not_dicom, file_unreadable, identity_missing, duplicate_file

  bool foreign() const { return code == "not_dicom"; }  // nobody need be told
};

struct Index {
  std::vector<Study> studies;        // one per StudyInstanceUID and patient; by date, then uid
  std::vector<SkippedFile> skipped;  // by path
};

// Reads every regular file below `folder` (or the one file it names, or every file in the zip archive it names) on all
// threads, with progress for large folders. The result depends on the files' content and names, never on the order in
// which the system lists them. Throws kIo when the folder cannot be listed, kRefused for an archive that is unsafe,
// damaged or encrypted (dicom/archive.h).
Index IndexDicom(const std::filesystem::path& folder);

}  // namespace parotis::dicom
