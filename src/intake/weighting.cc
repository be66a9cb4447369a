#include "intake/weighting.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

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

Weighting Made(WeightingKind kind, const char* what, const std::string& evidence) {
  return {kind, fmt::format("{} ({})", what, evidence)};
}

// Methods that go by their name: what they show is not told by echo and repetition time.
std::optional<Weighting> ByMethod(const Words& words) {
  const auto other = [](const char* what) { return Weighting{WeightingKind::kOther, what}; };
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

Weighting ByWords(const Series& series, const Words& words) {
  const std::string evidence =
      fmt::format("by its description \"{}\"; echo or repetition time is missing", series.description);
  if (words.HasStem("flair") || words.ContainsAny({"dark fluid", "dark-fluid", "darkfluid"}))
    return {WeightingKind::kOther, "FLAIR, " + evidence};
  const bool t1 = words.HasStem("t1");
  const bool t2 = words.HasStem("t2") || words.HasAny({"stir", "tirm"});
  if (t1 && !t2) return {WeightingKind::kT1, "T1-weighted, " + evidence};
  if (t2 && !t1) return {WeightingKind::kT2, "T2-weighted, " + evidence};
  return {WeightingKind::kOther,
          fmt::format("neither its attributes nor its description \"{}\" say what it shows", series.description)};
}

Weighting InversionRecovery(const Series& series) {
  const double te_ms = *series.echo_time_ms;
  const double ti_ms = *series.inversion_time_ms;
  const std::string timing = Timing(series, /*with_inversion=*/true);
  if (ti_ms > kLongestT1Ti_ms && te_ms >= 60) return Made(WeightingKind::kOther, "FLAIR: fluid is suppressed", timing);
  if (ti_ms > kLongestFatNullingTi_ms && ti_ms <= kLongestT1Ti_ms && te_ms <= 40)
    return Made(WeightingKind::kT1, "T1-weighted by inversion", timing);
  if (ti_ms <= kLongestFatNullingTi_ms && te_ms >= 25)
    return Made(WeightingKind::kT2, "T2-weighted with fat nulled by inversion", timing);
  return Made(WeightingKind::kOther, "an inversion recovery that is neither STIR nor T1", timing);
}

Weighting GradientEcho(const Series& series) {
  const std::string timing = Timing(series, /*with_inversion=*/false);
  const double te_ms = *series.echo_time_ms;
  const bool balanced = HasVariant(series, "SS") && !HasVariant(series, "SP") && *series.repetition_time_ms < 3 * te_ms;
  if (balanced) return Made(WeightingKind::kOther, "a balanced gradient echo, neither T1 nor T2", timing);
  if (te_ms <= 12) return Made(WeightingKind::kT1, "T1-weighted gradient echo", timing);
  return Made(WeightingKind::kOther, "a gradient echo with T2* weighting", timing);
}

Weighting SpinEcho(const Series& series) {
  const std::string timing = Timing(series, /*with_inversion=*/false);
  const double te_ms = *series.echo_time_ms;
  const double tr_ms = *series.repetition_time_ms;
  if (te_ms >= 60 && tr_ms >= 1000) return Made(WeightingKind::kT2, "T2-weighted", timing);
  if (te_ms <= 40 && tr_ms <= 1300) return Made(WeightingKind::kT1, "T1-weighted", timing);
  return Made(WeightingKind::kOther, "between T1 and T2 (proton density)", timing);
}

Weighting ByPhysics(const Series& series) {
  if (HasSequence(series, "EP"))
    return Made(WeightingKind::kOther, "echo-planar without b-values", Timing(series, false));
  // Inversion times are also written into sequences without one, as 0 or in gradient echoes with a preparation.
  const double ti_ms = series.inversion_time_ms.value_or(0);
  const bool inverts = HasSequence(series, "IR") || !(HasSequence(series, "SE") || HasSequence(series, "GR"));
  if (ti_ms > 0 && inverts) return InversionRecovery(series);
  if (HasSequence(series, "GR") && !HasSequence(series, "SE")) return GradientEcho(series);
  return SpinEcho(series);
}

}  // namespace

Weighting WeightingOf(const Series& series) {
  const Words described({series.description});
  if (auto method = ByMethod(described)) return *method;
  const bool timed = series.echo_time_ms.value_or(0) > 0 && series.repetition_time_ms.value_or(0) > 0;
  if (!timed) return ByWords(series, Words({series.description, series.protocol}));
  Weighting weighting = ByPhysics(series);
  const bool says_t1 = described.HasStem("t1");
  const bool says_t2 = described.HasStem("t2");
  if ((weighting.kind == WeightingKind::kT2 && says_t1 && !says_t2) ||
      (weighting.kind == WeightingKind::kT1 && says_t2 && !says_t1)) {
    weighting.reason += fmt::format("; its description \"{}\" says otherwise", series.description);
  }
  return weighting;
}

bool FatSuppressed(const Series& series) {
  if (series.fat_suppressed) return true;
  const Words words({series.description, series.protocol});
  return words.HasAny({"fs", "fatsat", "spir", "spair", "stir", "tirm", "fatsup", "ideal", "water"}) ||
         words.ContainsAny({"fat sat", "fat_sat", "fat-sat", "dixon_w", "dixon w"});
}

}  // namespace parotis::intake
