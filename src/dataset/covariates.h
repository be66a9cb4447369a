// What is known about a patient besides images, as numbers that a decision may use.
#pragma once

#include <map>
#include <string>

namespace parotis::dataset {

inline constexpr const char* kAgeYears = "age_years";
inline constexpr const char* kSexMale = "sex_male";  // 1 male, 0 female

// By name; what is not known is absent.
using Covariates = std::map<std::string, double>;

// From columns of participants.tsv: "age_years" a number, "sex" M or F (any case; male, female).
Covariates CovariatesOf(const std::map<std::string, std::string>& columns);
// From DICOM: PatientAge (0010,1010), an Age String such as "054Y" or "018M" (PS3.5 section 6.2), and PatientSex
// (0010,0040), M or F; anything else is not known.
Covariates CovariatesOfDicom(const std::string& patient_age, const std::string& patient_sex);

}  // namespace parotis::dataset
