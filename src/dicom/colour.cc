#include "dicom/colour.h"

#include <algorithm>
#include <cmath>

namespace parotis::dicom {
namespace {

// The inverse of ITU-R BT.601's matrix, as PS3.3 rounds it there and JFIF prints it.
constexpr double kRedOfCr = 1.402;
constexpr double kGreenOfCb = 0.344136;
constexpr double kGreenOfCr = 0.714136;
constexpr double kBlueOfCb = 1.772;

bool IsPartial(const std::string& colour_model) { return colour_model.starts_with("YBR_PARTIAL"); }

}  // namespace

bool IsYbr(const std::string& colour_model) { return colour_model.starts_with("YBR_FULL") || IsPartial(colour_model); }

void YbrToRgb(const std::string& colour_model, int bits, std::vector<double>& values) {
  if (!IsYbr(colour_model)) return;
  const std::size_t pixels = values.size() / 3;
  const double top = std::ldexp(1.0, bits) - 1;
  const double middle = std::ldexp(1.0, bits - 1);
  // Partial: luminance from 16 to 235 and chrominance from 16 to 240 of 256 steps.
  const double step = std::ldexp(1.0, bits - 8);
  const double black = IsPartial(colour_model) ? 16 * step : 0;
  const double luminance_scale = IsPartial(colour_model) ? top / (219 * step) : 1;
  const double chrominance_scale = IsPartial(colour_model) ? top / (224 * step) : 1;
  const auto held = [&](double value) { return std::clamp(std::floor(value + 0.5), 0.0, top); };
  for (std::size_t i = 0; i < pixels; ++i) {
    const double y = (values[i] - black) * luminance_scale;
    const double cb = (values[pixels + i] - middle) * chrominance_scale;
    const double cr = (values[2 * pixels + i] - middle) * chrominance_scale;
    values[i] = held(y + kRedOfCr * cr);
    values[pixels + i] = held(y - kGreenOfCb * cb - kGreenOfCr * cr);
    values[2 * pixels + i] = held(y + kBlueOfCb * cb);
  }
}

}  // namespace parotis::dicom
