#include "physics/signal.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace parotis::physics {
double SpinEcho(double t1_ms, double t2_ms, double tr_ms, double te_ms) {
  return (1 - std::exp(-tr_ms / t1_ms)) * std::exp(-te_ms / t2_ms);
}

double DiffusionDecay(double b_s_mm2, double adc_um2_s) { return std::exp(-b_s_mm2 * adc_um2_s * 1e-6); }

double RelaxedByContrast(double t_ms, double relaxivity, double contrast_mmol_l) {
  return 1 / (1 / t_ms + relaxivity * contrast_mmol_l * 1e-3);
}

double AdcFrom(double s_low, double s_high, double b_low_s_mm2, double b_high_s_mm2) {
  if (s_low <= 0 || s_high <= 0) return 0;
  return std::max(0.0, std::log(s_low / s_high) / (b_high_s_mm2 - b_low_s_mm2) * 1e6);
}

double AddRicianNoise(double signal, double sigma, base::Random& random) {
  // Both components of one Box–Muller draw.
  const double radius = sigma * std::sqrt(-2 * std::log(1 - random.Uniform()));
  const double angle = 2 * std::numbers::pi * random.Uniform();
  const double real = signal + radius * std::cos(angle);
  const double imaginary = radius * std::sin(angle);
  return std::sqrt(real * real + imaginary * imaginary);
}

SignalTables MakeTables(const std::vector<phantom::Tissue>& tissues, const phantom::Fat& fat, const Sequence& sequence,
                        double b_s_mm2) {
  SignalTables tables;
  tables.water.resize(tissues.size());
  tables.fat.resize(tissues.size());
  tables.decay.resize(tissues.size());
  const double fat_t2_ms = sequence.echo_train ? fat.t2_echo_train_ms : fat.t2_ms;
  const double fat_signal = sequence.fat_left * SpinEcho(fat.t1_ms, fat_t2_ms, sequence.tr_ms, sequence.te_ms);
  tables.fat_decay = static_cast<float>(DiffusionDecay(b_s_mm2, fat.adc_um2_s));
  for (std::size_t t = 0; t < tissues.size(); ++t) {
    const phantom::Tissue& tissue = tissues[t];
    for (int code = 0; code < 256; ++code) {
      const double texture = phantom::TextureOf(static_cast<std::uint8_t>(code));
      const double moved = std::clamp(tissue.fat_texture * texture, -tissue.fat, tissue.water);
      const double contrast =
          sequence.contrast ? std::max(0.0, tissue.contrast_mmol_l * (1 + tissue.contrast_texture * texture)) : 0;
      const double t1_ms = RelaxedByContrast(tissue.t1_ms, kR1, contrast);
      const double t2_ms =
          RelaxedByContrast(tissue.t2_ms * std::max(0.3, 1 + tissue.t2_texture * texture), kR2, contrast);
      const double water = SpinEcho(t1_ms, t2_ms, sequence.tr_ms, sequence.te_ms);
      const double adc = std::max(50.0, tissue.adc_um2_s + tissue.adc_texture_um2_s * texture);
      tables.water[t][code] = static_cast<float>((tissue.water - moved) * water);
      tables.fat[t][code] = static_cast<float>((tissue.fat + moved) * fat_signal);
      tables.decay[t][code] = static_cast<float>(DiffusionDecay(b_s_mm2, adc));
    }
  }
  return tables;
}

}  // namespace parotis::physics
