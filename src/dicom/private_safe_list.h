// Private attributes that hold physics only and that diffusion images cannot be read without: kept under the Retain
// Safe Private Option (PS3.15 E.3.10) when they hold what they should, and nothing else private is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace parotis::dicom {

enum class SafeKind {
  kNumbers,   // binary numbers, or text that is numbers
  kCode,      // one of the words a diffusion direction can be: DIRECTIONAL, ISOTROPIC, NONE, and I, S, P, A, L, R, O, M
  kSequence,  // cleaned like any other
  kCsa,       // Siemens' header, written anew with its numbers alone (dicom/csa.h)
};

struct SafePrivate {
  std::string_view creator;
  std::uint16_t group = 0;
  std::uint8_t element = 0;  // within the creator's block
  SafeKind kind = SafeKind::kNumbers;
};

std::span<const SafePrivate> PrivateSafeList();
std::optional<SafeKind> SafeKindOf(std::string_view creator, std::uint16_t group, std::uint8_t element);

}  // namespace parotis::dicom
