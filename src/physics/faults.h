// What goes wrong in the examination of one patient.
#pragma once

#include "physics/protocol.h"

namespace parotis::physics {

// Needs the protocol's pose, grids and sequences. Has a random stream of its own.
Faults DrawFaults(const phantom::Patient& patient, const phantom::AcquisitionPriors& priors, const Protocol& protocol);

// A turn by `degrees` about `axis` (a unit vector) through `centre`, then a shift.
image::AffineMap RigidMotion(const image::Vector3& axis, double degrees, const image::Vector3& centre_world,
                             const image::Vector3& shift_mm);

}  // namespace parotis::physics
