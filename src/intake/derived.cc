#include "intake/derived.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "dicom/diffusion_series.h"
#include "dicom/text.h"
#include "intake/dixon.h"
#include "intake/vendor_adc.h"
#include "intake/vocabulary.h"
#include "intake/words.h"

namespace parotis::intake {
namespace {

using dicom::Series;
using dicom::SeriesVolume;

// The first of `wanted` among the values of ImageType, from the third on (the first two say ORIGINAL\PRIMARY or not).
std::string TypeNamed(const SeriesVolume& volume, std::initializer_list<std::string_view> wanted) {
  for (std::size_t i = 2; i < volume.image_type.size(); ++i) {
    if (std::find(wanted.begin(), wanted.end(), volume.image_type[i]) != wanted.end()) return volume.image_type[i];
  }
  return {};
}

std::string TypeContaining(const SeriesVolume& volume, std::initializer_list<std::string_view> parts) {
  for (const std::string& value : volume.image_type) {
    for (const std::string_view part : parts) {
      if (value.find(part) != std::string::npos) return value;
    }
  }
  return {};
}

constexpr double kUnweighted_s_mm2 = 10;

// Looks no further than the second: it is asked for every volume of the series.
bool HasSeveralBValues(const Series& series) {
  std::optional<double> first;
  return std::any_of(series.volumes.begin(), series.volumes.end(), [&](const SeriesVolume& volume) {
    if (!first) first = volume.b_value_s_mm2;
    return volume.b_value_s_mm2 && *volume.b_value_s_mm2 != *first;
  });
}

// "*ep_b50_800": the lowest and highest b-value a Siemens sequence acquired.
std::optional<std::pair<double, double>> AcquiredRange(const std::string& sequence_name) {
  const auto at = sequence_name.find("ep_b");
  if (at == std::string::npos) return std::nullopt;
  const std::string range = sequence_name.substr(at + 4);
  const auto gap = range.find('_');
  if (gap == std::string::npos) return std::nullopt;
  const auto low = dicom::ParseNumber(range.substr(0, gap));
  const auto high = dicom::ParseNumber(range.substr(gap + 1));
  if (!low || !high) return std::nullopt;
  return std::make_pair(*low, *high);
}

DerivationResult ByImageType(const SeriesVolume& volume) {
  const auto found = [](Derivation kind, const std::string& value) {
    return DerivationResult{kind, "image type " + value};
  };
  if (!volume.calculated.empty()) return {Derivation::kCalculatedB, volume.calculated};
  if (const std::string value = dicom::AdcTypeIn(volume.image_type); !value.empty())
    return found(Derivation::kAdcMap, value);
  if (const std::string value = dicom::OtherMapTypeIn(volume.image_type); !value.empty())
    return found(Derivation::kOtherMap, value);
  if (const std::string value = TypeContaining(volume, {"PROJECTION", "MIP", "MNIP"}); !value.empty())
    return found(Derivation::kProjection, value);
  if (const std::string value = TypeContaining(volume, {"SUBTRACT"}); !value.empty())
    return found(Derivation::kSubtraction, value);
  if (const std::string value = TypeNamed(volume, {"P", "PHASE", "PHASE MAP", "PHASE_MAP", "VELOCITY", "B0", "B0 MAP",
                                                   "FIELD_MAP", "FIELD MAP", "R", "I", "REAL", "IMAGINARY"});
      !value.empty())
    return found(Derivation::kPhase, value);
  if (volume.unit == "Hz") return {Derivation::kPhase, "unit Hz"};
  if (FactorOfUnit(volume.unit)) return {Derivation::kAdcMap, "unit " + volume.unit};
  return {};
}

// Words say "ADC" in the names of whole protocols, too: they count only where the images are not several b-values.
DerivationResult ByWords(const Series& series) {
  const Words words({series.description});
  const auto found = [&](Derivation kind) {
    return DerivationResult{kind, fmt::format("description \"{}\"", series.description)};
  };
  if (words.ContainsAny(
          {"calc_bval", "calcbval", "calc bval", "calculated b", "computed b", "synthetic b", "berechnet"}) ||
      words.HasAny({"cdwi", "sdwi", "compdwi", "syndwi", "synb"})) {
    return found(Derivation::kCalculatedB);
  }
  if (SaysSubtraction(words)) return found(Derivation::kSubtraction);
  if (words.HasAny({"mip", "mips"})) return found(Derivation::kProjection);
  if (HasSeveralBValues(series)) return {};
  if (words.HasAny({"eadc", "exponential", "colfa", "rcbv", "rcbf", "mtt", "ttp"})) return found(Derivation::kOtherMap);
  // Elsewhere "FA" is the flip angle.
  if (words.Has("fa") && words.HasAnyStem({"diff", "dti", "dwi", "tensor", "ep2d"}))
    return found(Derivation::kOtherMap);
  if (words.HasAny({"adc", "dadc", "cda", "adcmap"}) || words.Contains("apparent diffusion"))
    return found(Derivation::kAdcMap);
  return {};
}

DerivationResult BySequenceName(const Series& series, const SeriesVolume& volume) {
  const auto range = AcquiredRange(series.sequence_name);
  if (!range || !volume.b_value_s_mm2) return {};
  if (*volume.b_value_s_mm2 >= range->first && *volume.b_value_s_mm2 <= range->second) return {};
  return {Derivation::kCalculatedB,
          fmt::format("b {:.0f} lies outside the b {:.0f} to {:.0f} which the sequence {} acquired",
                      *volume.b_value_s_mm2, range->first, range->second, series.sequence_name)};
}

// A single weighted b-value that says it is derived and neither averaged over directions nor along one: nothing shows
// that it was measured. Several b-values are a reformat of what was.
DerivationResult ByMissingOrigin(const Series& series, const SeriesVolume& volume) {
  const bool derived = !volume.image_type.empty() && volume.image_type.front() == "DERIVED";
  if (!derived || volume.trace || !volume.direction_key.empty() ||
      volume.b_value_s_mm2.value_or(0) <= kUnweighted_s_mm2)
    return {};
  if (HasSeveralBValues(series)) return {};
  return {
      Derivation::kCalculatedB,
      fmt::format("derived, b {:.0f} alone, neither an average over directions nor along one", *volume.b_value_s_mm2)};
}

}  // namespace

DerivationResult DerivationOf(const Series& series, const SeriesVolume& volume) {
  if (DixonPartOf(series, volume) == DixonPart::kFatFraction) return {Derivation::kOtherMap, "the fat fraction"};
  if (DerivationResult result = ByImageType(volume); result.kind != Derivation::kMeasured) return result;
  if (DerivationResult result = ByWords(series); result.kind != Derivation::kMeasured) return result;
  if (DerivationResult result = BySequenceName(series, volume); result.kind != Derivation::kMeasured) return result;
  return ByMissingOrigin(series, volume);
}

}  // namespace parotis::intake
