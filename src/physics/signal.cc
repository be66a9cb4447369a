#include "physics/signal.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace parotis::physics {
namespace {

using phantom::Tissue;

// Signal of relaxing spins of unit density.
double Relaxation(double t1_ms, double t2_ms, phantom::FieldStrength field, const Sequence& sequence) {
  if (sequence.kind != SequenceKind::kGradientEcho) return SpinEcho(t1_ms, t2_ms, sequence.tr_ms, sequence.te_ms);
  return SpoiledGradientEcho(t1_ms, t2_ms * StarShare(field), sequence.tr_ms, sequence.te_ms, sequence.flip_deg);
}

double ContrastOf(const Tissue& tissue, const Sequence& sequence) {
  if (sequence.after_injection_s < 0 || tissue.kinetics.contrast_mmol_l == 0) return 0;
  return phantom::ConcentrationAt(tissue.kinetics, {sequence.after_injection_s})[0];
}

}  // namespace

double SpinEcho(double t1_ms, double t2_ms, double tr_ms, double te_ms) {
  return (1 - std::exp(-tr_ms / t1_ms)) * std::exp(-te_ms / t2_ms);
}

double SpoiledGradientEcho(double t1_ms, double t2_star_ms, double tr_ms, double te_ms, double flip_deg) {
  const double flip = flip_deg * std::numbers::pi / 180;
  const double e1 = std::exp(-tr_ms / t1_ms);
  return std::sin(flip) * (1 - e1) / (1 - e1 * std::cos(flip)) * std::exp(-te_ms / t2_star_ms);
}

double RelaxedByContrast(double t_ms, double relaxivity, double contrast_mmol_l) {
  return 1 / (1 / t_ms + relaxivity * contrast_mmol_l * 1e-3);
}

double StarShare(phantom::FieldStrength field) { return field == phantom::FieldStrength::k3T ? 0.45 : 0.6; }

double AdcFrom(double s_low, double s_high, double b_low_s_mm2, double b_high_s_mm2) {
  if (s_low <= 0 || s_high <= 0) return 0;
  return std::max(0.0, std::log(s_low / s_high) / (b_high_s_mm2 - b_low_s_mm2) * 1e6);
}

double SlowShare(double t2_ms) {
  constexpr double at_ms = 40;
  const double fast = std::exp(-at_ms / kShortT2Ms), slow = std::exp(-at_ms / kLongT2Ms);
  return std::clamp((std::exp(-at_ms / t2_ms) - fast) / (slow - fast), 0.0, 1.0);
}

SignalTables MakeTables(const std::vector<Tissue>& tissues, phantom::FieldStrength field, const Sequence& sequence,
                        double b_s_mm2) {
  SignalTables tables;
  tables.water.resize(tissues.size());
  tables.fat.resize(tissues.size());
  tables.decay.resize(tissues.size());
  const phantom::Fat fat = phantom::FatAt(field);
  const bool train = sequence.kind == SequenceKind::kTurboSpinEcho;
  const double fat_signal = Relaxation(fat.t1_ms, train ? fat.t2_echo_train_ms : fat.t2_ms, field, sequence);
  tables.fat_decay = static_cast<float>(phantom::DiffusionModel{fat.adc_um2_s}.At(b_s_mm2));
  for (std::size_t t = 0; t < tissues.size(); ++t) {
    const Tissue& tissue = tissues[t];
    const double full = ContrastOf(tissue, sequence);
    const double stays = sequence.kind == SequenceKind::kGradientEcho ? 1 : 1 - tissue.flow;
    tables.slow.push_back(static_cast<float>(SlowShare(tissue.t2_ms)));
    for (int code = 0; code < 256; ++code) {
      const double texture = phantom::TextureOf(static_cast<std::uint8_t>(code));
      const double moved = std::clamp(tissue.fat_texture * texture, -tissue.fat, tissue.water);
      const double contrast = std::max(0.0, full * (1 + tissue.contrast_texture * texture));
      const double t1_ms = RelaxedByContrast(tissue.t1_ms, kR1, contrast);
      const double t2_ms =
          RelaxedByContrast(tissue.t2_ms * std::max(0.3, 1 + tissue.t2_texture * texture), kR2, contrast);
      phantom::DiffusionModel diffusion = tissue.diffusion;
      diffusion.diffusivity_um2_s *= std::max(0.1, 1 + tissue.diffusivity_texture * texture);
      if (diffusion.kurtosis > 0) {
        diffusion.kurtosis = std::min(diffusion.kurtosis, phantom::kLargestDk_um2_s / diffusion.diffusivity_um2_s);
      }
      tables.water[t][code] =
          static_cast<float>((tissue.water - moved) * stays * Relaxation(t1_ms, t2_ms, field, sequence));
      tables.fat[t][code] = static_cast<float>((tissue.fat + moved) * fat_signal);
      tables.decay[t][code] = static_cast<float>(diffusion.At(b_s_mm2));
    }
  }
  return tables;
}

}  // namespace parotis::physics
