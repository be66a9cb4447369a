// base::ParseJson: any text is read, or refused with an Error; what was read is written and read again the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "base/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parotis::base;
  try {
    const Json json = ParseJson({reinterpret_cast<const char*>(data), size}, "input");
    if (ParseJson(DumpJson(json), "again") != json) std::abort();
  } catch (const Error&) {
  }
  return 0;
}
