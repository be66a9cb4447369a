// Paints a patient: skin, fat, muscles, bones, airway, spine, glands, vessels, nodes, and the tumours in the glands.
// The regions are in anatomy_*.cc; scene.h says in which order they go.
#pragma once

#include "phantom/painter.h"
#include "phantom/patient.h"

namespace parotis::phantom {

TissueMap PaintPatient(const Patient& patient, const image::Geometry& grid, const HeadPose& pose);

}  // namespace parotis::phantom
