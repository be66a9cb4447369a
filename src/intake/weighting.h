// T1, T2 or something else: from the physics of the sequence; from words only where echo and repetition time are
// missing.
#pragma once

#include <string>

#include "dicom/series.h"

namespace parotis::intake {

enum class WeightingKind { kT1, kT2, kOther };

struct Weighting {
  WeightingKind kind = WeightingKind::kOther;
  std::string reason;  // "T2-weighted (TE 104 ms, TR 5660 ms)"
};

// The limits are those of routine head-and-neck imaging at 1.5 and 3 T:
//   T2: spin echo, TE ≥ 60 ms, TR ≥ 1000 ms, no inversion or one that nulls fat (TI ≤ 350 ms, then TE ≥ 25 ms)
//   T1: spin echo, TE ≤ 40 ms, TR ≤ 1300 ms; spoiled gradient echo, TE ≤ 12 ms; inversion-prepared, TI 350 … 1500 ms,
//   TE ≤ 40 ms
// Between them lies proton density. Long inversion times are FLAIR.
Weighting WeightingOf(const dicom::Series& series);

// By attribute, or by words (fs, fat sat, SPAIR, STIR, Dixon water, …).
bool FatSuppressed(const dicom::Series& series);

}  // namespace parotis::intake
