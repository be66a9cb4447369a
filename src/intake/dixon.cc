#include "intake/dixon.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "intake/words.h"

namespace parotis::intake {
namespace {

using Strings = std::initializer_list<std::string_view>;

bool IsOneOf(std::string_view word, Strings list) { return std::find(list.begin(), list.end(), word) != list.end(); }

DixonPart PartOfType(std::string_view value) {
  if (IsOneOf(value, {"W", "WATER", "DIXON_W"})) return DixonPart::kWater;
  if (IsOneOf(value, {"F", "FAT", "DIXON_F"})) return DixonPart::kFat;
  if (IsOneOf(value, {"IP", "IN_PHASE", "INPHASE", "IN"})) return DixonPart::kInPhase;
  if (IsOneOf(value, {"OP", "OPP_PHASE", "OUT_PHASE", "OPPOSED_PHASE", "OUTPHASE", "OPP"}))
    return DixonPart::kOpposedPhase;
  if (IsOneOf(value, {"FF", "FAT_FRACTION", "FAT_FRAC", "PDFF", "FATFRACTION", "WF", "WATER_FRACTION"}))
    return DixonPart::kFatFraction;
  return DixonPart::kNone;
}

// In a series that is known to be a Dixon one.
DixonPart PartOfWord(std::string_view word) {
  if (IsOneOf(word, {"w", "water", "wasser", "eau", "agua", "acqua"})) return DixonPart::kWater;
  if (IsOneOf(word, {"f", "fat", "fett", "graisse", "grasa", "grasso", "gordura"})) return DixonPart::kFat;
  if (IsOneOf(word, {"in", "ip", "inphase"})) return DixonPart::kInPhase;
  if (IsOneOf(word, {"opp", "op", "out", "outphase", "oppphase", "opposed"})) return DixonPart::kOpposedPhase;
  if (IsOneOf(word, {"ff", "fatfraction", "pdff"})) return DixonPart::kFatFraction;
  return DixonPart::kNone;
}

// "fat sat" and "fat suppressed" say how the image was made, not which one it is.
bool IsMethod(const std::vector<std::string>& words, std::size_t at) {
  return at + 1 < words.size() && (words[at + 1].starts_with("sat") || words[at + 1].starts_with("sup"));
}

DixonPart PartOfDescription(const std::string& description) {
  const Words said({description});
  const std::vector<std::string>& words = said.words();
  if (words.empty()) return DixonPart::kNone;
  const auto colon = description.find(':');
  const bool labelled = colon != std::string::npos && Words({description.substr(0, colon)}).words().size() == 1;
  if (labelled) return PartOfWord(words.front());
  if (!said.HasAnyStem({"dixon", "mdixon", "qdixon", "ideal", "flex", "wfi", "wfs"})) return DixonPart::kNone;
  for (std::size_t at = words.size(); at-- > 0;) {
    const DixonPart part = PartOfWord(words[at]);
    if (part != DixonPart::kNone && !IsMethod(words, at)) return part;
  }
  return DixonPart::kNone;
}

}  // namespace

const char* NameOf(DixonPart part) {
  switch (part) {
    case DixonPart::kWater: return "the water image";
    case DixonPart::kFat: return "the fat image";
    case DixonPart::kInPhase: return "the in-phase image";
    case DixonPart::kOpposedPhase: return "the opposed-phase image";
    case DixonPart::kFatFraction: return "a map of the fat fraction";
    default: return "";
  }
}

DixonPart DixonPartOf(const dicom::Series& series, const dicom::SeriesVolume& volume) {
  for (std::size_t i = 2; i < volume.image_type.size(); ++i) {
    const DixonPart part = PartOfType(volume.image_type[i]);
    if (part != DixonPart::kNone) return part;
  }
  return PartOfDescription(series.description);
}

}  // namespace parotis::intake
