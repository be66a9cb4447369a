// The private header in which older Siemens scanners keep what DICOM had no attribute for (b-values, the order of a
// mosaic's slices): SV10 ("CSA2") and its predecessor. The bytes are untrusted: every length is checked against what is
// there.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

class DcmItem;

namespace parotis::dicom {

// Element name → its non-empty items as trimmed text.
using CsaHeader = std::map<std::string, std::vector<std::string>>;

// Absent when the bytes are not such a header or break off within it.
std::optional<CsaHeader> ParseCsa(std::span<const std::byte> bytes);

// The image header (0029,xx10) of a dataset; absent when there is none.
std::optional<CsaHeader> ReadCsa(DcmItem& dataset);

// All items of `name` as numbers; empty when it is absent or one is not a number.
std::vector<double> CsaNumbers(const CsaHeader& header, const std::string& name);

struct CsaElement {
  std::string name;
  std::string vr = "DS";
  std::vector<std::string> items;
};
// The bytes of such a header (SV10).
std::string EncodeCsa(const std::vector<CsaElement>& elements);

// The same header (SV10) with nothing but the geometry and the diffusion weighting in numbers: no text, no date, no
// protocol. Empty when `bytes` is no such header or holds none of it.
std::string CsaWithNumbersOnly(std::span<const std::byte> bytes);

}  // namespace parotis::dicom
