#include "dicom/phase_encoding.h"

#include "dicom/csa.h"
#include "dicom/siemens_items.h"

namespace parotis::dicom {
namespace {

void SetPolarity(PhaseEncoding& encoding, bool positive, const char* source) {
  if (encoding.positive) return;
  encoding.positive = positive;
  encoding.polarity_source = source;
}

void ReadPolarity(const FrameItems& items, PhaseEncoding& encoding) {
  DcmItem& dataset = *items.dataset;
  if (DcmItem* sdi = SiemensSdiItem(items)) {
    const auto positive = Number(*sdi, tag::kSiemensSdiPhaseEncodingPositive);
    if (positive) SetPolarity(encoding, *positive != 0, "(0021,xx1c)");
  }
  if (const auto csa = ReadCsa(dataset)) {
    const std::vector<double> positive = CsaNumbers(*csa, "PhaseEncodingDirectionPositive");
    if (!positive.empty()) SetPolarity(encoding, positive.front() != 0, "CSA header");
  }
  const std::string order =
      Code(items.With(tag::kMrFovGeometrySequence, tag::kPhaseEncodeReordering), tag::kPhaseEncodeReordering);
  if (order == "LINEAR" || order == "REVERSE_LINEAR") SetPolarity(encoding, order == "LINEAR", "(0018,9034)");
}

}  // namespace

std::optional<PhaseEncoding> ReadPhaseEncoding(const FrameItems& items) {
  const Tag& attribute = tag::kPhaseEncodingDirection;
  const std::string direction = Code(items.With(tag::kMrFovGeometrySequence, attribute), attribute);
  PhaseEncoding encoding;
  if (direction == "ROW") {
    encoding.axis = 0;
  } else if (direction == "COL" || direction == "COLUMN") {
    encoding.axis = 1;
  } else {
    return std::nullopt;
  }
  ReadPolarity(items, encoding);
  return encoding;
}

}  // namespace parotis::dicom
