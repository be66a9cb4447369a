// What sites call their series: as the vendors' protocol trees do, and in eight languages.
#pragma once

#include <span>
#include <string>

#include "physics/protocol.h"

namespace parotis::scanner {

struct Names {
  const char* language;       // "en", …; of a vendor's protocol tree "vendor"
  const char* character_set;  // in which a scanner of that country writes (PS3.3 C.12.1.1.2)
  const char* study;
  const char *localizer, *t2, *t1, *t1c, *diffusion, *adc, *dynamic;
  const char *calibration, *t2_fat_suppressed, *stir_coronal, *reformat, *projection, *subtraction, *brain, *spine,
      *screenshot, *phase;
};

const Names& NamesOfVendor(physics::Vendor vendor);
std::span<const Names> NamesOfLanguages();

}  // namespace parotis::scanner
