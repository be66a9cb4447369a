// Datasets in DCMTK's form to bytes and back. Private to this folder.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>

class DcmDataset;
class DcmFileFormat;

namespace parotis::dimse {

// Encodes it in that transfer syntax and hands it out piece by piece; the last one may be empty. Throws kInput when it
// cannot be encoded so.
void Encode(DcmDataset& dataset, const std::string& transfer_syntax,
            const std::function<void(std::span<const std::byte> piece, bool last)>& take);

// What was received in that transfer syntax, read within the bounds of dicom/guarded_stream.h; null when it cannot be.
std::unique_ptr<DcmFileFormat> Decode(const std::string& bytes, const std::string& transfer_syntax);

}  // namespace parotis::dimse
