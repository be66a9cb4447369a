#include "dicom/diffusion_readers.h"
#include "dicom/text.h"

namespace parotis::dicom {

std::optional<CanonRemark> ParseCanonRemark(const std::string& comment) {
  if (!comment.starts_with("b=")) return std::nullopt;
  const auto open = comment.find('(');
  const auto b = ParseNumber(comment.substr(2, open == std::string::npos ? open : open - 2));
  if (!b) return std::nullopt;
  CanonRemark remark{*b, std::nullopt};
  const auto close = comment.find(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return remark;
  image::Vector3 direction{};
  std::size_t at = open + 1;
  for (std::size_t d = 0; d < 3; ++d) {
    const std::size_t end = d < 2 ? comment.find(',', at) : close;
    if (end == std::string::npos || end > close) return remark;
    const auto value = ParseNumber(comment.substr(at, end - at));
    if (!value) return remark;
    direction[d] = *value;
    at = end + 1;
  }
  remark.direction = direction;
  return remark;
}

void ReadCanonDiffusion(const FrameItems& items, DiffusionClaims& claims) {
  const auto remark = ParseCanonRemark(CleanText(RawText(*items.dataset, tag::kImageComments)));
  if (!remark) return;
  claims.AddB(remark->b_value_s_mm2, "image comments", Trust::kPrivate);
  claims.AddDirection(remark->direction, GradientFrame::kCanon, "image comments");
}

}  // namespace parotis::dicom
