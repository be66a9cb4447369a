#include "intake/classify.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "intake/contrast.h"
#include "intake/derived.h"
#include "intake/weighting.h"
#include "intake/words.h"

namespace parotis::intake {
namespace {

using dicom::Series;
using dicom::SeriesVolume;

// Below this an image counts as unweighted; a series of such images alone is no diffusion series.
constexpr double kUnweighted_s_mm2 = 10;

constexpr std::array<const char*, 6> kRoleNames = {"t2", "t1c", "t1", "dwi", "adc", "other"};

Classification Other(std::string reason) { return {Role::kOther, std::move(reason), {}, false, false}; }

bool IsLocalizer(const Series& series, const Words& words) {
  const auto& type = series.image_type;
  return std::find(type.begin(), type.end(), "LOCALIZER") != type.end() ||
         words.HasAny(
             {"localizer", "localiser", "scout", "survey", "pilot", "topogram", "loc", "surview", "localizador"}) ||
         words.HasAnyStem({"lokali", "reperage", "aascout", "aahead"});
}

std::string Listed(const std::set<double>& b_values) {
  std::vector<std::string> texts;
  for (const double b : b_values) texts.push_back(fmt::format("{:.0f}", b));
  return fmt::format("{}", fmt::join(texts, ", "));
}

// Volumes of a series by how they came about.
struct Content {
  std::vector<std::size_t> measured, adc_maps;
  DerivationResult derived;  // of the first volume that is neither
};

Content ContentOf(const Series& series) {
  Content content;
  for (std::size_t v = 0; v < series.volumes.size(); ++v) {
    const DerivationResult result = DerivationOf(series, series.volumes[v]);
    if (result.kind == Derivation::kMeasured) content.measured.push_back(v);
    if (result.kind == Derivation::kAdcMap) content.adc_maps.push_back(v);
    if (content.derived.kind == Derivation::kMeasured && result.kind != Derivation::kAdcMap) content.derived = result;
  }
  return content;
}

std::string ReasonOf(const DerivationResult& derived) {
  switch (derived.kind) {
    case Derivation::kCalculatedB:
      return fmt::format("its b-value image is calculated, not measured ({})", derived.evidence);
    case Derivation::kProjection: return fmt::format("a projection, not a volume ({})", derived.evidence);
    case Derivation::kSubtraction: return fmt::format("a subtraction of other images ({})", derived.evidence);
    case Derivation::kPhase: return fmt::format("phase or field values, not signal ({})", derived.evidence);
    default: return fmt::format("a map derived from other images ({})", derived.evidence);
  }
}

std::optional<Classification> AsDiffusion(const Series& series, const std::vector<std::size_t>& measured) {
  std::set<double> b_values;
  Classification result{Role::kDwi, {}, {}, series.fat_suppressed, true};
  bool trace = false;
  for (const std::size_t v : measured) {
    const SeriesVolume& volume = series.volumes[v];
    if (!volume.b_value_s_mm2) continue;
    b_values.insert(std::round(*volume.b_value_s_mm2));
    trace = trace || volume.trace;
    result.volumes.push_back(v);
  }
  if (b_values.empty()) return std::nullopt;
  result.reason =
      fmt::format("diffusion, b {} s/mm²{}, by {}", Listed(b_values), trace ? ", averaged over directions" : "",
                  series.volumes[result.volumes.front()].b_value_source);
  if (*b_values.rbegin() <= kUnweighted_s_mm2 && b_values.size() == 1) result.reason += "; unweighted only";
  return result;
}

// The volume of a structural series that shows its contrast: the only one, the water image of a Dixon series, or the
// long echo of a double-echo one. Absent where nothing in the header prefers one.
std::optional<std::size_t> StructuralVolume(const Series& series, const std::vector<std::size_t>& measured, bool t2) {
  if (measured.size() == 1) return measured.front();
  std::vector<std::size_t> water;
  for (const std::size_t v : measured) {
    const auto& type = series.volumes[v].image_type;
    const auto named = [&](const char* name) { return std::find(type.begin(), type.end(), name) != type.end(); };
    if (named("W") || named("WATER")) water.push_back(v);
  }
  if (water.size() == 1) return water.front();
  if (!t2 || measured.size() != 2) return std::nullopt;
  const auto echo = [&](std::size_t v) { return series.volumes[v].echo_time_ms.value_or(0); };
  const std::size_t later = echo(measured[0]) > echo(measured[1]) ? measured[0] : measured[1];
  const std::size_t earlier = later == measured[0] ? measured[1] : measured[0];
  return echo(later) >= 60 && echo(earlier) < 40 ? std::make_optional(later) : std::nullopt;
}

Classification AsStructural(const Series& series, const std::vector<std::size_t>& measured,
                            const Weighting& weighting) {
  Classification result{Role::kOther, weighting.reason, {}, FatSuppressed(series), true};
  if (weighting.kind == WeightingKind::kT2) result.role = Role::kT2;
  if (weighting.kind == WeightingKind::kT1) {
    const ContrastEvidence contrast = ContrastOf(series);
    result.role = contrast.given ? Role::kT1c : Role::kT1;
    result.reason += ", " + contrast.reason;
  }
  if (result.role == Role::kOther) {
    result.usable = false;
    return result;
  }
  if (const auto volume = StructuralVolume(series, measured, result.role == Role::kT2)) {
    result.volumes = {*volume};
  } else {
    result.usable = false;
    result.reason += fmt::format("; it holds {} volumes, and the headers do not say which to take", measured.size());
  }
  return result;
}

Classification AsAdc(const Series& series, const std::vector<std::size_t>& maps) {
  const std::string evidence = DerivationOf(series, series.volumes[maps.front()]).evidence;
  Classification result{Role::kAdc, fmt::format("the vendor's ADC map ({})", evidence), {maps.front()}, false, true};
  if (maps.size() > 1) {
    result.usable = false;
    result.reason += fmt::format("; it holds {} of them", maps.size());
  }
  return result;
}

// A series whose chosen volume is no regular grid cannot serve, whatever it is.
Classification WithProblems(Classification result, const Series& series) {
  for (const std::size_t v : result.volumes) {
    const base::Finding& problem = series.volumes[v].problem;
    if (problem.empty() || !result.usable) continue;
    result.usable = false;
    result.reason += "; not usable: " + problem.message;
  }
  return result;
}

// A field map: its magnitude images are made for the map, whatever their echo and repetition time resemble.
bool HoldsFieldMap(const Series& series) {
  return std::any_of(series.volumes.begin(), series.volumes.end(), [](const SeriesVolume& volume) {
    const auto& type = volume.image_type;
    return volume.unit == "Hz" || std::any_of(type.begin(), type.end(), [](const std::string& value) {
             return value == "FIELD_MAP" || value == "FIELD MAP" || value == "B0 MAP";
           });
  });
}

Classification ByContent(const Series& series) {
  const Content content = ContentOf(series);
  if (content.measured.empty()) {
    return content.adc_maps.empty() ? Other(ReasonOf(content.derived)) : AsAdc(series, content.adc_maps);
  }
  if (auto diffusion = AsDiffusion(series, content.measured)) return *diffusion;
  if (!content.adc_maps.empty()) return AsAdc(series, content.adc_maps);
  if (HoldsFieldMap(series)) return Other("a field map and the images it was made from");
  return AsStructural(series, content.measured, WeightingOf(series));
}

}  // namespace

std::string NameOf(Role role) { return kRoleNames[static_cast<std::size_t>(role)]; }

std::optional<Role> RoleNamed(const std::string& name) {
  const auto* const found = std::find(kRoleNames.begin(), kRoleNames.end(), name);
  if (found == kRoleNames.end()) return std::nullopt;
  return static_cast<Role>(found - kRoleNames.begin());
}

Classification Classify(const Series& series) {
  if (series.modality != "MR")
    return Other(series.modality.empty() ? "it does not say that it is MR"
                                         : fmt::format("modality {}, not MR", series.modality));
  if (series.volumes.empty()) return Other("it holds no images");
  const Words words({series.description, series.protocol});
  if (IsLocalizer(series, words)) return Other("a localizer");
  if (series.plane == dicom::SlicePlane::kMixed)
    return Other("its images lie in different planes, as a localizer's do");
  if (series.plane == dicom::SlicePlane::kUnknown) return Other(series.volumes.front().problem.message);
  return WithProblems(ByContent(series), series);
}

Classification ClassifyAs(const Series& series, Role role) {
  const std::string reason = "pinned as " + NameOf(role);
  Content content = ContentOf(series);
  std::vector<std::size_t> all = content.measured;
  all.insert(all.end(), content.adc_maps.begin(), content.adc_maps.end());
  Classification result{role, reason, {}, FatSuppressed(series), true};
  if (role == Role::kDwi) {
    const auto diffusion = AsDiffusion(series, content.measured);
    if (diffusion) result.volumes = diffusion->volumes;
  } else if (role == Role::kAdc) {
    const auto& candidates = content.adc_maps.empty() ? content.measured : content.adc_maps;
    if (candidates.size() == 1) result.volumes = candidates;
  } else if (const auto volume = StructuralVolume(series, content.measured, role == Role::kT2)) {
    result.volumes = {*volume};
  }
  if (result.volumes.empty()) {
    result.usable = false;
    result.reason += role == Role::kDwi ? ", but it holds no image with a measured b-value"
                                        : ", but none of its volumes can be chosen for that";
  }
  return WithProblems(result, series);
}

std::optional<double> MeasuredBValue(const Series& series, std::size_t volume) {
  const SeriesVolume& described = series.volumes.at(volume);
  if (DerivationOf(series, described).kind != Derivation::kMeasured) return std::nullopt;
  return described.b_value_s_mm2;
}

}  // namespace parotis::intake
