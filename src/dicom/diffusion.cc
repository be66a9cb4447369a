#include "dicom/diffusion.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "dicom/csa.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

// Below this a gradient direction carries no meaning.
constexpr double kLowestDirectionalB = 10;
constexpr double kGeBias = 1e9;
constexpr int kGeCombinedImage = 15;  // (0043,1030): average over directions

bool ContainsCode(const std::vector<std::string>& codes, std::initializer_list<const char*> wanted) {
  return std::any_of(codes.begin(), codes.end(), [&](const std::string& code) {
    return std::any_of(wanted.begin(), wanted.end(), [&](const char* each) { return code == each; });
  });
}

bool StartsWith(const std::string& text, const char* prefix) { return text.rfind(prefix, 0) == 0; }

// The number after the last "b" of a Siemens-style sequence name, and what follows it.
struct SequenceToken {
  double b_value = 0;
  std::string rest;
};

std::optional<SequenceToken> ParseSequenceToken(const std::string& name) {
  const auto at = name.find("ep_b");
  if (at == std::string::npos) return std::nullopt;
  const std::size_t first = at + 4;
  std::size_t end = first;
  while (end < name.size() && end - first < 6 && std::isdigit(static_cast<unsigned char>(name[end])) != 0) ++end;
  if (end == first) return std::nullopt;
  return SequenceToken{std::stod(name.substr(first, end - first)), name.substr(end)};
}

void SetBValue(Diffusion& diffusion, std::optional<double> value, const char* source) {
  if (diffusion.b_value_s_mm2 || !value || *value < 0) return;
  diffusion.b_value_s_mm2 = value;
  diffusion.b_value_source = source;
}

void SetDirection(Diffusion& diffusion, const std::optional<image::Vector3>& direction, bool in_patient_frame) {
  if (!diffusion.direction_key.empty() || !direction) return;
  const double length = image::Norm(*direction);
  if (length < 0.5 || length > 2) return;
  const auto& d = *direction;
  diffusion.direction_key = fmt::format("{:.4f} {:.4f} {:.4f}", d[0] / length, d[1] / length, d[2] / length);
  if (in_patient_frame) diffusion.gradient_world = {d[0] / length, d[1] / length, d[2] / length};
}

// MR Diffusion macro (PS3.3 C.8.13.5.9), or the same attributes in the dataset of a classic image.
void ReadStandard(const FrameItems& items, Diffusion& diffusion) {
  const Tag& group = tag::kMrDiffusionSequence;
  DcmItem& values = items.With(group, tag::kDiffusionBValue);
  SetBValue(diffusion, Number(values, tag::kDiffusionBValue), "(0018,9087)");
  DcmItem& directionality = items.With(group, tag::kDiffusionDirectionality);
  const std::string kind = Code(directionality, tag::kDiffusionDirectionality);
  if (kind == "ISOTROPIC") diffusion.trace = true;
  if (kind == "DIRECTIONAL" || kind == "BMATRIX" || kind == "ISOTROPIC") diffusion.evidence = true;
  DcmItem* macro = items.Group(group);
  DcmItem* nested = SequenceItem(macro != nullptr ? macro : items.dataset, tag::kDiffusionGradientDirectionSequence);
  DcmItem& holder = nested != nullptr ? *nested : *items.dataset;
  SetDirection(diffusion, Vector(holder, tag::kDiffusionGradientOrientation), /*in_patient_frame=*/true);
}

void ReadSiemens(const FrameItems& items, Diffusion& diffusion) {
  DcmItem& dataset = *items.dataset;
  SetBValue(diffusion, Number(dataset, tag::kSiemensBValue), "(0019,xx0c)");
  SetDirection(diffusion, Vector(dataset, tag::kSiemensGradientDirection), /*in_patient_frame=*/true);
  if (diffusion.b_value_s_mm2) return;
  const auto csa = ReadCsa(dataset);
  if (!csa) return;
  const std::vector<double> b_values = CsaNumbers(*csa, "B_value");
  if (!b_values.empty()) SetBValue(diffusion, b_values.front(), "CSA header");
  const std::vector<double> direction = CsaNumbers(*csa, "DiffusionGradientDirection");
  if (direction.size() == 3) {
    SetDirection(diffusion, image::Vector3{direction[0], direction[1], direction[2]}, /*in_patient_frame=*/true);
  }
}

