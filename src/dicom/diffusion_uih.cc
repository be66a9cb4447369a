#include "dicom/diffusion_readers.h"

namespace parotis::dicom {

// (0065,xx09) is the b-value that was applied, (0065,xx0a) only the one that was asked for, and what (0018,9087) holds
// where it is written.
void ReadUihDiffusion(const FrameItems& items, DiffusionClaims& claims) {
  DcmItem& dataset = *items.dataset;
  const auto effective = Number(dataset, tag::kUihBValue);
  const auto nominal = Number(dataset, tag::kUihNominalBValue);
  if (effective) claims.b_values.push_back({*effective, "(0065,xx09)", Trust::kEffective, nominal});
  if (!effective) claims.AddB(nominal, "(0065,xx0a), nominal", Trust::kPrivate);
  claims.AddDirection(Vector(dataset, tag::kUihGradientDirection), GradientFrame::kImage, "(0065,xx37)");
}

}  // namespace parotis::dicom
