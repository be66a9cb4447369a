// T1, T2 or something else: the physics of the sequence and the words for it, each as points for an answer.
#pragma once

#include <string>
#include <vector>

#include "dicom/series.h"
#include "intake/evidence.h"

namespace parotis::intake {

enum class WeightingKind { kT1, kT2, kOther };

struct Weighting {
  WeightingKind kind = WeightingKind::kOther;
  std::string reason;        // "T2-weighted (TE 104 ms, TR 5660 ms)"
  std::vector<Term> terms;   // what spoke for `kind`
  std::string contradicted;  // where physics is clear and the description says the other: a phrase; else ""
};

// Physics gives 6 points inside the limits of routine head-and-neck imaging at 1.5 and 3 T,
//   T2: spin echo, TE ≥ 60 ms, TR ≥ 1000 ms, no inversion or one that nulls fat (TI ≤ 350 ms, then TE ≥ 25 ms)
//   T1: spin echo, TE ≤ 40 ms, TR ≤ 1300 ms; spoiled gradient echo, TE ≤ 12 ms; inversion-prepared, TI 350 … 1500 ms,
//   TE ≤ 40 ms
// and 2 at their edges (T2: TE 45 … 60 ms, TR ≥ 2000 ms; T1: TE ≤ 25 ms, TR ≤ 2000 ms). Between them lies proton
// density, as do gradient echoes of short TR with a flip angle of 4° and less. Long inversion times are FLAIR. The
// description's word gives 3, the protocol's 2 where the description has none. An answer needs 3 points more than any
// other.
Weighting WeightingOf(const dicom::Series& series);

// By an attribute, by being the water image of a Dixon acquisition, or by words.
bool FatSuppressed(const dicom::Series& series);
bool FatSuppressed(const dicom::Series& series, const dicom::SeriesVolume& volume);

}  // namespace parotis::intake
