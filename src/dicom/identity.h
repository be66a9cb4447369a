// Whether the images that claim to belong together are of one patient.
#pragma once

#include <vector>

#include "dicom/series.h"

namespace parotis::dicom {

// Adds findings to the studies of one index:
//  several_patients       one StudyInstanceUID with more than one patient number
//  patient_contradictory  one patient number with different birth dates or sexes
//  patient_name_differs   one patient number with different names, spelling apart (people marry)
// Studies without a patient number are compared with nothing.
void FindMixedIdentities(std::vector<Study>& studies);

// A contradiction among the images of one study, which its files tell: `patients` are all distinct ones. Empty when
// there is none. Unlike between studies, different names are a contradiction.
base::Finding PatientContradiction(const std::vector<Patient>& patients);

// Letters and digits of a name in lower case, components in alphabetic order, so that "DOE^JANE", "Doe, Jane" and "Jane
// Doe" are one name; the ideographic and phonetic groups (PS3.5 6.2.1) are left out.
std::string ComparableName(const std::string& name);

}  // namespace parotis::dicom
