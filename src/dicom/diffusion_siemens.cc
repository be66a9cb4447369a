#include <algorithm>

#include "dicom/csa.h"
#include "dicom/diffusion_readers.h"
#include "dicom/siemens_items.h"

namespace parotis::dicom {
namespace {

void AddBMatrix(const std::vector<double>& numbers, const char* source, DiffusionClaims& claims) {
  if (numbers.size() != 6) return;
  std::array<double, 6> b{};
  std::copy_n(numbers.begin(), 6, b.begin());
  if (const auto direction = DirectionOfBMatrix(b)) {
    claims.directions.push_back({*direction, GradientFrame::kPatient, source, false, b[0] + b[3] + b[5]});
  }
}

void AddDirectionality(const std::string& kind, DiffusionClaims& claims) {
  if (kind == "DIRECTIONAL" || kind == "BMATRIX") claims.directional = true;
  if (kind == "ISOTROPIC" || kind == "TRACE") claims.trace = true;
  if (claims.directional || claims.trace) claims.evidence = true;
}

void ReadHeaderGroup(DcmItem& dataset, DiffusionClaims& claims) {
  claims.AddB(Number(dataset, tag::kSiemensBValue), "(0019,xx0c)", Trust::kPrivate);
  AddDirectionality(Code(dataset, tag::kSiemensDirectionality), claims);
  claims.AddDirection(Vector(dataset, tag::kSiemensGradientDirection), GradientFrame::kPatient, "(0019,xx0e)");
  AddBMatrix(Numbers(dataset, tag::kSiemensBMatrix), "(0019,xx27)", claims);
}

void ReadSdi(DcmItem& item, DiffusionClaims& claims) {
  claims.AddB(Number(item, tag::kSiemensSdiBValue), "(0021,xx05)", Trust::kPrivate);
  AddDirectionality(Code(item, tag::kSiemensSdiDirectionality), claims);
  claims.AddDirection(Vector(item, tag::kSiemensSdiGradientDirection), GradientFrame::kPatient, "(0021,xx46)");
  AddBMatrix(Numbers(item, tag::kSiemensSdiBMatrix), "(0021,xx23)", claims);
}

void ReadCsaDiffusion(const CsaHeader& csa, DiffusionClaims& claims) {
  const std::vector<double> b_values = CsaNumbers(csa, "B_value");
  if (!b_values.empty()) claims.AddB(b_values.front(), "CSA header", Trust::kPrivate);
  const auto kind = csa.find("DiffusionDirectionality");
  if (kind != csa.end() && !kind->second.empty()) AddDirectionality(kind->second.front(), claims);
  const std::vector<double> direction = CsaNumbers(csa, "DiffusionGradientDirection");
  if (direction.size() == 3) {
    claims.AddDirection(image::Vector3{direction[0], direction[1], direction[2]}, GradientFrame::kPatient,
                        "CSA header");
  }
  AddBMatrix(CsaNumbers(csa, "B_matrix"), "B_matrix of the CSA header", claims);
}

}  // namespace

void ReadSiemensDiffusion(const FrameItems& items, DiffusionClaims& claims) {
  ReadHeaderGroup(*items.dataset, claims);
  if (DcmItem* sdi = SiemensSdiItem(items)) ReadSdi(*sdi, claims);
  if (const auto csa = ReadCsa(*items.dataset)) ReadCsaDiffusion(*csa, claims);
}

}  // namespace parotis::dicom
