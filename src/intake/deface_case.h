// The face removed from a case: one region on the case's grid, emptied in every channel. What outlines mark stays.
#pragma once

#include <vector>

#include "base/conditions.h"
#include "base/json.h"
#include "dataset/case.h"

namespace parotis::intake {

struct CaseDefacing {
  base::Json provenance;                // "removed": whether; "voxels": how many
  std::vector<base::Finding> findings;  // face_kept

  bool removed() const { return provenance.value("removed", false); }
};

// Takes the face from the channel that shows it best, T2 and T1C before the others. Nothing is changed where no channel
// shows a head with its front. Throws kRefused (deface_failed) where that cannot be told.
CaseDefacing DefaceCase(dataset::Case& examination);

}  // namespace parotis::intake
