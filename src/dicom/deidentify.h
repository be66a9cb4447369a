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
  int threads = 0;
};

// What became of one file, under its new name or, when it was not let out, under the pseudonym of its UID.
struct DeidentifiedFile {
  std::string patient, study, file;  // pseudonyms
  std::string code;                  // of a condition; "" when it was written
  std::string sentence;              // without identity
  bool written() const { return code.empty(); }
};

// Writes OUT/{patient}/{study}/{series number}-{series}/{instance}.dcm, all names pseudonyms, each file atomically, and
// deidentify-report.json. Files that are there already, under the same settings, are not written again. Objects without
// images are left out. Throws kUsage when `output` was begun with another key or other settings.
std::vector<DeidentifiedFile> Deidentify(const Index& index, const std::filesystem::path& output,
                                         const DeidentifyOptions& options);

base::Json ReportOf(const std::vector<DeidentifiedFile>& files);

}  // namespace parotis::dicom
