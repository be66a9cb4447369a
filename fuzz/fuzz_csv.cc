// base::ParseCsv: any text is read as a rectangle of UTF-8, or refused with an Error.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/csv.h"
#include "base/error.h"
#include "base/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parotis::base;
  try {
    const CsvTable table = ParseCsv({reinterpret_cast<const char*>(data), size}, "input");
    for (const CsvRow& row : table.rows) {
      if (row.cells.size() != table.header.size() || row.line == 0) std::abort();
      for (const std::string& cell : row.cells) (void)Json(cell).dump();  // throws on what is not UTF-8
    }
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInternal) std::abort();
  }
  return 0;
}
