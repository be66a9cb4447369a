// What a model's labels mean in the terminologies of archives.
#pragma once

#include <string>

#include "dicom/derived_object.h"

namespace parotis::results {

// Codes of the program itself (PS3.3 12.1.4.1: private schemes begin with 99).
inline constexpr const char* kOwnScheme = "99PAROTIS";

// By configs/label-codes.json; a label that is not there under the program's own scheme.
dicom::CodedConcept CodeOfLabel(const std::string& label);

}  // namespace parotis::results
