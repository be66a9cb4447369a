// What one instance says it is: enough to file it, and no more. For files that strangers sent.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "dicom/tags.h"

class DcmItem;

namespace parotis::dicom {

struct InstanceIdentity {
  std::string study_uid, series_uid, sop_class_uid, sop_instance_uid, transfer_syntax_uid;
  bool own_result = false;  // an object that this program made (dicom/derived_object.h)
};

// Digits in groups with single dots between, at most 64 characters (PS3.5 9.1). Groups that begin with 0, which the
// standard forbids and scanners write, are let pass.
bool IsUid(std::string_view text);

// The UID as it is written, without padding, so that nothing that only looks like one becomes one; "" when it is
// missing or none.
std::string UidOf(DcmItem& item, const Tag& tag);

// Whether this program made the object (dicom/derived_object.h).
bool IsOwnResult(DcmItem& dataset);

// Where the dataset begins in a file with preamble and file meta information (PS3.10 7.1); absent when it has none.
std::optional<std::uint64_t> StartOfDataset(const std::filesystem::path& file);

// SHA-256 of how the dataset is encoded and of its bytes, 64 hexadecimal digits: the same whoever wrote the file meta
// information before it, which names the sender. Throws kIo.
std::string HashOfDataset(const std::filesystem::path& file, const std::string& transfer_syntax_uid);

// Throws kInput with one sentence when it cannot be read or one of its UIDs is missing or none.
InstanceIdentity IdentityOfInstance(const std::filesystem::path& file);

}  // namespace parotis::dicom
