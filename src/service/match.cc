#include "service/match.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.h"

namespace parotis::service {
namespace {

constexpr std::pair<const char*, const char*> kKeys[] = {
    {"SOPClassUID", "00080016"},       {"SOPInstanceUID", "00080018"},
    {"StudyDate", "00080020"},         {"StudyTime", "00080030"},
    {"AccessionNumber", "00080050"},   {"Modality", "00080060"},
    {"ModalitiesInStudy", "00080061"}, {"ReferringPhysicianName", "00080090"},
    {"StudyDescription", "00081030"},  {"SeriesDescription", "0008103E"},
    {"PatientName", "00100010"},       {"PatientID", "00100020"},
    {"PatientBirthDate", "00100030"},  {"PatientSex", "00100040"},
    {"StudyInstanceUID", "0020000D"},  {"SeriesInstanceUID", "0020000E"},
    {"StudyID", "00200010"},           {"SeriesNumber", "00200011"},
    {"InstanceNumber", "00200013"}};

// "*" any text, "?" one character. Linear in text × pattern, whatever stars there are.
bool FitsWildcards(const std::string& text, const std::string& pattern) {
  std::size_t t = 0, p = 0, star = std::string::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*') {
      ++t, ++p;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++, resume = t;
    } else if (star != std::string::npos) {
      p = star + 1, t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool IsRange(const std::string& vr, const std::string& pattern) {
  return (vr == "DA" || vr == "TM" || vr == "DT") && pattern.find('-') != std::string::npos;
}

bool FitsRange(const std::string& value, const std::string& pattern) {
  const std::size_t dash = pattern.find('-');
  const std::string from = pattern.substr(0, dash), to = pattern.substr(dash + 1);
  return (from.empty() || value >= from) && (to.empty() || value.substr(0, to.size()) <= to);
}

}  // namespace

std::optional<std::string> TagOfKey(const std::string& key) {
  const auto found = std::find_if(std::begin(kKeys), std::end(kKeys), [&](const auto& known) {
    return key == known.first || base::AsciiUpper(key) == known.second;
  });
  return found == std::end(kKeys) ? std::nullopt : std::optional<std::string>(found->second);
}

std::vector<std::string> ValuesOf(const base::Json& dataset, const std::string& tag) {
  std::vector<std::string> values;
  const auto attribute = dataset.find(tag);
  if (attribute == dataset.end() || !attribute->contains("Value")) return values;
  for (const base::Json& value : (*attribute)["Value"]) {
    if (value.is_string()) {
      values.push_back(value.get<std::string>());
    } else if (value.is_object()) {
      std::string name;
      for (const auto& [group, text] : value.items()) name += (name.empty() ? "" : "=") + text.get<std::string>();
      values.push_back(name);
    } else {
      values.push_back(value.dump());
    }
  }
  return values;
}

base::Json Attribute(const char* vr, base::Json value) {
  return {{"vr", vr}, {"Value", base::Json::array({std::move(value)})}};
}

std::vector<std::string> SplitUids(const std::string& list) {
  std::vector<std::string> uids;
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t to = std::min(list.find_first_of(",\\", from), list.size());
    if (to > from) uids.push_back(list.substr(from, to - from));
    from = to + 1;
  }
  return uids;
}

bool Matches(const base::Json& dataset, const std::string& tag, const std::string& pattern) {
  const auto attribute = dataset.find(tag);
  const std::string vr = attribute == dataset.end() ? "" : attribute->value("vr", std::string());
  const std::vector<std::string> values = ValuesOf(dataset, tag);
  const std::vector<std::string> uids = vr == "UI" ? SplitUids(pattern) : std::vector<std::string>();
  return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
    if (vr == "UI") return std::find(uids.begin(), uids.end(), value) != uids.end();
    if (IsRange(vr, pattern)) return FitsRange(value, pattern);
    if (vr == "PN") return FitsWildcards(base::AsciiLower(value), base::AsciiLower(pattern));
    return FitsWildcards(value, pattern);
  });
}

}  // namespace parotis::service
