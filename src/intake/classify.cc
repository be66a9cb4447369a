#include "intake/classify.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "dicom/derived_object.h"
#include "intake/contrast.h"
#include "intake/derived.h"
#include "intake/dixon.h"
#include "intake/dynamic_series.h"
#include "intake/weighting.h"
#include "intake/words.h"

namespace parotis::intake {
namespace {

using dicom::Series;
using dicom::SeriesVolume;

// Below this an image counts as unweighted; a series of such images alone is no diffusion series.
constexpr double kUnweighted_s_mm2 = 10;

constexpr std::array<const char*, 7> kRoleNames = {"t2", "t1c", "t1", "dwi", "adc", "dce", "other"};

Classification Other(std::string reason) { return {Role::kOther, std::move(reason), {}, false, false, {}, {}, {}, {}}; }

// Pictures of a screen carry whatever they were taken of in their header (Secondary Capture, PS3.4 B.5).
bool IsScreenshot(const Series& series) {
  const auto& type = series.image_type;
  const bool saved = std::any_of(type.begin(), type.end(), [](const std::string& value) {
    return value.find("SCREEN") != std::string::npos || value == "CAPTURE";
  });
  const bool captured = std::any_of(series.files.begin(), series.files.end(), [](const dicom::FileReference& file) {
    return file.sop_class_uid.starts_with("1.2.840.10008.5.1.4.1.1.7");
  });
  return saved || captured;
}

bool IsLocalizer(const Series& series, const Words& words) {
  const auto& type = series.image_type;
  return std::find(type.begin(), type.end(), "LOCALIZER") != type.end() ||
         words.HasAny(
             {"localizer", "localiser", "scout", "survey", "pilot", "topogram", "loc", "surview", "localizador"}) ||
         words.HasAnyStem({"lokali", "reperage", "aascout", "aahead"});
}

std::string Listed(const std::set<double>& b_values) {
  std::vector<std::string> texts;
  texts.reserve(b_values.size());
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

// T1-weighted frames over a minute and more.
std::optional<Classification> AsDynamic(const Series& series, const std::vector<std::size_t>& measured) {
  const std::vector<std::size_t> frames = DynamicFrames(series, measured);
  if (frames.size() < kFewestFrames) return std::nullopt;
  const Weighting weighting = WeightingOfFrames(series);
  if (weighting.kind != WeightingKind::kT1) return std::nullopt;
  const auto clock = ClockOf(series, frames);
  if (IsShort(series, frames) || (!clock && !SaysDynamic(series, frames))) return std::nullopt;
  Classification result{Role::kDce, {}, frames, FatSuppressed(series), clock.has_value(), weighting.terms, {}, {}, {}};
  result.reason = fmt::format("{} frames over time, {}, {}", frames.size(), weighting.reason,
                              NamesAgent(series) ? fmt::format("with contrast agent ({})", series.contrast_agent)
                                                 : std::string("no contrast agent is named"));
  if (clock) {
    result.volumes = clock->frames;
    result.reason += fmt::format(", over {:.0f} s by {}", clock->times_s.back(), clock->source);
  } else {
    result.refused =
        base::Found("dce_times_unknown", fmt::format("no attribute gives each of the {} frames of {} a time of "
                                                     "its own",
                                                     frames.size(), NameOf(series)));
    result.reason += "; not usable: " + result.refused.message;
  }
  return result;
}

std::optional<Classification> AsDiffusion(const Series& series, const std::vector<std::size_t>& measured) {
  std::set<double> b_values;
  Classification result{Role::kDwi, {}, {}, series.fat_suppressed, true, {}, {}, {}, {}};
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

// Of the images of a Dixon acquisition: for T2 the in-phase one, which shows fat as other T2 images do, else water; for
// T1 the other way round, because fat hides what enhances. Absent when there is none or more than one.
std::optional<std::size_t> DixonVolume(const Series& series, const std::vector<std::size_t>& measured, Role role) {
  const auto only = [&](DixonPart part) {
    std::vector<std::size_t> found;
    for (const std::size_t v : measured) {
      if (DixonPartOf(series, series.volumes[v]) == part) found.push_back(v);
    }
    return found.size() == 1 ? std::make_optional(found.front()) : std::nullopt;
  };
  const auto in_phase = only(DixonPart::kInPhase);
  const auto water = only(DixonPart::kWater);
  if (role == Role::kT2) return in_phase ? in_phase : water;
  return water ? water : in_phase;
}

// The volume of a structural series that shows its contrast: the only one, one of a Dixon series, or the long echo of a
// double-echo one. Absent where nothing in the header prefers one.
std::optional<std::size_t> StructuralVolume(const Series& series, const std::vector<std::size_t>& measured, Role role) {
  if (measured.size() == 1) return measured.front();
  if (const auto dixon = DixonVolume(series, measured, role)) return dixon;
  if (role != Role::kT2 || measured.size() != 2) return std::nullopt;
  const auto echo = [&](std::size_t v) { return series.volumes[v].echo_time_ms.value_or(0); };
  const std::size_t later = echo(measured[0]) > echo(measured[1]) ? measured[0] : measured[1];
  const std::size_t earlier = later == measured[0] ? measured[1] : measured[0];
  return echo(later) >= 60 && echo(earlier) < 40 ? std::make_optional(later) : std::nullopt;
}

// Which roles the parts that contradict each other speak for.
void Contradict(Classification& result, std::vector<Role> roles, std::string fact) {
  result.contradictory_roles = std::move(roles);
  result.contradiction = std::move(fact);
}

void JudgeContrast(const Series& series, const StudyContext& context, Classification& result) {
  const ContrastEvidence contrast = ContrastOf(series, context.contrast_start);
  result.role = contrast.given ? Role::kT1c : Role::kT1;
  result.reason += ", " + contrast.reason;
  if (contrast.given) result.evidence.insert(result.evidence.end(), contrast.terms.begin(), contrast.terms.end());
  if (!contrast.contradicted.empty()) Contradict(result, {Role::kT1c}, contrast.contradicted);
}

Classification AsStructural(const Series& series, const std::vector<std::size_t>& measured,
                            const StudyContext& context) {
  const Weighting weighting = WeightingOf(series);
  Classification result;
  result.reason = weighting.reason;
  result.evidence = weighting.terms;
  if (weighting.kind == WeightingKind::kT2) result.role = Role::kT2;
  if (weighting.kind == WeightingKind::kT1) JudgeContrast(series, context, result);
  result.usable = result.role != Role::kOther;
  if (!result.usable) return result;
  if (!weighting.contradicted.empty()) {
    std::vector<Role> roles = {Role::kT2, result.role == Role::kT2 ? Role::kT1 : result.role};
    const bool after = ContrastOf(series, context.contrast_start).given;
    if (result.role == Role::kT2 && after) roles.back() = Role::kT1c;
    Contradict(result, std::move(roles), weighting.contradicted);
    result.usable = false;
  }
  const auto volume = StructuralVolume(series, measured, result.role);
  if (!volume) {
    result.usable = false;
    result.reason += fmt::format("; it holds {} volumes, and the headers do not say which to take", measured.size());
    return result;
  }
  result.volumes = {*volume};
  result.fat_suppressed = FatSuppressed(series, series.volumes[*volume]);
  const DixonPart part = DixonPartOf(series, series.volumes[*volume]);
  if (part != DixonPart::kNone) result.reason += fmt::format(", {} of a Dixon acquisition", NameOf(part));
  if (part == DixonPart::kFat) {
    result.usable = false;
    result.reason += "; not used: it shows fat alone";
  }
  return result;
}

Classification AsAdc(const Series& series, const std::vector<std::size_t>& maps) {
  const std::string evidence = DerivationOf(series, series.volumes[maps.front()]).evidence;
  Classification result{
      Role::kAdc, fmt::format("the vendor's ADC map ({})", evidence), {maps.front()}, false, true, {}, {}, {}, {}};
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

Classification ByContent(const Series& series, const StudyContext& context) {
  const Content content = ContentOf(series);
  if (content.measured.empty()) {
    return content.adc_maps.empty() ? Other(ReasonOf(content.derived)) : AsAdc(series, content.adc_maps);
  }
  if (auto diffusion = AsDiffusion(series, content.measured)) return *diffusion;
  if (!content.adc_maps.empty()) return AsAdc(series, content.adc_maps);
  if (HoldsFieldMap(series)) return Other("a field map and the images it was made from");
  if (auto dynamic = AsDynamic(series, content.measured)) return *dynamic;
  return AsStructural(series, content.measured, context);
}

}  // namespace

std::string NameOf(Role role) { return kRoleNames[static_cast<std::size_t>(role)]; }

std::optional<Role> RoleNamed(const std::string& name) {
  const auto* const found = std::find(kRoleNames.begin(), kRoleNames.end(), name);
  if (found == kRoleNames.end()) return std::nullopt;
  return static_cast<Role>(found - kRoleNames.begin());
}

Classification Classify(const Series& series, const StudyContext& context) {
  // Results come back from the archive with the study: they are not measured again.
  if (dicom::IsOwn(series)) return Other("a result of this program");
  if (series.modality != "MR")
    return Other(series.modality.empty() ? "it does not say that it is MR"
                                         : fmt::format("modality {}, not MR", series.modality));
  if (series.volumes.empty()) return Other("it holds no images");
  if (IsScreenshot(series)) return Other("a picture of a screen, not a measurement");
  const Words words({series.description, series.protocol});
  if (IsLocalizer(series, words)) return Other("a localizer");
  if (series.plane == dicom::SlicePlane::kMixed)
    return Other("its images lie in different planes, as a localizer's do");
  if (series.plane == dicom::SlicePlane::kUnknown) return Other(series.volumes.front().problem.message);
  return WithProblems(ByContent(series, context), series);
}

Classification ClassifyAs(const Series& series, Role role) {
  const std::string reason = "pinned as " + NameOf(role);
  Content content = ContentOf(series);
  std::vector<std::size_t> all = content.measured;
  all.insert(all.end(), content.adc_maps.begin(), content.adc_maps.end());
  Classification result{role, reason, {}, FatSuppressed(series), true, {}, {}, {}, {}};
  if (role == Role::kDwi) {
    const auto diffusion = AsDiffusion(series, content.measured);
    if (diffusion) result.volumes = diffusion->volumes;
  } else if (role == Role::kAdc) {
    const auto& candidates = content.adc_maps.empty() ? content.measured : content.adc_maps;
    if (candidates.size() == 1) result.volumes = candidates;
  } else if (role == Role::kDce) {
    const auto clock = ClockOf(series, DynamicFrames(series, content.measured));
    if (clock && clock->frames.size() >= kFewestFrames) result.volumes = clock->frames;
  } else if (const auto volume = StructuralVolume(series, content.measured, role)) {
    result.volumes = {*volume};
  }
  if (result.volumes.empty()) {
    result.usable = false;
    result.reason += role == Role::kDwi   ? ", but it holds no image with a measured b-value"
                     : role == Role::kDce ? ", but it does not hold six frames or more whose times are known"
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
