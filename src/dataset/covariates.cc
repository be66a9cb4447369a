#include "dataset/covariates.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

#include "base/number.h"

namespace parotis::dataset {
namespace {

constexpr double kOldest_years = 130;

void AddAge(Covariates& covariates, std::optional<double> years) {
  if (years && *years >= 0 && *years <= kOldest_years) covariates[kAgeYears] = *years;
}

void AddSex(Covariates& covariates, std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (text == "m" || text == "male") covariates[kSexMale] = 1;
  if (text == "f" || text == "female") covariates[kSexMale] = 0;
}

// Age String: three digits and D, W, M or Y.
std::optional<double> YearsOfAgeString(std::string_view text) {
  if (text.size() != 4) return std::nullopt;
  const std::optional<double> count = base::FiniteNumberFrom(text.substr(0, 3));
  if (!count) return std::nullopt;
  switch (text[3]) {
    case 'Y': return *count;
    case 'M': return *count / 12;
    case 'W': return *count * 7 / 365.25;
    case 'D': return *count / 365.25;
    default: return std::nullopt;
  }
}

}  // namespace

Covariates CovariatesOf(const std::map<std::string, std::string>& columns) {
  Covariates covariates;
  if (const auto age = columns.find("age_years"); age != columns.end())
    AddAge(covariates, base::FiniteNumberFrom(age->second));
  if (const auto sex = columns.find("sex"); sex != columns.end()) AddSex(covariates, sex->second);
  return covariates;
}

Covariates CovariatesOfDicom(const std::string& patient_age, const std::string& patient_sex) {
  Covariates covariates;
  AddAge(covariates, YearsOfAgeString(patient_age));
  AddSex(covariates, patient_sex);
  return covariates;
}

}  // namespace parotis::dataset
