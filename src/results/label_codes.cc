#include "results/label_codes.h"

#include <map>

#include "base/json.h"
#include "parotis_label_codes.h"

namespace parotis::results {
namespace {

constexpr std::size_t kLongestCode = 16;     // SH
constexpr std::size_t kLongestMeaning = 64;  // LO

std::map<std::string, dicom::CodedConcept> ReadCodes() {
  constexpr const char* kName = "configs/label-codes.json";
  const base::Json json = base::ParseJson(kLabelCodes, kName);
  std::map<std::string, dicom::CodedConcept> codes;
  for (const auto& [label, entry] : json.items()) {
    base::JsonObject object(entry, std::string(kName) + ": " + label);
    codes[label] = {object.Get<std::string>("value"), object.Get<std::string>("scheme"),
                    object.Get<std::string>("meaning")};
    object.Finish();
  }
  return codes;
}

}  // namespace

dicom::CodedConcept CodeOfLabel(const std::string& label) {
  static const std::map<std::string, dicom::CodedConcept> kCodes = ReadCodes();
  const auto known = kCodes.find(label);
  if (known != kCodes.end()) return known->second;
  const std::string ascii = dicom::AsciiOf(label);
  return {ascii.substr(0, kLongestCode), kOwnScheme, ascii.substr(0, kLongestMeaning)};
}

}  // namespace parotis::results
