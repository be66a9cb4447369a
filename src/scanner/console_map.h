// The ADC map that a scanner's console makes of its own images.
#pragma once

#include "physics/scan.h"

namespace parotis::scanner {

// Of two b-values Examination::adc; of more the ordinary log-linear fit of all averages up to b high, in um2/s and
// whole numbers, blanked where the former is.
image::Volume ConsoleAdc(const physics::Examination& examination);

}  // namespace parotis::scanner
