// How a channel is shown at first, and how finely it is kept for that.
#pragma once

#include <array>
#include <string>

#include "image/volume.h"

namespace parotis::view {

struct ChannelScale {
  std::array<float, 2> window;  // the values that are shown black and white
  float step = 1;    // ADC: 1 µm²/s, other quantities 1/32767 of their greatest value, images 1/4096 of window
  std::string unit;  // "µm²/s"; "" where there is none
};
ChannelScale ScaleOf(const std::string& channel, const image::Volume& volume);

}  // namespace parotis::view
