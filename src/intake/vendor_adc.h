// Making sure what a vendor's ADC map means before it is used: vendors write 10⁻⁶ mm²/s, 10⁻³ mm²/s, mm²/s and more,
// often without saying so. A map whose unit is doubtful, or that contradicts the diffusion images it was made from, is
// an error.
#pragma once

#include <optional>
#include <string>

#include "image/volume.h"
#include "intake/adc.h"

namespace parotis::intake {

// Our map against the vendor's inside tissue, in the vendor's values.
struct Agreement {
  double correlation = 0;  // Pearson's
  double slope = 0;        // regression of ours on the vendor's, through the means
  std::int64_t voxels = 0;
};

struct CheckedAdc {
  image::Volume adc_um2_s;
  double factor = 1;                   // µm²/s per unit of the file
  std::string how;                     // "unit 10-6 mm2/s, as written; r = 0.9997 with ln(S0/Sb)/b"
  std::optional<Agreement> agreement;  // with the ordinary fit, after conversion; absent without diffusion images
  std::optional<Agreement> agreement_of_weighted;  // with the weighted fit
};

// µm²/s per written unit; absent when the text is not a unit of diffusivity.
std::optional<double> FactorOfUnit(const std::string& unit);

// `fit` may be null: then the unit comes from the text, else from the median of tissue, which must lie in the range of
// living tissue for exactly one unit. With a fit the unit is proven by it, on whatever grid the map lies: it is brought
// to the fit's grid for that, and its own voxels are returned. Throws kRefused (adc_contradicts), naming `name`, when
// the unit stays doubtful, when the map contradicts the fit or when the two do not overlap.
CheckedAdc CheckVendorAdc(const image::Volume& map, const std::string& unit, const DiffusionFit* fit,
                          const std::string& name);

// Of the vendor's map with `ours`, a map of `fit`: inside the body (S0 of the fit above Otsu's threshold), where both
// are positive. The grids must be the same.
Agreement AgreementOf(const image::Volume& vendor, const image::Volume& ours, const DiffusionFit& fit);
Agreement AgreementOf(const image::Volume& vendor, const DiffusionFit& fit);  // with the one that is used

}  // namespace parotis::intake
