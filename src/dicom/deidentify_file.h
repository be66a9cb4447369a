// One file of `parotis deidentify`. Private to this folder.
#pragma once

#include <filesystem>
#include <string>

#include "base/conditions.h"
#include "dicom/deidentify_item.h"
#include "dicom/face_removal.h"

namespace parotis::dicom {

// What identifies somebody in this file, without UIDs (they are looked for in the file they stand in). Pixels are not
// read. Empty for what cannot be read.
Identifiers IdentifiersOfFile(const std::filesystem::path& file);

struct FileTreatment {
  bool allow_burned_in = false;
  bool face_recognisable = false;  // recorded in RecognizableVisualFeatures (0028,0302)
  // When the face is to be removed: by what, and which file of the study this is.
  const FaceRemoval* removal = nullptr;
  std::size_t series = 0, file = 0;
};

// Empty when `output` was written; else why not. `of_study`: everything that identifies somebody in any file of the
// study.
base::Finding DeidentifyFile(const std::filesystem::path& input, const std::filesystem::path& output,
                             const ItemCleaning& cleaning, const Identifiers& of_study, const FileTreatment& treatment);

// Why this written file must not be let out: "" when nothing of `identifiers` is in it. Reads the file.
std::string FindIdentifierInFile(const std::filesystem::path& file, const Identifiers& identifiers);

}  // namespace parotis::dicom
