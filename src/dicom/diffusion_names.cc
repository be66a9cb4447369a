#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"
#include "dicom/diffusion_readers.h"
#include "dicom/siemens_items.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

// The number after the last "b" of a Siemens-style sequence name, and what follows it.
struct SequenceToken {
  double b_value = 0;
  std::string rest;
};

std::optional<SequenceToken> ParseSequenceToken(const std::string& name) {
  const auto at = name.find("ep_b");
  if (at == std::string::npos) return std::nullopt;
  const std::size_t first = at + 4;
  std::size_t end = first;
  while (end < name.size() && end - first < 6 && std::isdigit(static_cast<unsigned char>(name[end])) != 0) ++end;
  if (end == first) return std::nullopt;
  return SequenceToken{std::stod(name.substr(first, end - first)), name.substr(end)};
}

void ReadSequenceName(const FrameItems& items, DiffusionClaims& claims) {
  std::string name = Code(*items.dataset, tag::kSequenceName);
  if (DcmItem* sdi = name.empty() ? SiemensSdiItem(items) : nullptr) name = Code(*sdi, tag::kSiemensSdiSequenceName);
  claims.AddB(BValueFromSequenceName(name), "sequence name", Trust::kWords);
  const auto token = ParseSequenceToken(name);
  if (!token) return;
  claims.evidence = true;
  if (token->rest.starts_with("t")) claims.trace = true;
  if (token->rest.starts_with("#")) claims.direction_token = token->rest;
}

// The words of a value of ImageType: "CALC_BVALUE" → CALC, BVALUE.
std::vector<std::string> WordsOf(const std::string& value) {
  std::vector<std::string> words(1);
  for (const char c : value) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter) != 0) {
      words.back() += base::AsciiUpper(c);
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

bool SaysCalculated(const std::string& value) {
  constexpr std::array<std::string_view, 9> kWords = {
      "CALC", "CALCULATED", "COMPUTED", "SYNTHETIC", "SYNTHESIZED", "EXTRAPOLATED", "CDWI", "SDWI", "SYMRI"};
  const auto words = WordsOf(value);
  return value == "COMP_DIF" || std::any_of(words.begin(), words.end(), [&](const std::string& word) {
           return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
         });
}

bool SaysTrace(const std::string& value) {
  constexpr std::array<std::string_view, 5> kValues = {"TRACEW", "TRACE", "ISOTROPIC", "ISODWI", "ISO_DWI"};
  return std::find(kValues.begin(), kValues.end(), value) != kValues.end();
}

void ReadImageType(const std::vector<std::string>& values, DiffusionClaims& claims) {
  for (const std::string& value : values) {
    if (SaysTrace(value)) claims.trace = true;
    if (value == "DIFFUSION") claims.evidence = true;
    if (claims.calculated.empty() && SaysCalculated(value)) claims.calculated = "image type " + value;
  }
}

// Free text, but in an attribute made for it: only words that cannot mean an average.
void ReadDerivation(DcmItem& dataset, DiffusionClaims& claims) {
  const std::string text = CleanText(RawText(dataset, tag::kDerivationDescription));
  const auto words = WordsOf(text);
  const bool of_diffusion = std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word.starts_with("DIFFUSION") || word.starts_with("BVAL") || word == "DWI" || word == "B";
  });
  if (claims.calculated.empty() && of_diffusion && SaysCalculated(text))
    claims.calculated = "derivation \"" + text + '"';
}

}  // namespace

std::optional<double> BValueFromSequenceName(const std::string& name) {
  const auto token = ParseSequenceToken(name);
  if (!token) return std::nullopt;
  const std::string& rest = token->rest;
  if (rest.empty() || rest == "t" || rest.front() == '#') return token->b_value;
  return std::nullopt;
}

void ReadDiffusionNames(const FrameItems& items, DiffusionClaims& claims) {
  ReadSequenceName(items, claims);
  ReadImageType(Codes(*items.dataset, tag::kImageType), claims);
  ReadImageType(Codes(items.With(tag::kMrImageFrameTypeSequence, tag::kFrameType), tag::kFrameType), claims);
  DcmItem* sdi = SiemensSdiItem(items);
  const auto own_type = sdi == nullptr ? std::nullopt : Resolve(*sdi, tag::kSiemensSdiImageType);
  if (own_type) ReadImageType(Codes(*sdi, *own_type), claims);
  if (Code(items.With(tag::kMrImageFrameTypeSequence, tag::kAcquisitionContrast), tag::kAcquisitionContrast) ==
      "DIFFUSION")
    claims.evidence = true;
  ReadDerivation(*items.dataset, claims);
}

}  // namespace parotis::dicom
