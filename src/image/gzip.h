// gzip (RFC 1952) and plain deflate data (RFC 1951) in memory, with a bound on what is unpacked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace parotis::image {

bool IsGzip(std::span<const std::byte> bytes);

struct Inflated {
  std::vector<std::byte> bytes;  // at most the limit
  bool complete = false;         // the stream ended and its checksum was right
};

// Unpacks until the end, `limit_bytes` or the end of a cut-off input, whichever comes first. Several members in one
// file are joined. Throws kInput on damaged data.
Inflated Inflate(std::span<const std::byte> bytes, std::uint64_t limit_bytes, const std::string& name);

// Of data without gzip's wrapping and so without a checksum: damage ends it as a cut does.
Inflated InflateRaw(std::span<const std::byte> bytes, std::uint64_t limit_bytes);

// No time stamp and no name inside: equal content gives equal bytes.
std::string Deflate(std::span<const std::byte> bytes);

}  // namespace parotis::image
