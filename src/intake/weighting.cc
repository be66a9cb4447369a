#include "intake/weighting.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>

#include "intake/dixon.h"
#include "intake/vocabulary.h"
#include "intake/words.h"

namespace parotis::intake {
namespace {

using dicom::Series;

constexpr double kLongestFatNullingTi_ms = 350;
constexpr double kLongestT1Ti_ms = 1500;

bool HasSequence(const Series& series, const char* code) {
  return std::find(series.scanning_sequence.begin(), series.scanning_sequence.end(), code) !=
         series.scanning_sequence.end();
}

bool HasVariant(const Series& series, const char* code) {
  return std::find(series.sequence_variant.begin(), series.sequence_variant.end(), code) !=
         series.sequence_variant.end();
}

std::string Timing(const Series& series, bool with_inversion) {
  std::string text = fmt::format("TE {:.3g} ms, TR {:.4g} ms", *series.echo_time_ms, *series.repetition_time_ms);
  if (with_inversion) text += fmt::format(", TI {:.4g} ms", *series.inversion_time_ms);
  return text;
}

// What physics says: a kind, how clearly, and what people call it.
struct Physics {
  WeightingKind kind = WeightingKind::kOther;
  double points = 0;
  std::string what;
  std::string evidence;
};

constexpr double kClear = 6;
constexpr double kEdge = 2;

Weighting Made(WeightingKind kind, const char* what, const std::string& evidence) {
  return {kind, fmt::format("{} ({})", what, evidence), {}, {}};
}

// Methods that go by their name: what they show is not told by echo and repetition time.
std::optional<Weighting> ByMethod(const Words& words) {
  const auto other = [](const char* what) { return Weighting{WeightingKind::kOther, what, {}, {}}; };
  if (words.HasAny({"tof", "mra", "angio", "pca", "trance", "twist", "tricks"}) || words.HasStem("angio"))
    return other("angiography");
  if (words.HasAny({"swi", "swan", "qsm", "venbold", "t2star"}) || words.ContainsAny({"t2*", "t2_star"}))
    return other("susceptibility- or T2*-weighted");
  if (words.HasAny({"ciss", "fiesta", "trufi", "truefisp", "bffe", "btfe"}))
    return other("steady-state contrast, neither T1 nor T2");
  if (words.HasAny({"perfusion", "dsc", "asl", "bold", "fmri", "fieldmap", "b1map", "spectro", "svs", "csi"}) ||
      words.ContainsAny({"field_map", "field map"}))
    return other("functional, perfusion or calibration images");
  return std::nullopt;
}

// Siemens names the family at the front of the sequence name: "*tse2d1_15", "*fl3d1", "*ep_b1000".
std::string FamilyOf(const Series& series) {
  for (const char* code : {"EP", "GR", "SE", "IR"}) {
    if (HasSequence(series, code)) return {};  // the attribute says it
  }
  std::string name = series.sequence_name;
  if (name.starts_with('*')) name.erase(0, 1);
  const auto begins = [&](std::initializer_list<const char*> stems) {
    return std::any_of(stems.begin(), stems.end(), [&](const char* stem) { return name.starts_with(stem); });
  };
  if (begins({"ep_", "ep2d", "re_b"})) return "EP";
  if (begins({"fl2d", "fl3d", "tfl", "fldyn", "qfl"})) return "GR";
  if (begins({"tse", "se2d", "se_", "spc", "h2d", "qtse"})) return "SE";
  return {};
}

Physics InversionRecovery(const Series& series) {
  const double te_ms = *series.echo_time_ms;
  const double ti_ms = *series.inversion_time_ms;
  const std::string timing = Timing(series, /*with_inversion=*/true);
  if (ti_ms > kLongestT1Ti_ms && te_ms >= 60)
    return {WeightingKind::kOther, kClear, "FLAIR: fluid is suppressed", timing};
  if (ti_ms > kLongestFatNullingTi_ms && ti_ms <= kLongestT1Ti_ms && te_ms <= 40)
    return {WeightingKind::kT1, kClear, "T1-weighted by inversion", timing};
  if (ti_ms <= kLongestFatNullingTi_ms && te_ms >= 25)
    return {WeightingKind::kT2, kClear, "T2-weighted with fat nulled by inversion", timing};
  return {WeightingKind::kOther, kClear, "an inversion recovery that is neither STIR nor T1", timing};
}

Physics GradientEcho(const Series& series) {
  std::string timing = Timing(series, /*with_inversion=*/false);
  const double te_ms = *series.echo_time_ms;
  const double tr_ms = *series.repetition_time_ms;
  const bool balanced = HasVariant(series, "SS") && !HasVariant(series, "SP") && tr_ms < 3 * te_ms;
  if (balanced) return {WeightingKind::kOther, kClear, "a balanced gradient echo, neither T1 nor T2", timing};
  if (te_ms > 12) return {WeightingKind::kOther, kClear, "a gradient echo with T2* weighting", timing};
  if (series.flip_angle_deg && *series.flip_angle_deg > 0 && *series.flip_angle_deg <= 4 && tr_ms <= 50) {
    timing += fmt::format(", flip angle {:.2g}°", *series.flip_angle_deg);
    return {WeightingKind::kOther, kClear, "a gradient echo with proton-density weighting", timing};
  }
  return {WeightingKind::kT1, kClear, "T1-weighted gradient echo", timing};
}

Physics SpinEcho(const Series& series) {
  const std::string timing = Timing(series, /*with_inversion=*/false);
  const double te_ms = *series.echo_time_ms;
  const double tr_ms = *series.repetition_time_ms;
  if (te_ms >= 60 && tr_ms >= 1000) return {WeightingKind::kT2, kClear, "T2-weighted", timing};
  if (te_ms <= 40 && tr_ms <= 1300) return {WeightingKind::kT1, kClear, "T1-weighted", timing};
  if (te_ms >= 45 && tr_ms >= 2000) return {WeightingKind::kT2, kEdge, "T2-weighted", timing};
  if (te_ms <= 25 && tr_ms <= 2000) return {WeightingKind::kT1, kEdge, "T1-weighted", timing};
  return {WeightingKind::kOther, kClear, "between T1 and T2 (proton density)", timing};
}

Physics ByPhysics(const Series& series) {
  const std::string family = FamilyOf(series);
  if (HasSequence(series, "EP") || family == "EP")
    return {WeightingKind::kOther, kClear, "echo-planar without b-values", Timing(series, false)};
  // Inversion times are also written into sequences without one, as 0 or in gradient echoes with a preparation.
  const double ti_ms = series.inversion_time_ms.value_or(0);
  const bool inverts =
      HasSequence(series, "IR") || (family.empty() && !HasSequence(series, "SE") && !HasSequence(series, "GR"));
  if (ti_ms > 0 && inverts) return InversionRecovery(series);
  if ((HasSequence(series, "GR") && !HasSequence(series, "SE")) || family == "GR") return GradientEcho(series);
  return SpinEcho(series);
}

// Echo and repetition times of FLAIR are those of T2: without the inversion time only words tell them apart.
bool IsFlairWithoutInversionTime(const Series& series) {
  return series.inversion_time_ms.value_or(0) <= 0 &&
         WeightingSaidBy(Words({series.description, series.protocol, series.sequence_name})).flair;
}

// The one weighting that words name; kOther for none, both, or FLAIR.
WeightingKind KindSaid(const WeightingSaid& said) {
  if (said.flair || said.t1 == said.t2) return WeightingKind::kOther;
  return said.t1 ? WeightingKind::kT1 : WeightingKind::kT2;
}

const char* NameOfKind(WeightingKind kind) { return kind == WeightingKind::kT1 ? "T1-weighted" : "T2-weighted"; }

Weighting ByWords(const Series& series) {
  const std::string evidence =
      fmt::format("by its description \"{}\"; echo or repetition time is missing", series.description);
  const WeightingSaid description = WeightingSaidBy(Words({series.description}));
  const WeightingSaid both = WeightingSaidBy(Words({series.description, series.protocol}));
  if (both.flair) return {WeightingKind::kOther, "FLAIR, " + evidence, {}, {}};
  WeightingKind kind = KindSaid(description);
  const bool silent = !description.t1 && !description.t2;
  if (silent) kind = KindSaid(both);
  if (kind == WeightingKind::kOther) {
    return {WeightingKind::kOther,
            fmt::format("neither its attributes nor its description \"{}\" say what it shows", series.description),
            {},
            {}};
  }
  return {kind,
          fmt::format("{}, {}", NameOfKind(kind), evidence),
          {{"weighting", silent ? "the protocol's name" : "the description", silent ? 2.0 : 3.0}},
          {}};
}

// Edges and words together.
Weighting ByEdge(const Series& series, const Physics& physics, WeightingKind said) {
  Weighting weighting = Made(physics.kind, physics.what.c_str(), physics.evidence);
  weighting.terms = {{"weighting", physics.evidence, physics.points}};
  if (said == physics.kind) {
    weighting.terms.push_back({"weighting", "the description", 3});
    weighting.reason += fmt::format(" and by its description \"{}\"", series.description);
    return weighting;
  }
  return Made(WeightingKind::kOther, "between T1 and T2, and not named", physics.evidence);
}

}  // namespace

Weighting WeightingOf(const Series& series) {
  const Words described({series.description});
  if (auto method = ByMethod(described)) return *method;
  const bool timed = series.echo_time_ms.value_or(0) > 0 && series.repetition_time_ms.value_or(0) > 0;
  if (!timed) return ByWords(series);
  const Physics physics = ByPhysics(series);
  if (physics.kind == WeightingKind::kT2 && IsFlairWithoutInversionTime(series))
    return Made(WeightingKind::kOther, "FLAIR by its name: its inversion time is missing", physics.evidence);
  const WeightingKind said = KindSaid(WeightingSaidBy(described));
  if (physics.points == kEdge) return ByEdge(series, physics, said);
  Weighting weighting = Made(physics.kind, physics.what.c_str(), physics.evidence);
  weighting.terms = {{"weighting", physics.evidence, physics.points}};
  if (said == physics.kind && said != WeightingKind::kOther)
    weighting.terms.push_back({"weighting", "the description", 3});
  if (said != physics.kind && said != WeightingKind::kOther && physics.kind != WeightingKind::kOther) {
    weighting.contradicted = fmt::format("its description \"{}\" says {}, but {} {}", series.description,
                                         said == WeightingKind::kT1 ? "T1" : "T2", physics.evidence,
                                         physics.kind == WeightingKind::kT1 ? "are T1's" : "are T2's");
    weighting.reason += fmt::format("; its description \"{}\" says otherwise", series.description);
  }
  return weighting;
}

bool FatSuppressed(const Series& series, const dicom::SeriesVolume& volume) {
  const DixonPart part = DixonPartOf(series, volume);
  if (part == DixonPart::kWater) return true;
  if (part != DixonPart::kNone) return false;
  const auto has_option = [&](const char* option) {
    return std::find(series.scan_options.begin(), series.scan_options.end(), option) != series.scan_options.end();
  };
  if (series.fat_suppressed || has_option("WE") || has_option("SPAIR") || has_option("SPIR")) return true;
  const double ti_ms = series.inversion_time_ms.value_or(0);
  if (HasSequence(series, "IR") && ti_ms > 0 && ti_ms <= kLongestFatNullingTi_ms &&
      series.echo_time_ms.value_or(0) >= 25)
    return true;
  return SaysFatSuppressed(Words({series.description, series.protocol}));
}

bool FatSuppressed(const Series& series) {
  return !series.volumes.empty()
             ? FatSuppressed(series, series.volumes.front())
             : series.fat_suppressed || SaysFatSuppressed(Words({series.description, series.protocol}));
}

}  // namespace parotis::intake
