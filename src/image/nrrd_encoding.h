// The bytes of a NRRD's values, whatever they were written as, with a bound on what is unpacked. Private to
// image/nrrd.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "image/nrrd_header.h"

namespace parotis::image {

// `bytes`: the values as the file has them, for every encoding but kRaw. Returns at most `limit_bytes` of them in the
// header's byte order, of kText in this machine's. Throws kInput on what is damaged or no number of the type.
std::vector<std::byte> DecodedValues(std::span<const std::byte> bytes, NrrdEncoding encoding, NrrdType type,
                                     std::uint64_t limit_bytes, const std::string& name);

}  // namespace parotis::image
