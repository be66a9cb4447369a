// The magnetic field that a head makes of the scanner's: what air, bone and dental metal do to it, after shimming.
#pragma once

#include <vector>

#include "image/volume.h"
#include "image/warp.h"
#include "phantom/painter.h"
#include "phantom/patient.h"
#include "phantom/tissue.h"

namespace parotis::physics {

// Volume susceptibility in ppm against water, on `map.grid`.
image::Volume SusceptibilityOf(const phantom::TissueMap& map, const std::vector<phantom::Tissue>& tissues);

// Relative field offset in ppm from a distribution of susceptibility in ppm, B0 along the grid's third axis:
// δ = F⁻¹[ (1/3 − kz²/k²) F[χ] ] (Salomir et al., Concepts Magn Reson B 2003;19B:26; Marques and Bowtell, the same
// 2005;25B:65). The distribution goes on as its border beyond the grid; the grid's axes must be straight.
image::Volume FieldOf(const image::Volume& susceptibility_ppm);

// Takes away what the shim coils can: the constant, linear and quadratic terms in x, y, z that fit the field best
// within `weight` (least squares).
void Shim(image::Volume& field, const image::Volume& weight);

// Field offset in Hz of this patient in this magnet, on a 4-mm grid along the magnet's axes (LPS) around the head's
// origin, shimmed over the watery tissue within 55 mm of the slices' centre.
image::Volume FieldMapHz(const phantom::Patient& patient, const std::vector<phantom::Tissue>& tissues,
                         const phantom::HeadPose& pose, phantom::FieldStrength strength);

// `factor` times a field that is fixed to the head, in the middle of each slice whose fine grid is `fine` (FineGrid),
// after the patient has moved by `motion`: [slices][rows × columns of `fine`].
std::vector<std::vector<float>> FieldOnSlices(const image::Volume& field_hz, const image::Geometry& fine,
                                              const image::AffineMap& motion, double factor);

}  // namespace parotis::physics
