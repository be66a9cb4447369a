// Which study of a folder is meant, and what it is called where its identity must not be told.
#pragma once

#include <string>

#include "dicom/index.h"

namespace parotis::intake {

// The only study of an index, or the one with `uid`. Throws kRefused when there are several (lists them; several
// patients are said aloud), kInput when there is none.
const dicom::Study& SelectStudy(const dicom::Index& index, const std::string& folder, const std::string& uid = {});

// dicom/pseudonyms.h; with an empty key they tell nothing to who does not have the UID, but patient numbers are short:
// without a secret key they can be found by trying them all.
std::string CaseIdOf(const dicom::Study& study, const std::string& key);
std::string PatientPseudonym(const dicom::Study& study, const std::string& key);

}  // namespace parotis::intake
