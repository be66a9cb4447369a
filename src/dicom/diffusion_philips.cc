#include "dicom/diffusion_readers.h"

namespace parotis::dicom {

void ReadPhilipsDiffusion(const FrameItems& items, DiffusionClaims& claims) {
  DcmItem& dataset = *items.dataset;
  claims.AddB(Number(dataset, tag::kPhilipsBFactor), "(2001,xx03)", Trust::kPrivate);
  // "I": the average over directions that the scanner makes of a set.
  if (Code(dataset, tag::kPhilipsDirection) == "I") claims.trace = true;
  const auto right_left = Number(dataset, tag::kPhilipsGradientRl);
  const auto front_back = Number(dataset, tag::kPhilipsGradientAp);
  const auto foot_head = Number(dataset, tag::kPhilipsGradientFh);
  if (!right_left || !front_back || !foot_head) return;
  claims.AddDirection(image::Vector3{*right_left, *front_back, *foot_head}, GradientFrame::kPatient, "(2005,xxb0)");
}

}  // namespace parotis::dicom
