// A reader's version of what the program said: objects of their own, which name him, say what of each outline is his,
// and point at the report before.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dicom/derived_object.h"

namespace parotis::results {

enum class OutlineMaker { kProgram, kProgramAndReader, kReader };
std::string NameOf(OutlineMaker maker);  // "program", "program and reader", "reader"

struct LesionOrigin {
  OutlineMaker outline = OutlineMaker::kProgram;
  std::string tracking_uid;               // of the same finding in the version before; "" for a new one
  std::optional<std::string> class_name;  // that the reader gives it
};

struct ReaderVersion {
  std::string id;                              // tells it from every other of the analysis
  std::string reader, words;                   // who, and why
  std::vector<LesionOrigin> lesions;           // as those of the diagnosis
  std::optional<dicom::SourceImage> replaced;  // the report of the version before
};

}  // namespace parotis::results
