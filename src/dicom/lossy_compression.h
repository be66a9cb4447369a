// Whether an object's pixels were changed by lossy compression, now or before (PS3.3 C.7.6.1.1.5). Private to this
// folder.
#pragma once

#include <optional>
#include <string>

#include "dicom/series.h"

class DcmItem;

namespace parotis::dicom {

// As the attributes say it, methods only where all of them are codes; a dataset that is compressed with loss as it lies
// there was, whatever they say.
std::optional<LossyCompression> ReadLossyCompression(DcmItem& dataset, const std::string& transfer_syntax_uid);
// Into an image that was made of such images (PS3.3 C.8.20.2.2): "00" for none.
void PutLossyCompression(DcmItem& item, const std::optional<LossyCompression>& lossy);

}  // namespace parotis::dicom