// (0043,1039) exists in images that are not diffusion-weighted, too: only echo-planar ones are believed.
void ReadGe(const FrameItems& items, Diffusion& diffusion) {
  DcmItem& dataset = *items.dataset;
  if (!ContainsCode(Codes(dataset, tag::kScanningSequence), {"EP"})) return;
  const auto stored = Number(dataset, tag::kGeSlopIntegers);
  if (stored) SetBValue(diffusion, BValueFromGe(*stored), "(0043,xx39)");
  if (Number(dataset, tag::kGeRawDataType) == kGeCombinedImage) diffusion.trace = true;
  const auto x = Number(dataset, tag::kGeGradientX);
  const auto y = Number(dataset, tag::kGeGradientY);
  const auto z = Number(dataset, tag::kGeGradientZ);
  // In the frame of the scan's own axes, so it only tells directions apart.
  if (x && y && z) SetDirection(diffusion, image::Vector3{*x, *y, *z}, /*in_patient_frame=*/false);
}

void ReadPhilips(const FrameItems& items, Diffusion& diffusion) {
  DcmItem& dataset = *items.dataset;
  SetBValue(diffusion, Number(dataset, tag::kPhilipsBFactor), "(2001,xx03)");
  if (Code(dataset, tag::kPhilipsDirection) == "I") diffusion.trace = true;
}

// The effective b-value; (0065,xx0a) is only the nominal one.
void ReadUih(const FrameItems& items, Diffusion& diffusion) {
  DcmItem& dataset = *items.dataset;
  SetBValue(diffusion, Number(dataset, tag::kUihBValue), "(0065,xx09)");
  SetDirection(diffusion, Vector(dataset, tag::kUihGradientDirection), /*in_patient_frame=*/false);
}

// Canon writes the direction as a remark: "b=1500(-0.445,-0.895,0.000)".
void ReadRemark(const FrameItems& items, Diffusion& diffusion) {
  const std::string remark = CleanText(RawText(*items.dataset, tag::kImageComments));
  if (!StartsWith(remark, "b=")) return;
  const auto open = remark.find('(');
  SetBValue(diffusion, ParseNumber(remark.substr(2, open == std::string::npos ? open : open - 2)), "image comments");
  if (diffusion.direction_key.empty() && open != std::string::npos) diffusion.direction_key = remark.substr(open);
}

void ReadSequenceName(const FrameItems& items, Diffusion& diffusion) {
  const std::string name = Code(*items.dataset, tag::kSequenceName);
  SetBValue(diffusion, BValueFromSequenceName(name), "sequence name");
  const auto token = ParseSequenceToken(name);
  if (!token) return;
  diffusion.evidence = true;
  if (StartsWith(token->rest, "t")) diffusion.trace = true;
  if (diffusion.direction_key.empty() && StartsWith(token->rest, "#")) diffusion.direction_key = token->rest;
}

}  // namespace

Diffusion ReadDiffusion(const FrameItems& items, const std::string& manufacturer) {
  Diffusion diffusion;
  const auto made_by = [&](const char* name) { return manufacturer.find(name) != std::string::npos; };
  if (made_by("UIH") || made_by("UNITED IMAGING")) ReadUih(items, diffusion);
  ReadStandard(items, diffusion);
  if (made_by("SIEMENS")) ReadSiemens(items, diffusion);
  if (made_by("GE ")) ReadGe(items, diffusion);
  if (made_by("PHILIPS")) ReadPhilips(items, diffusion);
  ReadSequenceName(items, diffusion);
  ReadRemark(items, diffusion);

  const auto image_type = Codes(*items.dataset, tag::kImageType);
  const auto frame_type = Codes(items.With(tag::kMrImageFrameTypeSequence, tag::kFrameType), tag::kFrameType);
  if (ContainsCode(image_type, {"TRACEW", "TRACE"}) || ContainsCode(frame_type, {"TRACEW", "TRACE"}))
    diffusion.trace = true;
  if (ContainsCode(image_type, {"DIFFUSION"}) || ContainsCode(frame_type, {"DIFFUSION"})) diffusion.evidence = true;
  if (diffusion.b_value_s_mm2.value_or(0) > 0 || diffusion.trace) diffusion.evidence = true;
  if (diffusion.trace || diffusion.b_value_s_mm2.value_or(0) < kLowestDirectionalB) {
    diffusion.gradient_world.reset();
    diffusion.direction_key.clear();
  }
  return diffusion;
}

double BValueFromGe(double stored) { return std::fmod(stored, kGeBias); }

std::optional<double> BValueFromSequenceName(const std::string& name) {
  const auto token = ParseSequenceToken(name);
  if (!token) return std::nullopt;
  const std::string& rest = token->rest;
  if (rest.empty() || rest == "t" || rest.front() == '#') return token->b_value;
  return std::nullopt;
}

}  // namespace parotis::dicom
