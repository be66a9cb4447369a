// A dataset that arrived, held against the command that announced it before anybody answers for it. Private to this
// folder.
#pragma once

#include <string>

#include "dimse/association.h"

namespace parotis::dimse {

struct Examined {
  Reception verdict = Reception::kStored;
  std::string reason;  // when it is not kStored; without patient data
};

// Reads arrival.file to its end, long values only by their lengths; fills in the study, the series and whose it is, and
// wants class and instance to be those that `arrival` has from the command (PS3.4 table B.2-1).
Examined Examine(Arrival& arrival);

}  // namespace parotis::dimse
