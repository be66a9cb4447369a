// dicom::Utf8FromDicom: any bytes in any character set become clean UTF-8. The input: the set, a line feed, the text.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json.h"
#include "dicom/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parotis;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(input.find('\n'), input.size());
  const std::string_view text = end == input.size() ? std::string_view() : input.substr(end + 1);
  const std::string clean = dicom::Utf8FromDicom(text, std::string(input.substr(0, end)));
  (void)base::Json(clean).dump();  // throws on what is not UTF-8
  for (const char c : clean) {
    if (static_cast<unsigned char>(c) < 0x20) std::abort();
  }
  return 0;
}
