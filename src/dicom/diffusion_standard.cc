#include "dicom/diffusion_readers.h"

namespace parotis::dicom {
namespace {

std::optional<DirectionClaim> FromBMatrix(DcmItem& item) {
  std::array<double, 6> b{};
  const std::array<const Tag*, 6> tags = {&tag::kDiffusionBValueXx, &tag::kDiffusionBValueXy, &tag::kDiffusionBValueXz,
                                          &tag::kDiffusionBValueYy, &tag::kDiffusionBValueYz, &tag::kDiffusionBValueZz};
  for (std::size_t n = 0; n < tags.size(); ++n) {
    const auto value = Number(item, *tags[n]);
    if (!value) return std::nullopt;
    b[n] = *value;
  }
  const auto direction = DirectionOfBMatrix(b);
  if (!direction) return std::nullopt;
  return DirectionClaim{*direction, GradientFrame::kPatient, "(0018,9601)", false, b[0] + b[3] + b[5]};
}

}  // namespace

void ReadStandardDiffusion(const FrameItems& items, DiffusionClaims& claims) {
  const Tag& group = tag::kMrDiffusionSequence;
  claims.AddB(Number(items.With(group, tag::kDiffusionBValue), tag::kDiffusionBValue), "(0018,9087)", Trust::kStandard);
  const std::string kind = Code(items.With(group, tag::kDiffusionDirectionality), tag::kDiffusionDirectionality);
  if (kind == "ISOTROPIC") claims.trace = true;
  if (kind == "DIRECTIONAL" || kind == "BMATRIX") claims.directional = true;
  if (claims.trace || claims.directional) claims.evidence = true;
  if (kind == "NONE") claims.AddB(0.0, "(0018,9075) NONE", Trust::kInferred);

  DcmItem* macro = items.Group(group);
  if (macro == nullptr) macro = SequenceItem(items.dataset, group);
  DcmItem& holder = macro != nullptr ? *macro : *items.dataset;
  DcmItem* nested = SequenceItem(&holder, tag::kDiffusionGradientDirectionSequence);
  claims.AddDirection(Vector(nested != nullptr ? *nested : *items.dataset, tag::kDiffusionGradientOrientation),
                      GradientFrame::kPatient, "(0018,9089)");
  DcmItem* matrix = SequenceItem(&holder, tag::kDiffusionBMatrixSequence);
  if (matrix == nullptr) return;
  if (const auto claim = FromBMatrix(*matrix)) claims.directions.push_back(*claim);
}

}  // namespace parotis::dicom
