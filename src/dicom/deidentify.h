// DICOM to DICOM without identity: PS3.15 Annex E, the Basic Application Level Confidentiality Profile with the options
// named in dicom/deidentify_item.h. Every file is read again after it was written and searched, byte by byte, for
// everything that identified the study; what still holds any of it is not let out.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "dicom/index.h"

namespace parotis::dicom {

struct DeidentifyOptions {
  std::string key;  // dicom/pseudonyms.h
  bool drop_dates = false;
  bool drop_characteristics = false;
  bool allow_burned_in = false;
  bool deface = false;  // no image of a study is let out unless the face was removed from all of them
  int threads = 0;
};

// What became of one file, under its new name or, when it was not let out, under the one it would have had.
struct DeidentifiedFile {
  std::string patient, study, series, file;  // pseudonyms; of a file that is not read only `file`, of its name
  std::string sop_class_uid;                 // "" when it was not read
  std::string code;                          // of a condition; "" when it was written
  std::string sentence;                      // without identity
  bool face_removed = false;                 // or no part of the face's region lies in it
  std::vector<base::Finding> flags;          // what its pixels show of a person: face_recognisable, text_in_pixels
  bool written() const { return code.empty(); }
  // Something that should have come out did not; not: what is no image, no DICOM, or there twice.
  bool refused() const;
};

// Writes OUT/{patient}/{study}/{series number}-{series}/{instance}.dcm, all names pseudonyms, each file atomically, and
// deidentify-report.json and .tsv. Killed at any moment, it leaves no half-written file under its name; started again
// it goes on: files that are there already, under the same settings, are not written again. Objects without images are
// left out. Returns the files of the studies, then those that the index skipped. Throws kUsage when `output` was begun
// with another key or other settings, or another process writes to it; kIo when the disk is full.
std::vector<DeidentifiedFile> Deidentify(const Index& index, const std::filesystem::path& output,
                                         const DeidentifyOptions& options);

base::Json ReportOf(const std::vector<DeidentifiedFile>& files);
// One row for each file: path, patient, study, sop_class, outcome (written, left_out), code.
std::string TableOf(const std::vector<DeidentifiedFile>& files);

}  // namespace parotis::dicom
