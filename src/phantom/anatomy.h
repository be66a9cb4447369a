// Paints a patient: skin, fat, muscles, bones, airway, spine, glands, vessels, nodes, and the tumours in the glands.
#pragma once

#include "phantom/painter.h"
#include "phantom/patient.h"

namespace parotis::phantom {

TissueMap PaintPatient(const Patient& patient, const image::Geometry& grid, const HeadPose& pose);

}  // namespace parotis::phantom
